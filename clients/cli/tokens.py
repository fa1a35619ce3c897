"""A bearer token that is kept up to date in a file."""

import re
import time
from pathlib import Path

from clients.cli.problems import Problem

# What a bearer token is made of (RFC 6750), and pauses until one that is being written is there.
_TOKEN = re.compile(r"[A-Za-z0-9\-._~+/]+=*")
_REREAD = (0.1, 0.4)


def read(path: Path) -> str:
    """Return the token in a file, which may just be written. Raises Problem."""
    for pause in (*_REREAD, None):
        try:
            token = path.read_bytes().decode(errors="replace").strip()
        except OSError as error:
            raise Problem(f"cannot read the token in {path}") from error
        if _TOKEN.fullmatch(token):
            return token
        if pause is None or token:
            break
        time.sleep(pause)
    raise Problem(f"there is no token in {path}")
