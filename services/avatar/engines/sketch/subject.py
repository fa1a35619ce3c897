"""Finds who a sentence is about: "a witch with a black cat" is a witch, "a knight fox" is a fox."""

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
_ARTICLES = {"a", "an", "the", "little", "tiny", "small", "one", "young", "old", "living"}


def subject(words: Sequence[Token], nouns: Mapping[str, str]) -> str:
    """The species named by the first part of the sentence that names one; empty if none does."""
    nameless = ""
    for number, part in enumerate(_parts(words)):
        found = (_candidate(part, index, number + index == 0, nouns) for index in range(len(part)))
        ranked = [candidate for candidate in found if candidate]
        best = max((rank for rank, _ in ranked), default=0)
        if best > 1:
            return [name for rank, name in ranked if rank == best][-1]
        if best == 1:
            nameless = "critter"
    return nameless


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
        return 4, token.species
    if before in {"named", "called", "meet"}:
        return None
    pair = look_up(f"{before} {token.word}", nouns)
    if pair:
        return 4, pair
    name = look_up(token.word, nouns)
    if name is None:
        return (2, "human") if look_up(token.word, TRADES) else None
    if name == "critter":
        return 1, name
    if name in _PEOPLE:
        return 2, name
    if name == "ghost" and token.word == "spirit":
        return 3 - bool(index), name
    if name in _FAINT:
        lone = token.capital and before not in _ARTICLES and not first
        return None if lone else (3, name)
    return 4, name
