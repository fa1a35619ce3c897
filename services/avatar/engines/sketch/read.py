"""Reads a description: species, colours, eyes, things, place and mood.

The sentence of the person counts first, then the fields of the appearance. All that comes out are
names and colours of our own tables; no word of the text goes any further.
"""

from services.avatar.engines.sketch.brief import Brief
from services.avatar.engines.sketch.read_colours import count_eyes, dyes, read_colours
from services.avatar.engines.sketch.read_things import read_things
from services.avatar.engines.sketch.subject import protagonist, subject
from services.avatar.engines.sketch.tokens import Token, denied, look_up, tokens
from services.avatar.engines.sketch.words.colours import colour_of
from services.avatar.engines.sketch.words.moods import mood_words
from services.avatar.engines.sketch.words.nouns import species_emoji, species_words
from services.avatar.engines.sketch.words.places import implied_places, place_words
from services.avatar.port import PortraitRequest

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


def read(request: PortraitRequest) -> Brief:
    """Understands what it can; what it cannot is left to the lot."""
    looks = request.appearance
    emoji, words = species_emoji(), species_words()
    wide = {word: name for word, name in words.items() if ord(word[0]) > 0x2E80}

    def sentences(*texts: str) -> list[Token]:
        """The words of each text, and a full stop."""
        return [token for text in texts for token in (*tokens(text, emoji, wide), Token("."))]

    said, kind, mood = sentences(request.prompt), sentences(looks.species), sentences(looks.mood)
    coloured = sentences(*looks.colors)
    worn, features = sentences(looks.outfit), sentences(*looks.features)
    skin, seeing = sentences(looks.coat), sentences(looks.eyes)
    everything = [*said, *kind, *skin, *seeing, *worn, *mood, *coloured, *features]
    # A coat of "starry sky" is no place to be.
    around = [*said, *kind, *worn, *mood, *features]
    species = protagonist(said, kind, words) or subject(everything, words) or "critter"
    coat, eyes, parts = read_colours(everything, words, species)
    elsewhere = {
        word: name for word, name in place_words().items() if look_up(word, words) != species
    }
    place = _first(around, elsewhere)
    seen = {token.word for token in everything}
    return Brief(
        species=species,
        mood=_first([*said, *mood, *everything], mood_words()),
        place=place or _first(around, implied_places()),
        place_implied=not place,
        coat=coat or _plain_colours(coloured),
        eyes=eyes or next(iter(_plain_colours(seeing)), ""),
        eye_count=count_eyes(everything),
        parts=parts,
        things=read_things(everything, species),
        small=bool(seen & _SMALL),
        large=bool(seen & _LARGE),
        old=bool(seen & _OLD),
    )


def _first(words: list[Token], table: dict[str, str]) -> str:
    for index, token in enumerate(words):
        if token.species or denied(words, index) or dyes(words, index):
            continue
        found = look_up(token.word, table)
        if found:
            return found
    return ""


def _plain_colours(words: list[Token]) -> tuple[str, ...]:
    found = (colour_of(token.word) for token in words)
    return tuple(colour for colour in found if colour)
