"""Decides what of all that was named is worn: one hat, one pair of wings, one thing to a hand.

What the text names first wins, and what it names itself wins over what only goes with a trade.
"""

from dataclasses import replace
from random import Random

from services.avatar.engines.sketch.brief import Brief, Thing
from services.avatar.engines.sketch.outfit import Outfit
from services.avatar.engines.sketch.words.slots import slots
from services.avatar.engines.sketch.words.species import Species

_BEARDED = frozenset({"beast", "dragon", "turtle", "frog", "bird", "golem"})
_BAKED = frozenset({"bread", "cupcake", "spoon", "whisk"})
_WINGED = frozenset({"insect", "bird", "griffin"})


def dress(brief: Brief, species: Species, rng: Random) -> Outfit:
    """Keeps what fits together and fits the species."""
    slot = slots()
    things = _wardrobe(brief, species, rng)
    names = frozenset(thing.name for thing in things)

    def of(kind: str, most: int = 1, but: frozenset[str] = frozenset()) -> tuple[Thing, ...]:
        """What goes into a slot, each thing once."""
        found: dict[str, Thing] = {}
        for thing in things:
            if thing.name in slot[kind] - but:
                found.setdefault(thing.name, thing)
        return tuple(found.values())[:most]

    cape, bag = of("shoulders"), of("chest")
    flightless = not (species.build.tags & {"wings", "spread"} or species.plan in _WINGED)
    return Outfit(
        hats=_hat(of("hat", but=_grown(species)), things),
        face=of("face", 3),
        worn=(*bag, *cape, *of("neck")),
        back=(*cape, *bag, *(of("wings") if flightless else ())),
        in_hand=_in_hand(of("hand", 2, _not_held(names)), of("hand", 9, _not_held(names))),
        around=of("around"),
        marks=names & slot["coat"],
        build_tags=_person_tags(names) if species.plan == "person" else frozenset(),
        globe="space_helmet" in names,
    )


def _wardrobe(brief: Brief, species: Species, rng: Random) -> list[Thing]:
    wings = brief.parts.get("wings", "")
    own = [Thing(name, wings if "wings" in name else "") for name in species.things]
    things = [*own, *(_fitting(thing, species) for thing in brief.things)]
    if species.plan == "person":
        return things
    # A wizard's beard is for people, and for those who are old enough.
    if not brief.old:
        return [thing for thing in things if thing.name != "beard" or not thing.implied]
    if species.plan in _BEARDED and rng.random() < 0.6:
        things.append(Thing("beard"))
    return things


def _fitting(thing: Thing, species: Species) -> Thing:
    """Wings of the kind that the creature would have."""
    if thing.name == "feather_wings" and species.plan == "dragon":
        return replace(thing, name="leather_wings")
    return thing


def _hat(known: tuple[Thing, ...], things: list[Thing]) -> tuple[Thing, ...]:
    """The hat. One that is only called "hat" is that of the trade, or else a top hat.

    A tall one over bread and spoons is a chef's.
    """
    plain = next((thing for thing in things if thing.name == "hat"), None)
    if plain is None:
        return known
    if known:
        return tuple(
            replace(thing, colour=thing.colour or plain.colour, looks=thing.looks | plain.looks)
            for thing in known
        )
    baking = "tall" in plain.looks and any(thing.name in _BAKED for thing in things)
    return (replace(plain, name="chef_hat" if baking else "tophat"),)


def _in_hand(few: tuple[Thing, ...], every: tuple[Thing, ...]) -> tuple[Thing, ...]:
    named = tuple(thing for thing in every if not thing.implied)
    return named[:2] or few


def _not_held(names: frozenset[str]) -> frozenset[str]:
    """A flower in the hair is in no hand, and one book is enough."""
    return frozenset(
        name for name, instead in (("flower", "hair_flower"), ("books", "book")) if instead in names
    )


def _person_tags(names: frozenset[str]) -> frozenset[str]:
    """How a person is built who wears such things."""
    tags = {
        "beard": {"beard"},
        "armour": {"helmet", "shield"},
        "coat": {"pirate_hat", "captain_hat"},
        "suit": {"space_helmet"},
        "hood": {"hood"},
    }
    return frozenset(tag for tag, wanted in tags.items() if wanted & names)


def _grown(species: Species) -> frozenset[str]:
    """What grows on its head already."""
    own = species.build.tags
    grown = set(own & {"antlers", "hood"})
    if own & {"horns", "goat", "cow", "tricorn"}:
        grown.add("horns")
    if species.plan in {"insect", "alien", "robot"}:
        grown.add("antenna")
    return frozenset(grown)
