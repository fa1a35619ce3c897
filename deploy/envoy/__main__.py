"""`python -m deploy.envoy`: writes Envoy's configuration and becomes Envoy.

`python -m deploy.envoy drain` lets the one that runs take no new connections, and waits for as long
as calls under way may take; Kubernetes runs it before it ends a pod. `python -m deploy.envoy ready`
says whether it is, for container engines that ask by a command.
"""

import os
import sys
import time

from pydantic import ValidationError

from deploy.envoy import edge, program
from deploy.envoy.settings import EdgeSettings


def main(arguments: list[str]) -> int:
    """Return the exit status: 2 for settings, or where Envoy is not installed."""
    try:
        settings = EdgeSettings()
    except ValidationError as error:
        for problem in error.errors(include_input=False, include_url=False):
            name = "_".join(str(part) for part in problem["loc"]).upper()
            sys.stderr.write(f"HATCHERY_{name}: {problem['msg']}\n")
        return 2
    match arguments:
        case ["drain"]:
            return _drain(settings)
        case ["ready"]:
            return _ready(settings)
        case _:
            return _run(settings)


def _run(settings: EdgeSettings) -> int:
    found = program.find()
    if found is None:
        sys.stderr.write(f"envoy: the wheel {program.WHEEL} is not installed\n")
        return 2
    os.umask(0o077)
    command = program.command(found, edge.written(settings), workers=settings.workers)
    return os.execv(command[0], command)  # noqa: S606  # its own arguments, and no shell


def _ready(settings: EdgeSettings) -> int:
    try:
        return 0 if edge.tell(settings, "GET", "/ready").startswith("LIVE") else 1
    except OSError:
        return 1


def _drain(settings: EdgeSettings) -> int:
    try:
        edge.tell(settings, "POST", "/drain_listeners?graceful&skip_exit")
    except OSError as error:
        sys.stderr.write(f"envoy: does not answer: {error}\n")
        return 1
    time.sleep(settings.stop_grace)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
