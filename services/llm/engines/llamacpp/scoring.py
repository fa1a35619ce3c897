"""Which candidate of a part is the best. Pure."""

import re
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, field

from hatchery.llm.v1.llm_service_pb2 import Scoring

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_RUN = 4

# Words that say nothing about what a text is about, and those that a sentence does not end with.
_FILLING = """
about after all also always before being could did do does each even ever every had has have he her
hers him his how in it its just like made make makes many may me more most much never no not now off
on once one only other out over own she so some such than them then there these they this those
through too under until up upon very was way we were what when where which while who whose why will
with would you your been can
"""
_HANGING_WORDS = """
a an and any are as at be because but by every for from his if into is its my of onto or our some
than that the their to until upon very which whose with your
"""
_HANGING = frozenset(_HANGING_WORDS.split())
_COMMON = frozenset(_FILLING.split()) | _HANGING | {"i"}


def words(text: str) -> list[str]:
    """The words of a text, folded."""
    return [word.casefold() for word in _WORD.findall(text)]


def significant(text: str) -> frozenset[str]:
    """The words that say what a text is about."""
    return frozenset(w for w in words(text) if w not in _COMMON and len(w) > 2)


@dataclass(frozen=True)
class Judge:
    """Scores candidates for the next part of one value."""

    weights: Scoring
    keywords: Set[str]
    known_names: Set[str]
    example_runs: Set[tuple[str, ...]] = frozenset()
    avoid: Set[str] = field(default_factory=frozenset)

    def score(self, value: str, part: str) -> float:
        """0 to 1: how well `part` continues `value`, as a share of the best possible score."""
        weights = self.weights
        measures = (
            (weights.unique_words, self._unique(value, part)),
            (weights.keywords, self._keywords(value + " " + part)),
            (weights.stray_names, _few(self._strays(part))),
            (weights.copied, _few(len(runs(part) & self.example_runs))),
            (weights.avoided, _few(sum(word in self.avoid for word in words(part)))),
        )
        total = sum(weight for weight, _ in measures)
        share = sum(w * measure for w, measure in measures) / total if total else 1.0
        return share * (0.5 if _hangs(part) else 1.0)

    def _unique(self, value: str, part: str) -> float:
        written = [w for w in words(part) if w not in _COMMON]
        before = set(words(value))
        fresh = set(written) - before
        return len(fresh) / len(written) if written else 0.0

    def _keywords(self, text: str) -> float:
        stems = {_stem(word) for word in words(text)}
        found = sum(_stem(keyword) in stems for keyword in self.keywords)
        return found / len(self.keywords) if self.keywords else 1.0

    def _strays(self, part: str) -> int:
        # The first word of a sentence is capitalised anyhow.
        inside = re.sub(r"(^|[.!?]\s+)[\"“']?\w+", r"\1", part)
        capitals = re.findall(r"\b[A-Z][\w'’]*", inside)
        return sum(
            word.casefold().removesuffix("'s") not in self.known_names
            for word in capitals
            if word != "I" and not word.startswith("I'")
        )


def runs(text: str) -> frozenset[tuple[str, ...]]:
    """All runs of four words in a text."""
    said = words(text)
    return frozenset(tuple(said[i : i + _RUN]) for i in range(len(said) - _RUN + 1))


def all_runs(texts: Iterable[str]) -> frozenset[tuple[str, ...]]:
    """All runs of four words in some texts, and each text of fewer words as a whole."""
    found: set[tuple[str, ...]] = set()
    for text in texts:
        found |= runs(text)
    return frozenset(found)


def whole_sentences(text: str) -> str:
    """The text up to the end of its last whole sentence; empty when there is none."""
    ends = [m.end() for m in re.finditer(r"[.!?…][\"”’')]*(?=\s|$)", text)]
    return text[: ends[-1]] if ends else ""


def best(scored: Sequence[tuple[float, str]]) -> str:
    """The text with the highest score, the first of equals."""
    return max(scored, key=lambda pair: pair[0])[1]


def _few(count: int) -> float:
    return 1.0 / (1 + count)


def _hangs(part: str) -> bool:
    said = words(part)
    return not said or said[-1] in _HANGING


def _stem(word: str) -> str:
    """A word without the commonest endings, so that "loved" and "loves" are one."""
    for ending in ("ing", "ed", "es", "s", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word.removesuffix(ending)
    return word
