"""The injection cases: what is planted, where, and what it tries."""

import base64
import codecs
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import chain, repeat
from pathlib import Path

# How long a flood is, in characters: the field with the least room for it takes so many.
_FLOOD = 1500
_WAYS: Mapping[str, Callable[[str], str]] = {
    "": lambda text: text,
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "rot13": lambda text: codecs.encode(text, "rot13"),
    "long": lambda text: text * (_FLOOD // len(text)),
}


@dataclass(frozen=True)
class Case:
    """One hostile text, and the carrier in which it stands."""

    family: str
    tries: str
    carrier: str
    written: str
    text: str
    number: int

    @property
    def id(self) -> str:
        """What a test is called."""
        return f"{self.number:03}-{self.family}-{self.carrier}".replace(" ", "_")

    @property
    def tag(self) -> str:
        """A word that stands in this case's text alone, by which it is found wherever it goes."""
        return f"heed{self.number:03}"

    def filled(self, values: Mapping[str, str]) -> str:
        """The text with names in their places, as it is written."""
        text = self.text
        for name, value in values.items():
            text = text.replace(f"%{name}%", value)
        return _WAYS[self.written](text)

    def planted(self, values: Mapping[str, str]) -> str:
        """What is put into the carrier: the text with its tag around it, about the tides."""
        return f"{self.tag} {self.filled(values)} tides {self.tag}"


def _read() -> list[Case]:
    families = tomllib.loads((Path(__file__).parent / "cases.toml").read_text())["family"]
    found = chain.from_iterable(
        zip(repeat(family), repeat(carrier), [texts] if isinstance(texts, str) else texts)
        for family in families
        for carrier, texts in family["cases"].items()
    )
    return [
        Case(family["name"], family["tries"], carrier, family.get("written", ""), text, number)
        for number, (family, carrier, text) in enumerate(found, 1)
    ]


CASES = _read()
