"""Reads colours: of coat, eyes and parts, each by the noun that it stands before."""

from services.avatar.engines.sketch.read_things import pair_at
from services.avatar.engines.sketch.tokens import PAUSES, Token, denied, look_up
from services.avatar.engines.sketch.words.colours import ELEMENTS, colour_of
from services.avatar.engines.sketch.words.things import thing_words
from services.avatar.engines.sketch.words.trades import TRADES

_COAT = {
    "fur",
    "coat",
    "scales",
    "scale",
    "scaled",
    "feathers",
    "feather",
    "feathered",
    "skin",
    "skinned",
    "plumage",
    "body",
    "shell",
    "furred",
    "fleece",
    "wool",
    "petals",
    "metal",
    "leaves",
}


_PARTS = {
    "wing": "wings",
    "wings": "wings",
    "winged": "wings",
    "hair": "hair",
    "haired": "hair",
    "mane": "hair",
    "beard": "hair",
    "belly": "belly",
    "chest": "belly",
    "stripes": "mark",
    "striped": "mark",
    "spots": "mark",
    "spotted": "mark",
    "tail": "mark",
    "dress": "dress",
    "robe": "dress",
    "robes": "dress",
    "gown": "dress",
    "coat": "dress",
    "tunic": "dress",
    "shirt": "dress",
    "jacket": "dress",
}


_EYES = {"eyes", "eye", "eyed"}
_COUNTS = {"third": 3, "three": 3, "3": 3, "triple": 3, "four": 4, "4": 4, "many": 4}


def count_eyes(words: list[Token]) -> int:
    """How many eyes the text gives, 0 if it does not say."""
    for index, token in enumerate(words):
        if token.word not in _EYES or denied(words, index):
            continue
        for before in reversed(words[max(0, index - 3) : index]):
            if before.word in PAUSES or before.word == "and":
                break
            if before.word in _COUNTS:
                return _COUNTS[before.word]
    return 0


def dyes(words: list[Token], index: int) -> bool:
    """Whether a word is only the colour of what is named behind it: "sandy brown feathers"."""
    if not colour_of(words[index].word):
        return False
    behind = words[index + 1 : index + 4]
    until = next((i for i, token in enumerate(behind) if token.word in PAUSES), len(behind))
    return any(
        token.word in _EYES or token.word in _COAT or token.word in _PARTS
        for token in behind[:until]
    )


def read_colours(
    words: list[Token], nouns: dict[str, str], species: str
) -> tuple[tuple[str, ...], str, dict[str, str]]:
    """Coat colours, eye colour and colours of parts, each by the noun that it stands before."""
    coat: list[str] = []
    eyes = ""
    parts: dict[str, str] = {}
    things = thing_words()
    for index, token in enumerate(words):
        colour = colour_of(token.word) or ELEMENTS.get(token.word)
        following = words[index + 1].word if index + 1 < len(words) else "."
        if not colour or colour_of(following):
            continue
        target = _target(words, index, nouns, things)
        if target == "eyes":
            eyes = eyes or colour
        elif target == "coat" or (target == "cap" and species == "mushroom"):
            coat.append(colour)
        elif target:
            parts.setdefault(target, colour)
    return tuple(dict.fromkeys(coat)), eyes, parts


def _target(words: list[Token], index: int, nouns: dict[str, str], things: dict[str, str]) -> str:
    """What the colour at `index` is the colour of: the coat, the eyes, a part or a thing."""
    for ahead, token in enumerate(words[index + 1 : index + 6], start=index + 1):
        word = token.word
        if word in PAUSES and word != ",":
            return ""
        pair, _ = pair_at(words, ahead)
        if pair:
            return pair
        if word in _EYES:
            return "eyes"
        species = token.species or look_up(word, nouns)
        if species in {"flower", "star"} and word != species:
            return ""
        if species or word in TRADES or word in _COAT:
            return "coat"
        named = _PARTS.get(word) or look_up(word, things)
        if named:
            return named
    return ""
