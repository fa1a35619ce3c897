"""Ghosts and slimes."""

from random import Random

from services.avatar.engines.sketch.build import Build
from services.avatar.engines.sketch.colour import darken, lighten
from services.avatar.engines.sketch.figure import Coat, Face, Figure
from services.avatar.engines.sketch.svg import (
    both,
    flat,
    glow,
    oval,
    path,
    smooth,
    soft,
    stroke,
)


def ghost(coat: Coat, _build: Build, _rng: Random) -> Figure:
    """A drifting sheet with a wavering hem and small arms."""
    sheet = smooth(
        [
            (0, -360),
            (74, -342),
            (118, -280),
            (126, -190),
            (132, -110),
            (140, -40),
            (112, -18),
            (84, -50),
            (56, -10),
            (24, -44),
            (-8, -6),
            (-40, -44),
            (-72, -12),
            (-98, -46),
            (-128, -20),
            (-136, -70),
            (-130, -130),
            (-124, -200),
            (-116, -284),
            (-70, -344),
        ]
    )
    arms = both(
        path("M104 -170C140 -190 166 -170 162 -146C156 -126 126 -130 108 -132Z", soft(coat.base))
    )
    folds = "".join(
        stroke(d, darken(coat.base, 0.16), 6, 0.6)
        for d in ("M-60 -150Q-70 -100 -72 -50", "M0 -130Q6 -90 -4 -50", "M64 -150Q60 -100 70 -60")
    )
    return Figure(
        behind=flat(0, -190, 220, 230, glow(lighten(coat.base, 0.3)), 0.8),
        body=arms,
        torso="",
        head=path(sheet, soft(coat.base)) + folds,
        face=Face(
            eyes=((-44, -254), (44, -254)),
            eye=34,
            mouth=(0, -200),
            mouth_width=22,
            crown=(0, -352),
            crown_width=80,
            cheeks=((-84, -206), (84, -206)),
            lid=coat.base,
        ),
        neck=(0, -158),
        neck_width=104,
        hands=((-156, -156), (156, -156)),
        paw=17,
        pivot=(0, -120),
        chest=(0, -110),
        chest_width=90,
        back=(96, -180),
        floats=True,
        skin=coat.base,
        tags=frozenset({"boneless"}),
    )


def slime(coat: Coat, _build: Build, _rng: Random) -> Figure:
    """A wobbling, half-clear drop."""
    drop = smooth(
        [
            (0, -330),
            (36, -280),
            (92, -230),
            (140, -150),
            (156, -70),
            (140, -18),
            (70, -2),
            (0, 0),
            (-70, -2),
            (-140, -18),
            (-156, -70),
            (-140, -150),
            (-92, -230),
            (-36, -280),
        ]
    )
    inner = smooth(
        [
            (0, -270),
            (60, -206),
            (110, -130),
            (118, -60),
            (60, -26),
            (-60, -26),
            (-118, -60),
            (-110, -130),
            (-60, -206),
        ]
    )
    bubbles = "".join(
        oval(x, y, r, r, "#ffffff", "#ffffff", 3, 0.35)
        for x, y, r in ((-96, -66, 13), (104, -90, 10), (76, -46, 7), (-58, -40, 8), (20, -262, 9))
    )
    puddle = flat(0, -6, 180, 18, darken(coat.base, 0.15), 0.8)
    return Figure(
        behind=puddle,
        body="",
        torso="",
        head=path(drop, soft(coat.base))
        + path(inner, lighten(coat.base, 0.25), "none", opacity=0.45)
        + bubbles
        + path(
            "M-92 -196C-84 -226 -60 -244 -46 -256C-44 -236 -66 -214 -78 -186Z",
            "#ffffff",
            "none",
            opacity=0.75,
        ),
        face=Face(
            eyes=((-52, -150), (52, -150)),
            eye=37,
            mouth=(0, -104),
            mouth_width=26,
            crown=(0, -312),
            crown_width=44,
            cheeks=((-96, -106), (96, -106)),
            lid=coat.base,
        ),
        neck=(0, -64),
        neck_width=140,
        pivot=(0, -40),
        chest=(0, -50),
        chest_width=100,
        back=(110, -150),
        tags=frozenset({"boneless", "low"}),
        tilts=False,
    )
