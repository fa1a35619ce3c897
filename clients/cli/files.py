"""Names of files, and the folders in the state folder that they are kept in."""

import re
import unicodedata
from pathlib import Path

from clients.cli.home import Home
from clients.cli.wording import clean


def file_name(title: str, resource: str, otherwise: str) -> str:
    """Return "marisol-1a2b3c4d" for a title and `agents/1a2b3c4d-…`, whatever the title is."""
    folded = unicodedata.normalize("NFKD", clean(title)).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "-", folded.lower()).strip("-")[:40].strip("-")
    return f"{words or otherwise}-{resource.rpartition('/')[2][:8]}"


def kept_folder(home: Home, name: str) -> Path:
    """Return a folder in the state folder, which is there. Raises OSError, StackError."""
    home.state.prepare()
    folder = home.state.root / name
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder
