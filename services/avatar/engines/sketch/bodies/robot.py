"""The robot."""

from random import Random

from services.avatar.engines.sketch.build import Build
from services.avatar.engines.sketch.colour import darken
from services.avatar.engines.sketch.figure import Coat, Face, Figure
from services.avatar.engines.sketch.svg import (
    both,
    box,
    flat,
    glow,
    limb,
    oval,
    path,
    soft,
    stroke,
)


def robot(coat: Coat, build: Build, _rng: Random) -> Figure:
    """A screen for a face, a dial on its chest, round joints."""
    metal, dark = coat.base, darken(coat.base, 0.3)
    legs = both(
        box(34, -46, 26, 34, soft(dark), 6) + path("M20 0Q20 -26 48 -26Q78 -26 80 0Z", soft(metal))
    )
    torso = path(
        "M-74 -156Q-78 -176 -58 -178H58Q78 -176 74 -156L88 -60Q90 -36 66 -34H-66Q-90 -36 -88 -60Z",
        soft(metal),
    )
    panel = (
        box(-46, -142, 92, 66, soft(coat.belly), 12)
        + oval(-20, -110, 18, 18, "#fff8e8")
        + stroke("M-20 -110L-12 -122", "#d8443c", 4)
        + "".join(
            oval(22, y, 7, 7, c, width=3)
            for y, c in ((-126, "#f2b440"), (-108, "#6ab96a"), (-90, "#e06456"))
        )
    )
    bolts = both(flat(66, -164, 4, 4, dark) + flat(74, -50, 4, 4, dark))
    arms = both(
        limb("M84 -146Q128 -136 122 -92", dark, 18, "#2f2a3a")
        + oval(86, -148, 19, 19, soft(metal))
        + path(
            (
                "M100 -84C100 -104 144 -104 144 -84C146 -70 138 -62 134 -62V-78H110V-62"
                "C106 -62 98 -70 100 -84Z"
            ),
            soft(coat.accent),
        )
    )
    neck = box(-22, -192, 44, 20, dark, 4)
    head = box(-116, -336, 232, 150, soft(metal), 44)
    screen = box(-92, -312, 184, 104, soft("#26344a"), 30)
    aerial = (
        limb("M0 -336V-372", dark, 6, coat.ink, 3)
        + flat(0, -386, 34, 34, glow(coat.accent))
        + oval(0, -386, 15, 15, soft(coat.accent))
    )
    ears = both(box(110, -288, 26, 54, soft(coat.accent), 10))
    rust = (
        "".join(
            flat(x, y, r, r * 0.7, "#b4643c", 0.55)
            for x, y, r in (
                (-96, -214, 12),
                (-78, -200, 8),
                (98, -318, 10),
                (60, -52, 12),
                (-60, -166, 8),
            )
        )
        if "rusty" in build.tags
        else ""
    )
    return Figure(
        body=legs + neck + torso + panel + bolts + arms,
        torso="",
        head=ears + aerial + head + screen + rust,
        face=Face(
            eyes=((-42, -266), (42, -266)),
            eye=32,
            mouth=(0, -230),
            mouth_width=18,
            crown=(0, -334),
            crown_width=100,
            cheeks=((-76, -236), (76, -236)),
            lid="#26344a",
            brows=True,
            dark_eyes=True,
        ),
        neck=(0, -178),
        neck_width=66,
        hands=((-122, -78), (122, -78)),
        paw=0,
        pivot=(0, -182),
        chest=(0, -104),
        chest_width=72,
        back=(70, -140),
        skin=coat.accent,
        tags=frozenset({"screen"}),
    )
