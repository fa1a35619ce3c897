"""What the length of a text depends on, as far as its prompt tells. Pure."""

import re
from collections.abc import Mapping, Sequence
from math import log

from hatchery.gateway.v1.artifact_service_pb2 import CreateArtifactRequest

from services.gateway.reducer.length import Prior

# Lengths that people ask for, in words; English, as most prompts are.
_UNITS = {
    "word": 1,
    "line": 8,
    "haiku": 15,
    "limerick": 35,
    "sonnet": 110,
    "sentence": 18,
    "verse": 25,
    "stanza": 25,
    "paragraph": 80,
    "page": 400,
}
_NUMBERS = {
    name: number
    for number, names in enumerate(
        ("a one single", "two couple", "three few", "four", "five", "six", "seven", "eight", "nine",
         "ten"), 1)
    for name in names.split()
}  # fmt: skip
_ASKED = re.compile(
    rf"\b(\d{{1,5}}|{'|'.join(_NUMBERS)})[\s-]+"
    rf"(?:(?:short|long|brief)[\s-]+)?({'|'.join(_UNITS)})s?\b",
    re.IGNORECASE | re.ASCII,
)
# Kinds of text, by the words that ask for them, and how much longer they are, as a guess.
_GENRES: Mapping[str, float] = {
    r"\b(story|stories|tale|fable|chapter|scene)\b": 0.4,
    r"\b(poems?|haikus?|sonnets?|songs?|lyrics|limericks?|verses?|rhymes?)\b": 0.0,
    r"\b(lists?|bullet|points|ideas|steps|names?|facts)\b": 0.0,
    r"\b(essay|article|report|letter|speech|guide|review|blog)\b": 0.6,
    r"^\s*(what|who|when|where|which|is|are|does|do|can|how (many|much)|define|name)\b": -0.6,
    r"\b(explain|why|how)\b": 0.0,
}
_ASKS_FOR = [re.compile(words, re.IGNORECASE) for words in _GENRES]
# A text of so many words, and a prompt of so many characters, are where the features are 0.
_USUAL_WORDS, _USUAL_PROMPT = 200.0, 80.0
_TOKENS_PER_WORD = 1.4

# What a text has by itself; per factor of what was asked for; that something was; prompt; genres.
TEXT = Prior(
    (log(400.0), 1.0, log(_TOKENS_PER_WORD * _USUAL_WORDS / 400.0), 0.1, *_GENRES.values()), 0.7
)
APP = Prior((log(1500.0), 0.0, 0.0, 0.2, *(0.0 for _ in _GENRES)), 0.6)


def features(request: CreateArtifactRequest) -> Sequence[float]:
    """One; the logarithm of the words asked for; whether any were; that of the prompt's length.

    Then, for each genre, whether the prompt asks for it.
    """
    words = asked_words(request.prompt)
    return (
        1.0,
        log(words / _USUAL_WORDS) if words else 0.0,
        1.0 if words else 0.0,
        log(max(len(request.prompt), 1) / _USUAL_PROMPT),
        *(1.0 if asks.search(request.prompt) else 0.0 for asks in _ASKS_FOR),
    )


def asked_words(prompt: str) -> int:
    """How many words a prompt asks for, as in "200 words" or "three paragraphs"; 0 if unsaid."""
    found = _ASKED.search(prompt)
    if found is None:
        return 0
    number = found[1].lower()
    return (_NUMBERS.get(number) or int(number)) * _UNITS[found[2].lower()]
