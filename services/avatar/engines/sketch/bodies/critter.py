"""Aliens, and the companion nobody has a name for: a soft creature put together by its seed."""

from random import Random

from services.avatar.engines.sketch.bodies.ears import ears as drawn_ears
from services.avatar.engines.sketch.bodies.tails import tail as drawn_tail
from services.avatar.engines.sketch.build import Build
from services.avatar.engines.sketch.colour import darken
from services.avatar.engines.sketch.figure import Coat, Face, Figure
from services.avatar.engines.sketch.svg import (
    both,
    flat,
    limb,
    mirrored,
    oval,
    path,
    ring,
    smooth,
    soft,
    star,
    stroke,
)


def critter(coat: Coat, _build: Build, rng: Random) -> Figure:
    """Round and furry; ears, topknot, tail and tummy are drawn by lot."""
    outer, inner = ring(0, -178, 140, 168, 22), ring(0, -178, 130, 158, 22, -82)
    fur = (
        smooth([point for pair in zip(outer, inner, strict=True) for point in pair])
        if rng.random() < 0.5
        else mirrored(
            [(0, -346), (84, -322), (134, -230), (146, -130), (118, -40), (60, -12), (0, -8)]
        )
    )
    ears = drawn_ears(
        rng.choice(("pointed", "long", "round", "leaf", "tall", "fluffy", "big")), coat
    )
    top = rng.choice(
        (
            "",
            both(
                stroke("M30 -330Q40 -390 76 -400", coat.ink, 8)
                + oval(80, -402, 14, 14, soft(coat.accent))
            ),
            both(
                path("M44 -322C50 -360 70 -386 100 -392C94 -364 96 -336 84 -304Z", soft("#f4dfb0"))
            ),
            path("M-30 -334C-40 -376 -10 -384 0 -410C14 -384 44 -376 30 -334Z", soft(coat.accent)),
        )
    )
    tail = drawn_tail(rng.choice(("curl", "brush", "puff", "tuft", "squirrel")), coat)
    tummy = path(
        mirrored([(0, -150), (60, -130), (84, -80), (56, -30), (0, -22)]), coat.belly, "none"
    )
    freckles = both(
        "".join(
            flat(x, y, r, r, coat.mark, 0.7)
            for x, y, r in ((96, -250, 8), (112, -226, 6), (90, -224, 5))
        )
    )
    arms = both(limb("M118 -140Q146 -120 132 -92", coat.base, 26, coat.ink))
    feet = both(
        oval(52, -10, 38, 18, soft(darken(coat.base, 0.1)))
        + stroke("M40 -14v8M54 -16v8", coat.ink, 3, 0.7)
    )
    spread = rng.uniform(42, 54)
    return Figure(
        behind=tail,
        body=feet,
        torso="",
        head=ears + path(fur, soft(coat.base)) + tummy + freckles + top,
        over=arms,
        face=Face(
            eyes=((-spread, -230), (spread, -230)),
            eye=rng.uniform(34, 40),
            mouth=(0, -178),
            mouth_width=20,
            crown=(0, -336),
            crown_width=84,
            cheeks=((-92, -184), (92, -184)),
            cat_mouth=rng.random() < 0.5,
            lid=coat.base,
        ),
        neck=(0, -146),
        neck_width=126,
        hands=((-132, -88), (132, -88)),
        paw=18,
        pivot=(0, -60),
        chest=(0, -90),
        chest_width=90,
        back=(90, -160),
        skin=coat.base,
        tilts=False,
    )


def alien(coat: Coat, _build: Build, rng: Random) -> Figure:
    """A great head on a slip of a body, three eyes now and then."""
    head = mirrored([(0, -366), (90, -348), (136, -284), (120, -214), (60, -160), (0, -148)])
    feelers = both(
        stroke("M40 -352Q54 -396 90 -402", coat.ink, 8) + oval(94, -402, 14, 14, soft(coat.accent))
    )
    torso = mirrored([(0, -170), (34, -160), (54, -100), (62, -40), (44, -8), (0, -4)])
    belt = path("M-60 -70Q0 -54 60 -70L62 -48Q0 -32 -62 -48Z", soft(coat.accent)) + path(
        star(0, -54, 13, 6, 5), "#fff3c4", width=3
    )
    arms = both(limb("M46 -146Q96 -130 100 -86", coat.base, 17, coat.ink))
    feet = both(oval(34, -8, 30, 14, soft(coat.base)))
    spots = both(
        "".join(
            flat(x, y, r, r, coat.mark, 0.6)
            for x, y, r in ((70, -322, 12), (96, -300, 8), (52, -340, 7))
        )
    )
    three = rng.random() < 0.4
    eyes = ((-62, -250), (62, -250), (0, -276)) if three else ((-54, -250), (54, -250))
    return Figure(
        body=feet + path(torso, soft(coat.base)) + belt + arms,
        torso="",
        head=feelers + path(head, soft(coat.base)) + spots,
        face=Face(
            eyes=eyes,
            eye=30 if three else 42,
            mouth=(0, -186),
            mouth_width=20,
            crown=(0, -358),
            crown_width=84,
            cheeks=((-84, -206), (84, -206)),
            lid=coat.base,
        ),
        neck=(0, -154),
        neck_width=44,
        hands=((-100, -80), (100, -80)),
        paw=15,
        top=-418,
        pivot=(0, -160),
        chest=(0, -110),
        chest_width=44,
        back=(44, -130),
        skin=coat.base,
    )
