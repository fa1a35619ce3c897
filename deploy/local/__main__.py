"""`python -m deploy.local`: the local stack in the foreground."""

import asyncio
import sys

from deploy.local.errors import StackError
from deploy.local.say import complain
from deploy.local.settings import read_settings
from deploy.local.stack import run


def main() -> int:
    """Read the settings once, and run."""
    try:
        settings = read_settings()
    except StackError as error:
        complain(error)
        return error.exit_code
    return asyncio.run(run(settings))


if __name__ == "__main__":
    sys.exit(main())
