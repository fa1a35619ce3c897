"""From what a process left in its log to one line that a person can act on."""

import json
import re
import signal
from collections.abc import Callable
from pathlib import Path

from deploy.local.errors import MissingPart, PortTaken, StackError, StateDamaged, disk_full

TAIL_BYTES = 16_384

Explain = Callable[[re.Match[str], Path], StackError]


def _no_libgomp(_: re.Match[str], __: Path) -> StackError:
    return MissingPart(
        "libgomp is not installed, and the embedded language model needs it",
        "install it with your package manager (Debian, Ubuntu: apt-get install libgomp1)",
    )


def _no_library(found: re.Match[str], _: Path) -> StackError:
    return MissingPart(
        f"the shared library {found[1]} is not installed", "install it with your package manager"
    )


def _damaged(found: re.Match[str], folder: Path) -> StackError:
    return StateDamaged(
        f"the data in {folder} is damaged: {found[1]}",
        "restore it, or move it away to start afresh",
    )


KNOWN: tuple[tuple[re.Pattern[str], Explain], ...] = (
    (re.compile(r"No space left on device|Disk quota exceeded"), lambda _, at: disk_full(at)),
    (re.compile(r"libgomp\S*: cannot open shared object"), _no_libgomp),
    (re.compile(r"(\S+\.so[.\d]*): cannot open shared object"), _no_library),
    (
        re.compile(r"could not bind .* address|Address already in use|error bind\w* to"),
        lambda _, __: PortTaken("its port was taken by another program", "try again"),
    ),
    (
        re.compile(
            r"(?:FATAL|PANIC):\s+((?:could not locate a valid checkpoint|control file|"
            r"invalid .*checkpoint|incorrect checksum|database files are incompatible|"
            r"required WAL directory|could not (?:open|read) file \"(?:global|base|pg_)).*)"
        ),
        _damaged,
    ),
)


def known(text: str, folder: Path) -> StackError | None:
    """Return the error behind a log's `text`, where trying again would not help."""
    for pattern, explanation in KNOWN:
        if found := pattern.search(text):
            return explanation(found, folder)
    return None


def last_words(text: str) -> str:
    """Return the last line that says something; of a JSON line, its event."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    # After its reason, Postgres adds remarks: the reason is what we want.
    severe = [line for line in lines if re.search(r"\b(FATAL|PANIC|critical)\b|Error:", line)]
    line = (severe or lines or ["it said nothing"])[-1]
    try:
        event = json.loads(line)
        line = str(event.get("error") or event["event"])
    except (ValueError, KeyError, TypeError, AttributeError):
        pass
    return re.sub(r"^.*?\b(?:FATAL|PANIC):\s+", "", line)[:300]


def ending(code: int) -> str:
    """Say how a process ended."""
    if code < 0:
        return f"killed by {signal.Signals(-code).name}"
    return f"exit code {code}"


def tail(log: Path, start: int) -> str:
    """Return the end of a log, from byte `start` on at the earliest."""
    try:
        with log.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(start, size - TAIL_BYTES))
            return file.read().decode(errors="replace")
    except OSError:
        return ""
