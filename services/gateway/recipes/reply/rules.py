"""What the words of a message tell without a model: what is wanted, and what is worth keeping.

Pure, and for English alone. It stands in where a model is too small, or its output does not hold.
"""

import re
from collections.abc import Mapping, Sequence

from hatchery.types.v1.thought_pb2 import Analysis

from services.gateway.recipes.reply.action import Action
from services.gateway.recipes.reply.relevance import significant
from services.gateway.recipes.talk import Said

_ASKS = re.compile(
    r"\?\s*$|^\s*(who|what|when|where|which|why|how|is|are|do|does|did|can|could|will|would)\b",
    re.IGNORECASE,
)
_WANTS = re.compile(
    r"^\s*(please|can you|could you|would you|tell|show|give|write|draw|paint|sing|make|help|"
    r"remember|call|change|explain|let's)\b|\bplease\b",
    re.IGNORECASE,
)
# What people say of themselves that still holds tomorrow.
_LASTING = re.compile(
    r"\b(my (name|birthday|favou?rite|job|work|home|town|wife|husband|partner|son|daughter|child|"
    r"children|kids?|mother|mom|mum|father|dad|sister|brother|friend|boss|cat|dog|pet|hobby|dream)s?"
    r"\b.{0,40}\b(is|are|was|called|lives?|works?)"
    r"|i(?:'m| am) (a|an|from|called|allergic|\d+)"
    r"|i (really )?(love|like|hate|dislike|prefer|live|work|study|play|collect|speak|have an?)\b"
    r"|call me|remember (that|this|my)|don't forget|keep in mind)",
    re.IGNORECASE,
)
# What is said around it, to have it kept.
_ASKED = re.compile(
    r"^(?:please,? )?(?:remember|don't forget|keep in mind)(?: that |: ?)(?=\S)", re.IGNORECASE
)
_SENTENCE = re.compile(r"[^.!?\n]+[.!?]*")
_MOST_KEPT, _LONGEST = 4, 300
# The longest summary, and the longest line of it, in characters.
_SUMMARY, _LINE = 1500, 120


def analysis_of(text: str, actions: Mapping[str, Action]) -> Analysis:
    """What a message wants, by its words."""
    if _ASKS.search(text):
        intent = Analysis.INTENT_QUESTION
    elif _WANTS.search(text):
        intent = Analysis.INTENT_REQUEST
    else:
        intent = Analysis.INTENT_CHAT
    wanted = [name for name, one in actions.items() if one.cue and one.cue.search(text)]
    return Analysis(intent=intent, wanted=wanted, keywords=significant(text)[:12])


def lasting(text: str) -> list[str]:
    """The sentences of a message that are worth keeping, as they were said but for the asking."""
    sentences = (" ".join(found.split()) for found in _SENTENCE.findall(text))
    kept = (
        sentence
        for sentence in sentences
        if len(sentence) <= _LONGEST and not sentence.endswith("?") and _LASTING.search(sentence)
    )
    return list(dict.fromkeys(_ASKED.sub("", sentence) for sentence in kept))[:_MOST_KEPT]


def summary_of(summary: str, messages: Sequence[Said]) -> str:
    """A summary that goes on with how each of the person's messages began."""
    lines = [line for line in summary.splitlines() if line.strip()]
    for one in messages:
        if one.by_person:
            first = " ".join(one.text.split())
            lines.append(f"- {first if len(first) <= _LINE else first[: _LINE - 1] + '…'}")
    # The latest are what is asked about.
    while len(lines) > 1 and sum(len(line) + 1 for line in lines) > _SUMMARY:
        lines.pop(0)
    return "\n".join(lines)
