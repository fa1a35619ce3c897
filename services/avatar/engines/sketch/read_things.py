"""Reads what is worn, held and borne."""

from services.avatar.engines.sketch.brief import Thing
from services.avatar.engines.sketch.tokens import PAUSES, Token, denied, look_up, stems
from services.avatar.engines.sketch.words.colours import colour_of
from services.avatar.engines.sketch.words.slots import slots
from services.avatar.engines.sketch.words.things import CLOTHES, HATS, LOOKS, PAIRS, thing_words
from services.avatar.engines.sketch.words.trades import TRADES

# What an emoji of somebody else than the subject adds to it.
_SHOWN = {"flame": "fire_breath", "star": "stars", "flower": "flower", "crystal": "gem"}
_OWN = {"flower": "flower", "sunflower": "flower", "star": "stars", "mushroom": "cap"}
_WORN = ("hat", "face", "neck", "chest", "shoulders")


def read_things(words: list[Token], species: str) -> tuple[Thing, ...]:
    """What the text names, each once, and after it what the trades in it bring along."""
    table = thing_words()
    worn = frozenset[str]().union(*(slots()[slot] for slot in _WORN))
    clothes = CLOTHES | {word for word, name in table.items() if name in worn}
    named: dict[str, Thing] = {}
    implied: dict[str, None] = {}
    read_to = 0
    for index, token in enumerate(words):
        if index < read_to or denied(words, index):
            continue
        if token.species:
            if token.species in _SHOWN and token.species != species:
                named.setdefault(_SHOWN[token.species], Thing(_SHOWN[token.species]))
            continue
        pair, length = pair_at(words, index)
        name = pair or look_up(token.word, table)
        # A striped scarf makes no striped cat.
        if name and not (token.word in LOOKS and _is_of(clothes, words, index)):
            thing = _as_described(name, words, index, table)
            named.setdefault(thing.name, thing)
        if pair:
            read_to = index + length
        else:
            implied |= dict.fromkeys((look_up(token.word, TRADES) or "").split())
    # A flower holds no flower, and a mushroom's cap is its own.
    named.pop(_OWN.get(species, ""), None)
    brought = (Thing(name, implied=True) for name in implied if name not in named)
    return (*named.values(), *brought)[:9]


def pair_at(words: list[Token], index: int) -> tuple[str, int]:
    """The thing that three or two words mean together, and how many; empty if they mean none."""
    for length in (3, 2):
        together = " ".join(token.word for token in words[index : index + length])
        if together in PAIRS:
            return PAIRS[together], length
    return "", 1


def _as_described(name: str, words: list[Token], index: int, table: dict[str, str]) -> Thing:
    """The thing at `index` with the colour, cut and pattern that are said right before it."""
    before: list[str] = []
    for token in reversed(words[max(0, index - 4) : index]):
        known = token.word in LOOKS or token.word in HATS
        if token.word in PAUSES or token.word in {"and", "a", "an", "the", "eyes"}:
            break
        if look_up(token.word, table) and not known:
            break
        before.append(token.word)
    if name in {"hat", "cap"}:
        name = next((HATS[word] for word in before if word in HATS), name)
    return Thing(
        name,
        next(filter(None, map(colour_of, before[:3])), ""),
        looks=frozenset(LOOKS[word] for word in before if word in LOOKS),
    )


def _is_of(clothes: frozenset[str], words: list[Token], index: int) -> bool:
    """Whether the word at `index` describes clothes that are named behind it."""
    for token in words[index + 1 : index + 4]:
        if token.word in PAUSES or token.word == "and":
            return False
        if any(form in clothes for form in stems(token.word)):
            return True
    return False
