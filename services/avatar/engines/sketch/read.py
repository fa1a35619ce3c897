"""Reads a description: species, colours, eyes, things, place and mood.

The sentence of the person counts first, then the fields of the appearance. All that comes out are
names and colours of our own tables; no word of the text goes any further.
"""

from services.avatar.engines.sketch.brief import Brief, Thing
from services.avatar.engines.sketch.subject import subject
from services.avatar.engines.sketch.tokens import Token, look_up, tokens
from services.avatar.engines.sketch.words.colours import COLOURS, ELEMENTS
from services.avatar.engines.sketch.words.moods import mood_words
from services.avatar.engines.sketch.words.nouns import species_emoji, species_words
from services.avatar.engines.sketch.words.places import implied_places, place_words
from services.avatar.engines.sketch.words.things import PAIRS, thing_words
from services.avatar.engines.sketch.words.trades import TRADES
from services.avatar.port import PortraitRequest

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
    "cap",
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
_PAUSES = {
    "with",
    "who",
    "that",
    "which",
    "in",
    "on",
    "under",
    "from",
    "wearing",
    "holding",
    ".",
    ";",
    ",",
    "!",
    "?",
}
_SMALL = {"tiny", "small", "little", "baby", "miniature", "pocket", "wee", "young", "petite"}
_LARGE = {
    "giant",
    "huge",
    "enormous",
    "big",
    "large",
    "massive",
    "towering",
    "colossal",
    "gigantic",
    "mighty",
}
_OLD = {
    "old",
    "ancient",
    "elderly",
    "aged",
    "grandfather",
    "grandmother",
    "grandpa",
    "grandma",
    "granny",
    "bearded",
}
_NOT = {"no", "without", "not", "never", "lost", "isn't", "hasn't"}


def read(request: PortraitRequest) -> Brief:
    """Understands what it can; what it cannot is left to the lot."""
    looks = request.appearance
    emoji, words = species_emoji(), species_words()
    wide = {word: name for word, name in words.items() if ord(word[0]) > 0x2E80}
    said = tokens(request.prompt, emoji, wide)
    fields = [
        tokens(text, emoji, wide)
        for text in (
            looks.species,
            looks.coat,
            looks.eyes,
            looks.outfit,
            looks.mood,
            *looks.colors,
            *looks.features,
        )
    ]
    everything = [*said, Token(".")]
    for part in fields:
        everything += [*part, Token(".")]
    species = (
        subject(said, words) or subject(fields[0], words) or subject(everything, words) or "critter"
    )
    coat, eyes, parts = _colours(everything, words)
    coat = coat or _colours(fields[1], words)[0] or _plain_colours(looks.colors)
    eyes = eyes or next(iter(_plain_colours([looks.eyes])), "")
    elsewhere = {
        word: name for word, name in place_words().items() if look_up(word, words) != species
    }
    place = _first(said, elsewhere) or _first(everything, elsewhere)
    seen = {token.word for token in everything}
    return Brief(
        species=species,
        mood=_first(said, mood_words())
        or _first(fields[4], mood_words())
        or _first(everything, mood_words()),
        place=place or _first(everything, implied_places()),
        place_implied=not place,
        coat=coat,
        eyes=eyes,
        parts=parts,
        things=_things(everything, species),
        small=bool(seen & _SMALL),
        large=bool(seen & _LARGE),
        old=bool(seen & _OLD),
    )


def _first(words: list[Token], table: dict[str, str]) -> str:
    for index, token in enumerate(words):
        if token.species or _denied(words, index):
            continue
        found = look_up(token.word, table)
        if found:
            return found
    return ""


def _denied(words: list[Token], index: int) -> bool:
    return any(token.word in _NOT for token in words[max(0, index - 2) : index])


def _plain_colours(texts: object) -> tuple[str, ...]:
    listed = texts if isinstance(texts, (list, tuple)) else ()
    found = (
        COLOURS.get(word) for text in listed for word in str(text).lower().replace("-", " ").split()
    )
    return tuple(colour for colour in found if colour)


def _colours(
    words: list[Token], nouns: dict[str, str]
) -> tuple[tuple[str, ...], str, dict[str, str]]:
    """Coat colours, eye colour and colours of parts, each by the noun that it stands before."""
    coat: list[str] = []
    eyes = ""
    parts: dict[str, str] = {}
    things = thing_words()
    for index, token in enumerate(words):
        colour = COLOURS.get(token.word) or ELEMENTS.get(token.word)
        following = words[index + 1].word if index + 1 < len(words) else "."
        if not colour or following in COLOURS:
            continue
        target = _target(words, index, nouns, things)
        if target == "eyes":
            eyes = eyes or colour
        elif target == "coat":
            coat.append(colour)
        elif target:
            parts.setdefault(target, colour)
    return tuple(dict.fromkeys(coat)), eyes, parts


def _target(words: list[Token], index: int, nouns: dict[str, str], things: dict[str, str]) -> str:
    fire = words[index].word in ELEMENTS
    for token in words[index + 1 : index + 6]:
        word = token.word
        if word in {"eyes", "eye", "eyed"}:
            return "eyes"
        if word in _PAUSES and word != ",":
            return ""
        if (
            token.species
            or look_up(word, nouns)
            or word in TRADES
            or (word in _COAT and not (word in {"cap", "leaves", "coat"} and fire))
        ):
            return (
                "coat"
                if not (
                    look_up(word, nouns) in {"flower", "star"} and word not in {"flower", "star"}
                )
                else ""
            )
        if word in _PARTS:
            return _PARTS[word]
        thing = look_up(word, things)
        if thing:
            return thing
    return ""


def _things(words: list[Token], species: str) -> tuple[Thing, ...]:
    table = thing_words()
    colours: dict[str, str] = {}
    read_to = 0
    for index, token in enumerate(words):
        if index < read_to or _denied(words, index):
            continue
        following = words[index + 1].word if index + 1 < len(words) else ""
        third = words[index + 2].word if index + 2 < len(words) else ""
        name = PAIRS.get(f"{token.word} {following} {third}") or PAIRS.get(
            f"{token.word} {following}"
        )
        read_to = index + 2 if name else index  # a pair takes both of its words
        name = name or (None if token.species else look_up(token.word, table))
        if name and name not in colours:
            colours[name] = _colour_before(words, index, table)
    implied = (name for token in words for name in (look_up(token.word, TRADES) or "").split())
    clash = {"flower": "flower", "star": "stars", "mushroom": "mushroom"}.get(species)
    named = [Thing(name, colour) for name, colour in colours.items() if name != clash]
    return (
        *named,
        *(Thing(name, implied=True) for name in dict.fromkeys(implied) if name not in colours),
    )[:9]


def _colour_before(words: list[Token], index: int, table: dict[str, str]) -> str:
    for token in reversed(words[max(0, index - 3) : index]):
        if token.word in _PAUSES or token.word in {"and", "a", "an", "the", "eyes"}:
            return ""
        if token.word in COLOURS:
            return COLOURS[token.word]
        if look_up(token.word, table):
            return ""
    return ""
