"""Finds who a sentence is about: "a witch with a black cat" is a witch, "a knight fox" is a fox.

Of several nouns in one part of a sentence the one of the highest rank counts: a creature before a
faint one, that before a person, and a trade only where there is nobody else.
"""

from collections.abc import Mapping, Sequence

from services.avatar.engines.sketch.tokens import Token, look_up
from services.avatar.engines.sketch.words.trades import TRADES

# Words after which a sentence speaks of something else than its subject.
_ASIDE = frozenset(
    (
        *("with", "who", "that", "which", "whose", "where", "in", "on", "under", "from", "of"),
        *("at", "for", "by", "near", "like", "to", "beside", "against", "inside", "through"),
        *("wearing", "holding", "carrying", "riding", "guarding", "living", "reading", "sitting"),
        *("loves", "love", "likes", "hunts", "and", "made", "dreaming", "afraid", "playing"),
        *(".", ";", ":", "!", "?", ","),
    )
)
_PEOPLE = {"human"}
# Nouns that are as often scenery or a name as they are somebody.
_FAINT = {
    "star",
    "moon",
    "sun",
    "flower",
    "cloud",
    "flame",
    "drop",
    "tree",
    "crystal",
    "sprout",
    "pumpkin",
    "golem",
}
_CREATURE, _SCENERY, _PERSON, _TRADE, _NAMELESS = 5, 4, 3, 2, 1
_ARTICLES = {"a", "an", "the", "little", "tiny", "small", "one", "young", "old", "living"}


def protagonist(said: Sequence[Token], kind: Sequence[Token], nouns: Mapping[str, str]) -> str:
    """Who the sentence and the species of its appearance are about; empty if they do not say.

    Where the sentence begins with a creature or a person it is that one, and the species chooses
    among equals: "a frog wizard" is a frog. Else the species counts before those whom the sentence
    speaks of further on: an owl "who talks to frogs" is an owl.
    """
    begin = next(filter(None, _parts(said)), [])
    rank, names = _named(begin, True, nouns)
    told = subject(kind, nouns)
    if rank >= _PERSON:
        return told if told in names else names[-1]
    return (told if told != "critter" else "") or subject(said, nouns) or told


def subject(words: Sequence[Token], nouns: Mapping[str, str]) -> str:
    """The species named by the first part of the sentence that names one; empty if none does."""
    nameless = ""
    for number, part in enumerate(_parts(words)):
        rank, names = _named(part, number == 0, nouns)
        if rank > _NAMELESS:
            return names[-1]
        if rank == _NAMELESS:
            nameless = "critter"
    return nameless


def _named(part: list[Token], first: bool, nouns: Mapping[str, str]) -> tuple[int, list[str]]:
    """The highest rank of those that a part names, and the species of that rank in order."""
    found = (_candidate(part, index, first and not index, nouns) for index in range(len(part)))
    ranked = [candidate for candidate in found if candidate]
    best = max((rank for rank, _ in ranked), default=0)
    return best, [name for rank, name in ranked if rank == best]


def _parts(words: Sequence[Token]) -> list[list[Token]]:
    parts: list[list[Token]] = [[]]
    skip = False
    for index, token in enumerate(words):
        ahead = [later.word for later in words[index + 1 : index + 3]]
        if (
            token.word in {"who", "that", "which"}
            and ahead[:1]
            and ahead[0] in {"is", "was"}
            and ahead[1:]
            and ahead[1] in {"a", "an", "really", "secretly"}
        ):
            skip = True
            continue
        if token.word in _ASIDE and not skip:
            parts.append([])
        else:
            skip = False
            parts[-1].append(token)
    return parts


def _candidate(
    part: list[Token], index: int, first: bool, nouns: Mapping[str, str]
) -> tuple[int, str] | None:
    token = part[index]
    before = part[index - 1].word if index else ""
    if token.species:
        return _SCENERY if token.species in _FAINT else _CREATURE, token.species
    if before in {"named", "called", "meet"}:
        return None
    pair = look_up(f"{before} {token.word}", nouns)
    if pair:
        return _CREATURE, pair
    name = look_up(token.word, nouns)
    if name is None:
        return (_TRADE, "human") if look_up(token.word, TRADES) else None
    if name == "critter":
        return _NAMELESS, name
    if name in _PEOPLE:
        return _PERSON, name
    if name == "ghost" and token.word == "spirit":
        return _PERSON if index else _SCENERY, name
    if name in _FAINT:
        lone = token.capital and before not in _ARTICLES and not first
        return None if lone else (_SCENERY, name)
    return _CREATURE, name
