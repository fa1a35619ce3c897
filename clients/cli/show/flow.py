"""Text that arrives in pieces, each shown at once, and its words whole at a terminal's edge."""

from collections.abc import Callable
from functools import lru_cache

from rich.cells import cell_len

_TAB = "    "


class Flow:
    """Turns pieces of clean text into what is to be written. Pure but for the width."""

    def __init__(self, width: Callable[[], int], column: int = 0) -> None:
        """`width` is that of the terminal by now; `column` is where the text begins."""
        self._width = width
        self._column = column
        self._word = ""  # what the line ends with
        self._shown = 0  # columns of it that are on the terminal

    def feed(self, piece: str) -> str:
        """Return what to write for the next piece."""
        room, written, fresh = max(self._width() - 1, 1), "", ""
        for letter in piece.replace("\t", _TAB):
            size = _columns(letter)
            if letter == "\n":
                written, fresh = written + fresh + "\n", ""
                self._break()
            elif letter == " ":
                fits = self._column < room
                written, fresh = written + fresh + (" " if fits else "\n"), ""
                column = self._column + 1 if fits else 0
                self._break(column)
            else:
                if self._column + size > room:
                    written, fresh = self._wrapped(written, fresh)
                fresh += letter
                self._word += letter
                self._column += size
                if size > 1:  # scripts of wide letters break anywhere
                    written, fresh = written + fresh, ""
                    self._break(self._column)
        self._shown = cell_len(self._word)
        return written + fresh

    def _break(self, column: int = 0) -> None:
        self._column, self._word, self._shown = column, "", 0

    def _wrapped(self, written: str, fresh: str) -> tuple[str, str]:
        """Go on in the next line, with the word that does not fit, unless it is a whole line."""
        length = cell_len(self._word)
        if length >= self._column:
            self._break()
            return written + fresh + "\n", ""
        back = "\b" * self._shown + " " * self._shown
        self._column, self._shown = length, 0
        return f"{written}{back}\n", self._word


@lru_cache(maxsize=4096)
def _columns(letter: str) -> int:
    return cell_len(letter)
