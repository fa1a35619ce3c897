"""A program in a terminal of its own, and a person before it."""

import fcntl
import os
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

_TERMINAL = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "NO_COLOR": ""}


class Terminal:
    """What the program showed, and what the person types."""

    def __init__(self, process: "subprocess.Popen[bytes]", master: int) -> None:
        self.process = process
        self.seen = ""
        self._master = master
        self._bytes = b""
        self._read = 0  # letters that were waited for

    def type(self, keys: str) -> None:
        """Type keys; the control characters 3 and 4 are Ctrl-C and Ctrl-D."""
        os.write(self._master, keys.encode())

    def until(self, words: str, seconds: float = 30.0) -> str:
        """Return what was shown since the last time, up to these words."""
        deadline = time.monotonic() + seconds
        while (place := self.seen.find(words, self._read)) < 0:
            left = deadline - time.monotonic()
            assert left > 0, f"{words!r} was not shown: {self.seen[self._read :]!r}"
            if not self._more(left):
                raise AssertionError(f"it ended without {words!r}: {self.seen[self._read :]!r}")
        begun, self._read = self._read, place + len(words)
        return self.seen[begun : self._read]

    def end(self, seconds: float = 30.0) -> int:
        """Return the exit code, once it has ended and all was read."""
        deadline = time.monotonic() + seconds
        while self._more(max(deadline - time.monotonic(), 0.0)):
            assert time.monotonic() < deadline, f"it does not end: {self.seen!r}"
        return self.process.wait(max(deadline - time.monotonic(), 0.1))

    def _more(self, seconds: float) -> bool:
        """Read what there is within some seconds; whether there may be more."""
        ready, _, _ = select.select([self._master], [], [], seconds)
        if not ready:
            return True
        try:
            chunk = os.read(self._master, 65536)
        except OSError:  # the other side is closed
            return False
        self._bytes += chunk
        self.seen = self._bytes.decode(errors="ignore")
        return bool(chunk)


@contextmanager
def terminal(
    command: Sequence[str], environment: Mapping[str, str], *, columns: int = 100, lines: int = 40
) -> Iterator[Terminal]:
    """Run a program in a terminal until the block ends."""
    master, slave = os.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def own() -> None:
        # So that Ctrl-C becomes a signal to it.
        fcntl.ioctl(0, termios.TIOCSCTTY, 0)

    process = subprocess.Popen(
        list(command), stdin=slave, stdout=slave, stderr=slave, close_fds=True,
        env={**environment, **_TERMINAL}, start_new_session=True,
        preexec_fn=own,  # noqa: PLW1509  # no thread of ours is between here and there
    )  # fmt: skip
    os.close(slave)
    try:
        yield Terminal(process, master)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            process.wait(10)
        os.close(master)
