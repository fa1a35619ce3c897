"""Mushrooms, trees, sprouts, flowers, cacti and pumpkins."""

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
    ring,
    smooth,
    soft,
    stroke,
)


def mushroom(coat: Coat, _build: Build, _rng: Random) -> Figure:
    """A spotted cap over a stout pale stem."""
    stem = mirrored([(0, -250), (70, -240), (78, -150), (96, -60), (74, -10), (0, 0)])
    cap = (
        "M-172 -224C-176 -330 -80 -400 0 -400C80 -400 176 -330 172 -224C150 -196 -150 -196 "
        "-172 -224Z"
    )
    gills = "M-150 -212C-100 -184 100 -184 150 -212C110 -232 -110 -232 -150 -212Z"
    spots = "".join(
        oval(x, y, rx, ry, "#fff6e4", "none", turn=t)
        for x, y, rx, ry, t in (
            (-8, -356, 34, 22, 0),
            (-100, -310, 26, 20, -30),
            (92, -300, 30, 22, 28),
            (-38, -276, 20, 14, 0),
            (48, -254, 18, 11, 0),
            (-134, -244, 16, 11, -20),
            (140, -240, 12, 10, 20),
        )
    )
    feet = both(oval(44, -8, 30, 15, soft(coat.belly)))
    arms = both(limb("M84 -120Q120 -116 124 -86", coat.belly, 20, coat.ink))
    return Figure(
        body=feet + path(stem, soft(coat.belly)) + arms,
        torso="",
        head=path(gills, darken(coat.belly, 0.2))
        + path(cap, soft(coat.base))
        + spots
        + stroke(cap),
        face=Face(
            eyes=((-36, -150), (36, -150)),
            eye=31,
            mouth=(0, -108),
            mouth_width=20,
            crown=(0, -396),
            crown_width=90,
            cheeks=((-62, -112), (62, -112)),
            lid=coat.belly,
            brow_lift=-6,
        ),
        neck=(0, -72),
        neck_width=84,
        hands=((-124, -78), (124, -78)),
        paw=14,
        pivot=(0, -80),
        chest=(0, -50),
        chest_width=60,
        back=(76, -140),
        skin=coat.belly,
        tags=frozenset({"low"}),
        tilts=False,
    )


def tree(coat: Coat, _build: Build, _rng: Random) -> Figure:
    """A trunk with a kind face, a leafy crown and branches for arms."""
    bark, leaf = coat.mark, coat.base
    trunk = smooth(
        [
            (-66, -250),
            (0, -262),
            (66, -250),
            (72, -150),
            (84, -60),
            (124, -8),
            (60, -14),
            (20, 0),
            (-24, -6),
            (-66, 0),
            (-124, -6),
            (-84, -60),
            (-72, -150),
        ],
        tension=0.9,
    )
    grain = "".join(
        stroke(d, darken(bark, 0.3), 4, 0.7)
        for d in (
            "M-52 -90Q-56 -50 -76 -24",
            "M0 -70Q4 -40 -6 -20",
            "M50 -96Q52 -60 70 -30",
            "M-60 -230Q-64 -190 -58 -170",
        )
    )
    arms = both(
        limb("M70 -150Q120 -150 142 -196M118 -158Q136 -140 158 -146", bark, 17, coat.ink)
        + flat(150, -206, 20, 13, leaf, turn=-30)
        + flat(168, -150, 16, 10, leaf)
    )
    outer, inner = ring(0, -308, 152, 92, 11), ring(0, -308, 136, 78, 11, -74)
    crown = path(
        smooth([point for pair in zip(outer, inner, strict=True) for point in pair]), soft(leaf)
    )
    tufts = "".join(
        stroke(f"M{x} {y}q14 -14 28 0q14 -14 28 0", lighten(leaf, 0.35), 6, 0.7)
        for x, y in ((-96, -320), (-20, -356), (50, -310), (-60, -284), (20, -270))
    )
    fruit = "".join(
        oval(x, y, 12, 12, soft(coat.accent), width=3)
        for x, y in ((-112, -286), (-54, -340), (30, -318), (104, -330), (118, -276))
    )
    return Figure(
        behind="",
        body=path(trunk, soft(bark)) + grain + arms,
        torso="",
        head=crown + tufts + fruit,
        face=Face(
            eyes=((-34, -178), (34, -178)),
            eye=29,
            mouth=(0, -132),
            mouth_width=24,
            crown=(0, -394),
            crown_width=80,
            cheeks=((-54, -140), (54, -140)),
            lid=bark,
            brow_lift=-4,
        ),
        neck=(0, -98),
        neck_width=76,
        hands=((-140, -190), (140, -190)),
        pivot=(0, -100),
        chest=(0, -80),
        chest_width=60,
        back=(70, -160),
        skin=bark,
        tags=frozenset({"low"}),
        tilts=False,
    )
