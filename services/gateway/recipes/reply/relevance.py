"""Which of many texts fit a message: words that they share, the rarer the better. Pure."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from math import log
from typing import TypeVar

Thing = TypeVar("Thing")

_WORD = re.compile(r"\w+")
# Words that say nothing of what a message is about; English, as most are.
_COMMON = frozenset(
    [
        "a",
        "about",
        "all",
        "am",
        "an",
        "and",
        "any",
        "are",
        "as",
        "at",
        "be",
        "because",
        "been",
        "but",
        "by",
        "can",
        "could",
        "did",
        "do",
        "does",
        "don",
        "for",
        "from",
        "get",
        "go",
        "had",
        "has",
        "have",
        "he",
        "her",
        "him",
        "his",
        "how",
        "i",
        "if",
        "in",
        "is",
        "it",
        "its",
        "just",
        "like",
        "me",
        "my",
        "no",
        "not",
        "now",
        "of",
        "off",
        "on",
        "or",
        "our",
        "out",
        "please",
        "she",
        "should",
        "so",
        "some",
        "t",
        "tell",
        "than",
        "that",
        "the",
        "their",
        "them",
        "then",
        "there",
        "these",
        "they",
        "thing",
        "this",
        "to",
        "too",
        "up",
        "us",
        "very",
        "was",
        "we",
        "were",
        "what",
        "when",
        "where",
        "which",
        "who",
        "why",
        "will",
        "with",
        "would",
        "yes",
        "you",
        "your",
        "yours",
        "s",
        "re",
        "ve",
        "ll",
        "m",
        "d",
    ]
)
# Endings that a word may have and mean the same, as far as one that knows no grammar can tell.
_STEM = 5
# What is read of a long text, in characters.
_READ = 2000


def significant(text: str) -> list[str]:
    """The words of a text that say what it is about, each once, in lower case."""
    words = (word for word in _WORD.findall(text.casefold()) if word not in _COMMON)
    return list(dict.fromkeys(words))


def ranked(
    query: str, things: Sequence[Thing], *, key: Callable[[Thing], str]
) -> list[tuple[Thing, float]]:
    """Those that share a word with the query, with how well they fit, 0 to 1, the best first."""
    wanted = {_stem(word) for word in significant(query)}
    if not wanted:
        return []
    stems = [{_stem(word) for word in significant(key(thing)[:_READ])} for thing in things]
    count = Counter(stem for own in stems for stem in own & wanted)
    rare = {stem: log(1 + len(things) / count[stem]) if count[stem] else 0.0 for stem in wanted}
    # What nobody says anything of is wanted as well.
    most = sum(rare.values()) + log(1 + len(things)) * sum(not count[stem] for stem in wanted)
    scores = [sum(rare[stem] for stem in own & wanted) / most if most else 0.0 for own in stems]
    found = [(thing, score) for thing, score in zip(things, scores, strict=True) if score > 0]
    return sorted(found, key=lambda one: -one[1])


def _stem(word: str) -> str:
    return word[:_STEM]
