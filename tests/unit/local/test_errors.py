"""What the operating system says becomes one line that says what to do."""

import errno
from pathlib import Path

import pytest

from deploy.local.errors import DiskFull, StackError, StateUnusable, writing

FOLDER = Path("/somewhere")


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (errno.ENOSPC, DiskFull),
        (errno.EDQUOT, DiskFull),
        (errno.EACCES, StateUnusable),
        (errno.EROFS, StateUnusable),
        (errno.ENOTDIR, StateUnusable),
    ],
)
def test_each_kind_of_failed_write_has_its_error(number: int, expected: type[StackError]) -> None:
    """A full disk and a closed folder are told apart, and both name the way out."""
    with pytest.raises(expected) as caught, writing(FOLDER):
        raise OSError(number, "words", "/somewhere/file")
    line = str(caught.value)
    assert "/somewhere" in line
    assert "HATCHERY_STATE_DIR" in line
    assert "\n" not in line


def test_an_error_is_one_line() -> None:
    """Line breaks in a problem or a hint do not break the line."""
    assert str(StackError("a\nb", "c\n d")) == "a b; c d"
