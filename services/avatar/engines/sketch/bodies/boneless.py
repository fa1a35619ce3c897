"""Octopuses, squids and jellyfish."""

from random import Random

from services.avatar.engines.sketch.build import Build
from services.avatar.engines.sketch.figure import Coat, Face, Figure
from services.avatar.engines.sketch.svg import (
    both,
    flat,
    limb,
    mirrored,
    path,
    smooth,
    soft,
)


def octopus(coat: Coat, build: Build, _rng: Random) -> Figure:
    """A great dome over curling arms."""
    squid = "squid" in build.tags
    back_arms = both(
        limb("M36 -120C80 -96 100 -60 148 -66C176 -72 176 -104 154 -104", coat.mark, 26, coat.ink)
    )
    arms = both(
        limb(
            "M56 -130C120 -120 140 -80 180 -112C200 -134 180 -156 164 -142", coat.base, 26, coat.ink
        )
        + limb("M44 -116C70 -70 80 -20 128 -16C158 -16 160 -48 140 -48", coat.base, 30, coat.ink)
        + limb("M20 -110C26 -60 20 -14 52 -12C76 -12 78 -38 60 -40", coat.base, 30, coat.ink)
        + "".join(
            flat(x, y, 5, 5, coat.belly)
            for x, y in (
                (84, -50),
                (98, -32),
                (118, -20),
                (30, -60),
                (28, -38),
                (118, -104),
                (140, -104),
            )
        )
    )
    dome = (
        mirrored(
            [
                (0, -378),
                (70, -362),
                (118, -306),
                (126, -240),
                (98, -180),
                (84, -140),
                (60, -112),
                (0, -104),
            ]
        )
        if not squid
        else mirrored(
            [(0, -420), (50, -360), (88, -290), (98, -220), (84, -150), (60, -112), (0, -104)]
        )
    )
    fins = both(path("M40 -370C100 -390 130 -350 112 -312Z", soft(coat.mark))) if squid else ""
    spots = "".join(
        flat(x, y, r, r, coat.mark, 0.7)
        for x, y, r in ((-60, -320, 13), (-34, -342, 8), (66, -314, 10), (40, -346, 6))
    )
    return Figure(
        behind=back_arms,
        body=arms,
        torso="",
        head=fins + path(dome, soft(coat.base)) + spots,
        face=Face(
            eyes=((-46, -226), (46, -226)),
            eye=38,
            mouth=(0, -176),
            mouth_width=18,
            crown=(0, -366 if not squid else -398),
            crown_width=84 if not squid else 50,
            cheeks=((-84, -182), (84, -182)),
            lid=coat.base,
        ),
        neck=(0, -118),
        neck_width=72,
        hands=((-166, -128), (166, -128)),
        paw=17,
        pivot=(0, -130),
        chest=(0, -90),
        chest_width=50,
        skin=coat.base,
        back=(70, -190),
        tags=frozenset({"boneless"}),
    )


def jellyfish(coat: Coat, _build: Build, _rng: Random) -> Figure:
    """A glowing bell with trailing ribbons."""
    bell = smooth(
        [
            (-120, -190),
            (-110, -290),
            (-50, -356),
            (0, -366),
            (50, -356),
            (110, -290),
            (120, -190),
            (90, -170),
            (60, -186),
            (30, -168),
            (0, -184),
            (-30, -168),
            (-60, -186),
            (-90, -170),
        ]
    )
    ribbons = "".join(
        limb(f"M{x} -184q{w} 40 0 80t0 {h}", coat.mark if i % 2 else coat.accent, 12, coat.ink, 4)
        for i, (x, w, h) in enumerate(
            ((-80, -26, 70), (-40, 22, 90), (0, -24, 100), (40, 24, 86), (80, 26, 66))
        )
    )
    return Figure(
        behind=ribbons,
        body="",
        head=path(bell, soft(coat.base)) + flat(-40, -312, 30, 16, "#ffffff", 0.5, -30),
        face=Face(
            eyes=((-44, -242), (44, -242)),
            eye=34,
            mouth=(0, -206),
            mouth_width=18,
            crown=(0, -358),
            crown_width=76,
            cheeks=((-80, -212), (80, -212)),
            lid=coat.base,
        ),
        neck=(0, -172),
        neck_width=70,
        pivot=(0, -200),
        floats=True,
        chest=(0, -150),
        back=(80, -230),
        tags=frozenset({"boneless"}),
    )
