"""A log's end becomes an error where trying again would not help."""

import json
from pathlib import Path

import pytest

from deploy.local import explain
from deploy.local.errors import DiskFull, MissingPart, PortTaken, StackError, StateDamaged

AT = Path("/state")

LOGS = [
    (
        "initdb: error: could not write to file: No space left on device",
        DiskFull,
        "the disk that holds /state is full",
    ),
    (
        'PANIC:  could not write to file "pg_wal/xlogtemp.7": No space left on device',
        DiskFull,
        "the disk that holds /state is full",
    ),
    (
        "ImportError: libgomp.so.1: cannot open shared object file: No such file or directory",
        MissingPart,
        "apt-get install libgomp1",
    ),
    (
        "postgres: error while loading shared libraries: libz.so.1: cannot open shared object"
        " file: No such file or directory",
        MissingPart,
        "the shared library libz.so.1 is not installed",
    ),
    (
        "PANIC:  could not locate a valid checkpoint record at 0/1",
        StateDamaged,
        "could not locate a valid checkpoint record",
    ),
    (
        'LOG:  could not bind IPv4 address "127.0.0.1": Address already in use',
        PortTaken,
        "its port was taken",
    ),
]


@pytest.mark.parametrize(("log", "kind", "words"), LOGS)
def test_a_known_cause_is_named(log: str, kind: type[StackError], words: str) -> None:
    """The error has the right class, and its line the words that help."""
    found = explain.known(f"before\n{log}\nafter\n", AT)
    assert type(found) is kind
    assert words in str(found)


@pytest.mark.parametrize("log", ["", "Traceback (most recent call last):\nKeyError: 'a'", "LOG: x"])
def test_an_unknown_cause_is_not_guessed(log: str) -> None:
    """What is not known may be gone at the next try."""
    assert explain.known(log, AT) is None


@pytest.mark.parametrize(
    ("log", "expected"),
    [
        ("", "it said nothing"),
        ("Traceback:\n  File x\nKeyError: 'a'\n", "KeyError: 'a'"),
        ("10:00 UTC [1] FATAL:  no\n10:00 UTC [1] LOG:  database system is shut down\n", "no"),
        (json.dumps({"level": "info", "event": "cannot load"}) + "\n", "cannot load"),
        ("[1, 2]\n", "[1, 2]"),
    ],
)
def test_the_last_words_are_the_reason(log: str, expected: str) -> None:
    """Remarks after a reason, and the wrapping of a structured line, are left out."""
    assert explain.last_words(log) == expected


def test_how_a_process_ended_is_said_in_words() -> None:
    """A signal is named, a code is a number."""
    assert explain.ending(-9) == "killed by SIGKILL"
    assert explain.ending(3) == "exit code 3"


def test_only_the_last_run_of_a_log_counts(tmp_path: Path) -> None:
    """What an earlier run left in the same file explains nothing."""
    log = tmp_path / "a.log"
    log.write_text("No space left on device\n")
    start = log.stat().st_size
    with log.open("a") as file:
        file.write("new\n")
    assert explain.tail(log, start) == "new\n"
    assert explain.tail(tmp_path / "missing", 0) == ""
