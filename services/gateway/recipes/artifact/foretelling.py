"""What the length of a text depends on, as far as its prompt tells. Pure."""

import re
from collections.abc import Sequence
from math import log

from hatchery.gateway.v1.artifact_service_pb2 import CreateArtifactRequest

from services.gateway.reducer.length import Prior

# Lengths that people ask for, in words; English, as most prompts are.
_UNITS = {
    "word": 1,
    "line": 8,
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
    rf"\b(\d{{1,5}}|{'|'.join(_NUMBERS)})[\s-]+(?:(?:short|long|brief)[\s-]+)?({'|'.join(_UNITS)})s?\b",
    re.IGNORECASE,
)
# A text of so many words, and a prompt of so many characters, are where the features are 0.
_USUAL_WORDS, _USUAL_PROMPT = 200.0, 80.0
_TOKENS_PER_WORD = 1.4

# What a text has by itself; per factor of what was asked for; that something was; the prompt.
TEXT = Prior((log(400.0), 1.0, log(_TOKENS_PER_WORD * _USUAL_WORDS / 400.0), 0.1), 0.8)
APP = Prior((log(1500.0), 0.0, 0.0, 0.2), 0.6)


def features(request: CreateArtifactRequest) -> Sequence[float]:
    """One; the logarithm of the words asked for; whether any were; that of the prompt's length."""
    words = asked_words(request.prompt)
    return (
        1.0,
        log(words / _USUAL_WORDS) if words else 0.0,
        1.0 if words else 0.0,
        log(max(len(request.prompt), 1) / _USUAL_PROMPT),
    )


def asked_words(prompt: str) -> int:
    """How many words a prompt asks for, as in "200 words" or "three paragraphs"; 0 if unsaid."""
    found = _ASKED.search(prompt)
    if found is None:
        return 0
    number = found[1].lower()
    return (_NUMBERS.get(number) or int(number)) * _UNITS[found[2].lower()]
