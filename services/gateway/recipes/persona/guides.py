"""What holds a small model by the hand: words, grammars and openings that fit. Pure."""

import random
from collections.abc import Sequence

from hatchery.llm.v1.llm_service_pb2 import FieldGuide, Part, Scoring

from services.gateway.recipes.persona import names
from services.gateway.recipes.persona import words as known
from services.gateway.recipes.persona.reading import Reading
from services.gateway.recipes.persona.voice import greeting_parts, story_parts


def persona_guides(reading: Reading, luck: random.Random) -> Sequence[FieldGuide]:
    """The guides, one a field. `luck` draws what there is to choose from."""
    return [
        name_guide("/name", luck),
        *look_guides(reading, luck),
        *story_guides(reading, name="{/name}", species="{/species}"),
    ]


def name_guide(field: str, luck: random.Random) -> FieldGuide:
    """An invented given name."""
    return FieldGuide(
        field=field,
        parts=[Part(openings=luck.sample(names.GIVEN_BEGINS, 24))],
        grammar=f"root ::= {any_of(luck.sample(names.GIVEN_ENDS, 40))}",
        max_tokens=10,
        temperature=1.0,
    )


def look_guides(reading: Reading, luck: random.Random) -> Sequence[FieldGuide]:
    """What it is, what it is like, and how it looks."""
    # A small model would make a cat of whatever it does not know.
    species = reading.species or luck.choice(known.WELCOME)
    covering = known.CREATURES.get(species.split()[-1], reading.covering)
    return [
        FieldGuide(field="/species", choices=[species]),
        FieldGuide(field="/traits", choices=_traits(reading, luck), temperature=1.0),
        FieldGuide(field="/mood", choices=_moods(reading), temperature=1.0),
        FieldGuide(
            field="/coat", grammar=_coat(reading, covering, luck), max_tokens=30, temperature=1.2
        ),
        FieldGuide(field="/eyes", grammar=_eyes(reading, luck), max_tokens=20, temperature=1.2),
        _outfit(reading, luck),
    ]


def story_guides(reading: Reading, *, name: str, species: str) -> Sequence[FieldGuide]:
    """Where it comes from, and what it says first, about who is called and is so."""
    return [
        FieldGuide(
            field="/backstory",
            label="Story",
            parts=story_parts(reading, name, species),
            max_tokens=60,
            candidates=3,
            scoring=about_somebody(reading),
            sentences=True,
        ),
        FieldGuide(
            field="/greeting",
            parts=greeting_parts(reading, name),
            max_tokens=40,
            candidates=2,
            scoring=_prose([]),
            sentences=True,
        ),
    ]


def about_somebody(reading: Reading) -> Scoring:
    """What makes good prose about one who is she or he."""
    return _prose([*known.TALK, *(known.HIS if reading.she else known.HERS)])


def any_of(words: Sequence[str]) -> str:
    """One of some words, in GBNF. They come from our own tables and hold no quotes."""
    return "(" + " | ".join(f'"{word}"' for word in words) + ")"


def _prose(avoid: Sequence[str]) -> Scoring:
    return Scoring(
        unique_words=2.0,
        keywords=0.5,
        stray_names=2.0,
        copied=2.0,
        avoided=3.0,
        avoid=[*known.UNKIND, *known.ASTRAY, *avoid],
        enough=0.92,
    )


def _traits(reading: Reading, luck: random.Random) -> Sequence[str]:
    """Those that the description names, and some that anybody may have."""
    named = [word for word in reading.words if word in known.TRAITS]
    return list(dict.fromkeys([*named, *luck.sample(known.COMMON_TRAITS, 12)]))


def _moods(reading: Reading) -> Sequence[str]:
    return [word for word in reading.words if word in known.MOODS][:1] or known.COMMON_MOODS


def _coat(reading: Reading, covering: str, luck: random.Random) -> str:
    tones, colours, noun = known.COVERINGS[covering]
    shades = reading.colours[:1] or reading.tints or _some(colours, luck, 3)
    return f'root ::= " " {any_of(_some(tones, luck, 3))} " " {any_of(shades)} " {noun}"'


def _eyes(reading: Reading, luck: random.Random) -> str:
    shades = reading.eyes or _some(known.EYES, luck, 3)
    return f'root ::= " " {any_of(_some(known.EYE_LOOKS, luck, 3))} " " {any_of(shades)} " eyes"'


def _outfit(reading: Reading, luck: random.Random) -> FieldGuide:
    if reading.outfits:
        return FieldGuide(field="/outfit", choices=reading.outfits, temperature=1.0)
    words = (
        _some(known.OUTFIT_LOOKS, luck, 3),
        _some(known.OUTFIT_COLOURS, luck, 3),
        _some(known.GARMENTS, luck, 4),
    )
    grammar = 'root ::= " a" ' + " ".join(f'" " {any_of(some)}' for some in words)
    return FieldGuide(field="/outfit", grammar=grammar, max_tokens=30, temperature=1.0)


def _some(words: Sequence[str], luck: random.Random, count: int) -> Sequence[str]:
    return luck.sample(words, min(count, len(words)))
