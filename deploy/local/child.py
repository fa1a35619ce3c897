"""The last step before a process of the stack: tie its life to the supervisor's, then become it.

Run as a file with `python -I -S child.py PARENT SIGNAL USER -- PROGRAM ARGUMENTS…`, so that it
costs little and imports nothing of ours. USER is `uid:gid`, or `-` to stay who we are.

Linux: the kernel sends SIGNAL when the supervisor dies (PR_SET_PDEATHSIG), and this process is
replaced by the program. Elsewhere it stays as the program's parent, and looks.
"""

from __future__ import annotations

import os
import select
import signal
import sys

TYPE_CHECKING = False  # typing would cost more than all else here
if TYPE_CHECKING:
    from collections.abc import Callable

PR_SET_PDEATHSIG = 1
LOOK_EVERY = 0.5  # seconds; only a supervisor's sudden death is seen by looking


def main(arguments: list[str]) -> int:
    """Become the program, or watch over it."""
    parent, number, user = int(arguments[0]), int(arguments[1]), arguments[2]
    program = arguments[arguments.index("--") + 1 :]
    tie = _death_signal_setter()
    if user != "-":
        uid, gid = map(int, user.split(":"))
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    if tie is None:
        return _watch(parent, number, program)
    tie(number)  # after setuid, which clears it
    if os.getppid() != parent:
        return 128 + number  # the supervisor died while we got here
    return _become(program)


def _become(program: list[str]) -> int:
    try:
        os.execv(program[0], program)  # noqa: S606  # what the supervisor was built to run
    except OSError as error:
        sys.stderr.write(f"cannot run {program[0]}: {error.strerror}\n")
        sys.stderr.flush()
    return 127


def _death_signal_setter() -> Callable[[int], object] | None:
    """Return a function that asks the kernel for the signal; None where it cannot be asked."""
    if sys.platform != "linux":
        return None
    try:
        import ctypes  # noqa: PLC0415  # some Pythons are built without it

        prctl = ctypes.CDLL(None, use_errno=True).prctl
    except (ImportError, OSError, AttributeError):
        return None
    return lambda number: prctl(PR_SET_PDEATHSIG, number, 0, 0, 0)


def _watch(parent: int, number: int, program: list[str]) -> int:
    """Run the program as a child: pass signals on to it, and end it when `parent` is gone."""
    reading, writing = os.pipe()
    for end in (reading, writing):
        os.set_blocking(end, False)
    signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    pid = 0

    def pass_on(received: int, _frame: object) -> None:
        if pid:
            os.kill(pid, received)

    for passed in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT):
        signal.signal(passed, pass_on)
    signal.signal(signal.SIGCHLD, lambda *_: None)  # only to wake up
    pid = os.fork()
    if pid == 0:
        signal.set_wakeup_fd(-1)
        for passed in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT, signal.SIGCHLD):
            signal.signal(passed, signal.SIG_DFL)
        os._exit(_become(program))
    asked = False
    while True:
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            code = os.waitstatus_to_exitcode(status)
            return code if code >= 0 else 128 - code
        if not asked and os.getppid() != parent:
            asked = True
            os.kill(pid, number)
        if select.select([reading], [], [], LOOK_EVERY)[0]:
            os.read(reading, 512)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
