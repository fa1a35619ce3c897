"""Mixes the colours of one figure from its species, the description and the lot."""

from random import Random

from services.avatar.engines.sketch.brief import Brief
from services.avatar.engines.sketch.colour import darken, lighten, lightness, mix, turn_hue
from services.avatar.engines.sketch.figure import Coat
from services.avatar.engines.sketch.words.species import Species

_ACCENTS = ("#f2b440", "#e8654f", "#4fb0a8", "#8a6ac4", "#f29ab4", "#6aa8dc")


def mix_coat(brief: Brief, species: Species, rng: Random) -> Coat:
    """Natural colours, unless the text names others; every seed a slightly different shade."""
    base, belly, mark = rng.choice(species.shades)
    shift, light = rng.uniform(-0.022, 0.022), rng.uniform(-0.04, 0.04)
    accent = rng.choice(_ACCENTS)
    eye = brief.eyes or rng.choice(species.eyes)
    person = species.plan == "person"
    if brief.coat and not person:
        natural, base = base, brief.coat[0]
        belly = mix(lighten(base, 0.66), belly, 0.35)
        mark = brief.coat[1] if len(brief.coat) > 1 else _own_mark(species, base, natural, mark)
        accent = brief.coat[1] if len(brief.coat) > 1 else accent
        if species.plan == "tree":
            mark = species.shades[0][2]
    if person:
        belly = brief.parts.get("dress") or (brief.coat[0] if brief.coat else belly)
        mark = "#efe9e2" if brief.old else mark
    mark = brief.parts.get("hair") or brief.parts.get("mark") or mark
    accent = brief.parts.get("wings") or accent
    belly = brief.parts.get("belly") or belly
    base = turn_hue(base, shift, 1, light)
    if "flame" in species.build.tags and len(brief.coat) < 2:
        accent = lighten(mix(base, "#ffd24a", 0.6), 0.1)
    if species.plan == "golem":
        accent = lighten(base, 0.4) if brief.coat else "#7fa85a"
    if "spade" in species.build.tags and not brief.coat:
        accent = mark
    ink = darken(mix(base, "#6a3a2c", 0.3), 0.72 if lightness(base) > 0.3 else 0.82)
    return Coat(base=base, belly=belly, mark=mark, ink=ink, eye=eye, accent=accent)


def _own_mark(species: Species, base: str, natural: str, mark: str) -> str:
    """Markings that were lighter or darker than the coat stay so."""
    if species.plan in {"sprout", "snowman"}:
        return mark
    return darken(base, 0.38) if lightness(mark) < lightness(natural) else lighten(base, 0.45)
