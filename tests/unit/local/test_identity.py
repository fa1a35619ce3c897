"""A process is its pid and its time of birth; nobody else is ever signalled."""

import signal
import subprocess
import time
from collections.abc import Iterator

import pytest

from deploy.local import identity


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    """Yield a live process that ends at SIGTERM."""
    with subprocess.Popen(["/bin/sleep", "60"]) as process:
        yield process
        process.kill()


def test_a_live_process_is_found_by_its_record(sleeper: subprocess.Popen[bytes]) -> None:
    """The record of a live process leads to it."""
    found = identity.find(identity.record("sleeper", sleeper.pid))
    assert found is not None
    assert found.pid == sleeper.pid


def test_a_reused_pid_is_somebody_else(sleeper: subprocess.Popen[bytes]) -> None:
    """The same pid with another time of birth is not found, and is left alone."""
    ours = identity.record("ours", sleeper.pid)
    stale = ours.model_copy(update={"created": ours.created - 3600})
    assert identity.find(stale) is None
    assert identity.end([stale], grace=0.1) == []
    assert sleeper.poll() is None


@pytest.mark.parametrize(
    ("traps", "grace"),
    [
        ("trap '' TERM; trap 'exit' INT", 30.0),
        ("trap '' TERM INT", 0.2),
    ],
)
def test_what_is_ours_is_ended(traps: str, grace: float) -> None:
    """A leftover gets its own stop signal, and is killed when it ignores that."""
    script = f"{traps}; echo up; while :; do sleep 0.05; done"
    with subprocess.Popen(["/bin/sh", "-c", script], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        ours = identity.record("ours", process.pid, signal.SIGINT)
        began = time.monotonic()
        assert identity.end([ours], grace) == ["ours"]
        assert time.monotonic() - began < 10
        assert identity.find(ours) is None


def test_an_ended_process_is_not_found(sleeper: subprocess.Popen[bytes]) -> None:
    """A zombie counts as ended."""
    ours = identity.record("ours", sleeper.pid)
    sleeper.send_signal(signal.SIGKILL)
    identity.end([ours], grace=1)
    assert identity.find(ours) is None
