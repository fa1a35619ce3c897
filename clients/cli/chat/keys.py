"""Keys that are typed while a companion speaks: they wait, and do not show in its reply."""

import contextlib
import sys
import termios
from collections.abc import Iterator


@contextlib.contextmanager
def unseen() -> Iterator[None]:
    """Keep the terminal from showing keys until the block ends; Ctrl-C is still Ctrl-C."""
    try:
        number = sys.stdin.fileno()
        before = termios.tcgetattr(number)
    except (OSError, ValueError, termios.error):  # standard input is no terminal
        yield
        return
    silent = [*before]
    silent[3] &= ~termios.ECHO
    try:
        termios.tcsetattr(number, termios.TCSADRAIN, silent)
        yield
    finally:
        termios.tcsetattr(number, termios.TCSADRAIN, before)
