"""Cuts a text into words that the tables may know, and finds them by their stems."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from services.avatar.engines.sketch.words.colours import COLOURS

# No sentence needs more, and a megabyte of markup must not cost a second.
_LONGEST = 6000
_MARKUP = re.compile(r"<[^<>]{0,400}>")
# "sea-green" is one word, as a sea has no part in it; "green-eyed" is two.
_SHADED = rf"(?<!-)[^\W_]+-(?i:{'|'.join(word for word in COLOURS if '-' not in word)})(?![^\W_])"
_WORD = re.compile(rf"{_SHADED}|[^\W_]+(?:[’'][a-z]+)?|[.;:!?,]")
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")

PAUSES = {
    "with",
    "who",
    "that",
    "which",
    "in",
    "on",
    "under",
    "from",
    "wearing",
    "holding",
    ".",
    ";",
    ",",
    "!",
    "?",
}


_NOT = {"no", "without", "not", "never", "lost", "isn't", "hasn't"}
Meaning = TypeVar("Meaning")


@dataclass(frozen=True, slots=True)
class Token:
    """A word in lower case, or the species that an emoji shows."""

    word: str
    capital: bool = False
    species: str = ""


def tokens(text: str, emoji: Mapping[str, str], wide: Mapping[str, str]) -> list[Token]:
    """The words of `text` in order; `wide` are words of scripts that put no space between them."""
    plain = _MARKUP.sub(" ", unicodedata.normalize("NFC", text[:_LONGEST]))
    found: list[Token] = []
    signs = re.compile("|".join(re.escape(sign) for sign in (*emoji, *wide)))
    start = 0
    for sign in signs.finditer(plain):
        found += _words(plain[start : sign.start()])
        species = emoji.get(sign[0]) or wide[sign[0]]
        found.append(Token(species, species=species))
        start = sign.end()
    return found + _words(plain[start:])


def _words(text: str) -> list[Token]:
    found: list[Token] = []
    for word in _WORD.findall(text):
        if _WIDE.match(word):
            continue
        token = Token(word.lower().removesuffix("'s").removesuffix("’s"), word[:1].isupper())
        # "midnight blue" is one colour, with or without its hyphen.
        shaded = f"{found[-1].word}-{token.word}" if found else ""
        if shaded in COLOURS:
            found[-1] = Token(shaded, found[-1].capital)
        else:
            found.append(token)
    return found


def stems(word: str) -> Sequence[str]:
    """`word` and what it may be a form of, the likeliest first."""
    forms = [word]
    if word.endswith("ies"):
        forms.append(word[:-3] + "y")
    if word.endswith("ves"):
        forms += [word[:-3] + "f", word[:-3] + "fe"]
    if word.endswith("es"):
        forms.append(word[:-2])
    if word.endswith("s"):
        forms.append(word[:-1])
    if word.endswith("like"):
        forms.append(word[:-4])
    if word.endswith("ly"):
        forms.append(word[:-2])
    return forms


def look_up(word: str, table: Mapping[str, Meaning]) -> Meaning | None:
    """What `word`, or its stem, means in `table`. Short words count in their own form only."""
    for form in stems(word) if len(word) > 3 else (word,):
        if form in table:
            return table[form]
    return None


def denied(words: list[Token], index: int) -> bool:
    """Whether "no" or the like stands right before a word."""
    return any(token.word in _NOT for token in words[max(0, index - 2) : index])
