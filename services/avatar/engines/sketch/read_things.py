"""Reads what is worn, held and borne."""

from services.avatar.engines.sketch.brief import Thing
from services.avatar.engines.sketch.tokens import PAUSES, Token, denied, look_up
from services.avatar.engines.sketch.words.colours import colour_of
from services.avatar.engines.sketch.words.things import PAIRS, thing_words
from services.avatar.engines.sketch.words.trades import TRADES


def read_things(words: list[Token], species: str) -> tuple[Thing, ...]:
    """What the text names, each once, and after it what the trades in it bring along."""
    table = thing_words()
    named: dict[str, str] = {}
    implied: dict[str, None] = {}
    read_to = 0
    for index, token in enumerate(words):
        if index < read_to or token.species or denied(words, index):
            continue
        pair = _pair(words, index)
        name = pair or look_up(token.word, table)
        if name:
            named.setdefault(name, _colour_before(words, index, table))
        if pair:
            read_to = index + 2
        else:
            implied |= dict.fromkeys((look_up(token.word, TRADES) or "").split())
    # A flower holds no flower.
    named.pop({"flower": "flower", "sunflower": "flower", "star": "stars"}.get(species, ""), None)
    brought = (Thing(name, implied=True) for name in implied if name not in named)
    return (*(Thing(name, colour) for name, colour in named.items()), *brought)[:9]


def _pair(words: list[Token], index: int) -> str:
    """The thing that two or three words mean together."""
    texts = [token.word for token in words[index : index + 3]]
    return PAIRS.get(" ".join(texts)) or PAIRS.get(" ".join(texts[:2])) or ""


def _colour_before(words: list[Token], index: int, table: dict[str, str]) -> str:
    for token in reversed(words[max(0, index - 3) : index]):
        if token.word in PAUSES or token.word in {"and", "a", "an", "the", "eyes"}:
            return ""
        if colour := colour_of(token.word):
            return colour
        if look_up(token.word, table):
            return ""
    return ""
