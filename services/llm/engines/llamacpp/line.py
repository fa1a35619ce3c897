"""A value as it is written: what is said of it is never taken back. Pure."""

from collections.abc import Callable

from services.llm.engines.llamacpp.scoring import whole_sentences


class Line:
    """Says a text as it grows, holding back what may still be trimmed."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self.text = ""
        self._held = ""
        self._say = say

    def add(self, text: str, *, sentences: bool = False) -> None:
        """Adds more; with `sentences`, only whole ones are said."""
        self._held += text
        if not self.text:
            self._held = self._held.lstrip()
        ready = whole_sentences(self._held) if sentences else self._held.rstrip()
        if ready:
            self._held = self._held[len(ready) :]
            self.text += ready
            self._say(ready)

    def end(self) -> None:
        """Drops what was held back."""
        self._held = ""
