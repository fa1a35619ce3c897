"""Crabs and seahorses."""

from random import Random

from services.avatar.engines.sketch.build import Build
from services.avatar.engines.sketch.colour import darken, lighten
from services.avatar.engines.sketch.figure import Coat, Face, Figure
from services.avatar.engines.sketch.svg import (
    both,
    flat,
    limb,
    mirrored,
    oval,
    path,
    polygon,
    smooth,
    soft,
    stroke,
)


def crab(coat: Coat, _build: Build, _rng: Random) -> Figure:
    """A wide shell, eyes on stalks, claws raised."""
    legs = both(
        "".join(
            limb(
                f"M70 {-90 + i * 12}Q{130 + i * 8} {-110 + i * 24} {150 - i * 16} {-30 + i * 12}",
                coat.base,
                17,
                coat.ink,
            )
            for i in range(3)
        )
    )
    claw = limb("M92 -130Q150 -130 152 -190", coat.base, 24, coat.ink) + path(
        (
            "M122 -190C104 -250 130 -286 150 -290C142 -262 148 -250 160 -244C166 -262 176 "
            "-276 196 -272C206 -234 190 -190 154 -180Z"
        ),
        soft(coat.base),
    )
    shell = mirrored([(0, -216), (80, -206), (128, -160), (120, -100), (70, -62), (0, -56)])
    stalks = both(limb("M40 -196L44 -250", coat.base, 16, coat.ink))
    freckles = "".join(
        flat(x, y, 6, 6, coat.mark, 0.7)
        for x, y in ((-70, -176), (-50, -190), (60, -186), (78, -170))
    )
    return Figure(
        behind=legs,
        body=both(claw),
        torso=shell,
        head=stalks
        + both(oval(46, -256, 38, 38, soft(coat.base)))
        + path(shell, soft(coat.base))
        + freckles,
        face=Face(
            eyes=((-46, -258), (46, -258)),
            eye=30,
            mouth=(0, -138),
            mouth_width=34,
            crown=(0, -214),
            crown_width=66,
            cheeks=((-74, -140), (74, -140)),
            lid=coat.base,
        ),
        neck=(0, -66),
        neck_width=80,
        hands=((-158, -216), (158, -216)),
        pivot=(0, -100),
        chest=(0, -84),
        chest_width=50,
        back=(90, -150),
        skin=coat.base,
        reach=200,
        tags=frozenset({"stalks"}),
    )


def seahorse(coat: Coat, _build: Build, _rng: Random) -> Figure:
    """Upright, with a curled tail."""
    body = limb(
        (
            "M10 -200C70 -170 70 -110 30 -80C-10 -50 -10 -10 40 -8C78 -8 80 -48 52 -48"
            "C38 -46 36 -30 46 -26"
        ),
        coat.base,
        34,
        coat.ink,
    )
    fin = path(
        smooth([(58, -170), (120, -180), (140, -140), (120, -104), (64, -112)]), soft(coat.mark)
    )
    belly = path(
        smooth([(0, -210), (56, -190), (74, -140), (50, -92), (10, -100), (-14, -150)]),
        soft(coat.base),
    ) + "".join(
        stroke(f"M-8 {y}Q10 {y + 12} 34 {y + 4}", darken(coat.base, 0.25), 4)
        for y in (-170, -148, -126)
    )
    crest = path(
        polygon(
            [(-40, -320), (-44, -366), (-14, -346), (4, -384), (24, -346), (52, -362), (48, -316)]
        ),
        soft(coat.mark),
    )
    head = (
        crest
        + oval(0, -260, 84, 76, soft(coat.base))
        + path(
            "M-60 -246C-110 -250 -150 -232 -150 -214C-150 -196 -110 -196 -60 -204Z",
            soft(lighten(coat.base, 0.2)),
        )
    )
    return Figure(
        behind=fin,
        body=body + belly,
        torso="",
        head=head,
        face=Face(
            eyes=((-30, -272), (38, -272)),
            eye=28,
            mouth=(-128, -208),
            mouth_width=10,
            crown=(0, -330),
            crown_width=66,
            cheeks=((-50, -226), (62, -226)),
            lid=coat.base,
        ),
        neck=(14, -186),
        neck_width=50,
        pivot=(0, -200),
        floats=True,
        back=(50, -150),
        hands=((54, -34),),
        chest=(20, -130),
        chest_width=40,
        tags=frozenset({"boneless"}),
    )
