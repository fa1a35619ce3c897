"""A companion's model that a test plays: it thinks in documents, and says what it is told to."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.e2e.browser.pen import Pen
from tests.integration.llm.ollama_double import Line, end, piece

PERSONA = {
    "name": "Tolly",
    "species": "water dragon",
    "traits": ["shy", "curious", "kind"],
    "mood": "gentle",
    "coat": "smooth teal scales",
    "eyes": "large amber eyes",
    "outfit": "round reading glasses and a knitted scarf",
    "backstory": (
        "Tolly hatched between two shelves of a library by the sea. By day it mends torn pages, and"
        " by night it reads them. It dreams of a book that nobody has finished yet."
    ),
    "greeting": "Oh! Hello. I was just reading about rain. Do you like rain?",
}


@dataclass
class Mind:
    """What it thinks of the next messages, and what it says to them."""

    pen: Pen
    reply: str = "Oh, hello. It is good that you are here."
    intent: str = "chat"
    request: str = "talk a little"
    keywords: Sequence[str] = ("tea", "rain")
    # The actions that a message asks for, each with what it is done with.
    acts: Sequence[tuple[str, Mapping[str, str]]] = ()
    reasons: Mapping[str, str] = field(default_factory=dict)
    memories: Sequence[str] = ()
    summary: str = "They talked about rain, and about a library by the sea."
    # What it answers to a document instead, by a property of it.
    broken: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.pen.double.answering = self.answer

    def forget(self) -> None:
        """It thinks as it did in the beginning, and at its usual speed."""
        self.__dict__.update(Mind(self.pen).__dict__)
        self.pen.double.answering = self.answer
        self.pen.beat = 0.02
        self.pen.hold(None)

    def answer(self, asked: Line) -> str | Sequence[Line]:
        """What a chat is answered with."""
        if schema := asked.get("format"):
            return self._document(schema["properties"])
        words = re.findall(r"\s*\S+", self.reply)
        return [*map(piece, words), end(eval_count=len(words))]

    def _document(self, properties: Mapping[str, Any]) -> str:
        for name, text in self.broken.items():
            if name in properties:
                return text
        thought = {
            **PERSONA,
            "intent": self.intent,
            "request": self.request,
            "wanted": [name for name, _ in self.acts],
            "keywords": list(self.keywords),
            "actions": [self._action(properties, *one) for one in self.acts],
            "memories": list(self.memories),
            "summary": self.summary,
        }
        return json.dumps({name: thought[name] for name in properties})

    def _action(
        self, properties: Mapping[str, Any], name: str, given: Mapping[str, str]
    ) -> dict[str, Any]:
        if "actions" not in properties:
            return {}
        arguments = properties["actions"]["items"]["properties"]["arguments"]["properties"]
        return {
            "action": name,
            "arguments": {one: given.get(one, "") for one in arguments},
            "reason": self.reasons.get(name, ""),
        }
