"""A JSON document as it is written: its top-level properties as growing texts. Pure.

A string grows with its text, a list of strings with its items joined by ", ". Any other value is
told as JSON once it is whole. What was told is never taken back.
"""

import json
from collections.abc import Callable
from typing import Any

import jiter

from services.llm.schema import pointer

Say = Callable[[str, str], None]


class Deltas:
    """Reads a document piece by piece and says what is new, field by field."""

    def __init__(self, say: Say) -> None:
        """`say` gets the JSON pointer of a property and the text to append to it."""
        self.text = ""
        self._say = say
        self._said: dict[str, str] = {}

    def feed(self, piece: str) -> None:
        """Takes the next piece of the document."""
        self.text += piece
        try:
            document = jiter.from_json(self.text.encode(), partial_mode="trailing-strings")
        except ValueError:
            # In the midst of an escape, or no JSON at all: the end will tell.
            return
        if isinstance(document, dict):
            self._tell(document, whole=False)

    def end(self) -> Any:
        """The whole document, all of it said. Raises ValueError when it is not JSON."""
        document = jiter.from_json(self.text.encode())
        if isinstance(document, dict):
            self._tell(document, whole=True)
        return document

    def _tell(self, document: dict[str, Any], *, whole: bool) -> None:
        last = next(reversed(document), None)
        for name, value in document.items():
            text = _shown(value, whole=whole or name != last)
            said = self._said.get(name, "")
            if text.startswith(said) and text != said:
                self._said[name] = text
                self._say(pointer(name), text.removeprefix(said))


def _shown(value: Any, *, whole: bool) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list) and value and all(isinstance(item, str) for item in value):
        return ", ".join(value)
    return json.dumps(value, ensure_ascii=False) if whole else ""
