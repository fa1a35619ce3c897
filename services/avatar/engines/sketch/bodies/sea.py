"""Fish, sharks, whales, octopuses, jellyfish and crabs."""

from random import Random

from services.avatar.engines.sketch.build import Build
from services.avatar.engines.sketch.colour import darken
from services.avatar.engines.sketch.figure import Coat, Face, Figure
from services.avatar.engines.sketch.svg import (
    clip,
    flat,
    path,
    smooth,
    soft,
    stroke,
)


def fish(coat: Coat, build: Build, _rng: Random) -> Figure:
    """Swims to the left, seen from its side, with both eyes on us."""
    shark = "shark" in build.tags
    outline = smooth(
        [
            (-150, -190),
            (-120, -262),
            (-40, -300),
            (50, -276),
            (110, -214),
            (126, -190),
            (106, -160),
            (40, -112),
            (-50, -96),
            (-122, -128),
        ]
    )
    tail = smooth(
        [
            (96, -196),
            (150, -280),
            (192, -300),
            (180, -230),
            (168, -190),
            (184, -140),
            (190, -80),
            (146, -108),
        ]
    )
    top = (
        "M-70 -280C-40 -360 40 -370 96 -352C66 -330 66 -290 72 -258Z"
        if not shark
        else "M-20 -290C0 -350 30 -392 80 -404C64 -360 70 -310 84 -256Z"
    )
    under = "M-20 -104C0 -60 40 -40 72 -50C58 -70 56 -92 60 -122Z"
    fin_colour = soft(coat.mark if not shark else darken(coat.base, 0.1))
    belly = clip(
        outline,
        path("M-170 -150C-90 -110 30 -120 130 -176L130 -60H-170Z", coat.belly, "none")
        if shark
        else flat(-100, -180, 84, 120, coat.belly, 0.9)
        + "".join(stroke(f"M{x} -320Q{x + 34} -190 {x} -60", coat.mark, 20) for x in (0, 62)),
    )
    scales = (
        ""
        if shark
        else "".join(
            stroke(f"M{x} {y}q10 12 0 24", darken(coat.base, 0.25), 3, 0.7)
            for x, y in ((36, -230), (36, -190), (36, -150), (94, -214), (94, -184))
        )
    )
    side = path("M-10 -176C30 -196 66 -170 70 -130C40 -126 6 -140 -10 -176Z", fin_colour) + stroke(
        "M12 -170Q40 -160 56 -140", coat.ink, 3, 0.6
    )
    gills = (
        "".join(stroke(f"M{-26 + i * 16} -226q-10 26 0 54", coat.ink, 4, 0.7) for i in range(3))
        if shark
        else ""
    )
    lines = "".join(
        stroke(d, coat.ink, 3, 0.5)
        for d in (
            "M120 -200L172 -262M124 -190L166 -190M120 -180L172 -118",
            "M-20 -300L10 -344M20 -296L50 -346",
        )
    )
    return Figure(
        behind=path(tail, fin_colour) + path(top, fin_colour) + path(under, fin_colour) + lines,
        body=path(outline, soft(coat.base)) + belly + scales + stroke(outline) + side + gills,
        torso=outline,
        head="",
        face=Face(
            eyes=((-112, -214), (-48, -218)),
            eye=31,
            mouth=(-84, -156),
            mouth_width=20,
            crown=(-66, -292),
            crown_width=64,
            cheeks=((-136, -176), (-20, -176)),
            lid=coat.base if shark else coat.belly,
        ),
        neck=(-40, -110),
        neck_width=60,
        pivot=(-80, -200),
        chest=(-60, -130),
        chest_width=60,
        floats=True,
        tilts=False,
        back=(10, -230),
        hands=((58, -122),),
        tags=frozenset({"sideways"}),
    )


def whale(coat: Coat, build: Build, _rng: Random) -> Figure:
    """A great round head to the left, flukes up to the right."""
    tags = build.tags
    dolphin = "dolphin" in tags
    outline = (
        "M-172 -150C-180 -250 -100 -306 -10 -292C70 -280 100 -220 136 -196C150 -188 160 "
        "-202 164 -226C184 -190 176 -130 130 -92C80 -52 -20 -40 -90 -52C-140 -62 -170 -96 "
        "-172 -150Z"
    )
    flukes = (
        "M160 -214C120 -240 100 -280 112 -306C140 -306 160 -284 168 -262C178 -288 200 -304 "
        "226 -296C228 -262 204 -228 168 -210Z"
    )
    throat = clip(
        outline,
        path("M-190 -140C-120 -110 0 -104 120 -120L120 0H-190Z", coat.belly, "none")
        + "".join(
            stroke(
                f"M{-160 + i * 8} {-118 + i * 16}Q-60 {-90 + i * 14} {40 - i * 10} {-98 + i * 16}",
                darken(coat.belly, 0.25),
                3.5,
            )
            for i in range(4)
        ),
    )
    orca = (
        clip(
            outline,
            flat(-70, -250, 40, 20, "#fff8e8", turn=-14) + flat(40, -110, 60, 34, "#fff8e8"),
        )
        if "orca" in tags
        else ""
    )
    fin = path(
        "M-20 -110C0 -60 30 -30 66 -24C70 -60 52 -100 26 -124Z", soft(darken(coat.base, 0.1))
    )
    spout = (
        ""
        if dolphin
        else stroke(
            (
                "M-40 -296C-44 -340 -70 -352 -86 -336M-40 -296C-40 -350 -40 -360 -40 -372"
                "M-40 -296C-36 -340 -10 -352 6 -336"
            ),
            "#e8f7ff",
            9,
        )
        + "".join(flat(x, y, 6, 8, "#e8f7ff") for x, y in ((-96, -314), (-44, -392), (16, -314)))
    )
    dorsal = (
        path(
            "M6 -290C16 -330 40 -352 70 -356C58 -330 62 -290 74 -262Z",
            soft(darken(coat.base, 0.08)),
        )
        if dolphin or "orca" in tags
        else ""
    )
    beak = (
        path(
            "M-160 -176C-204 -170 -214 -140 -190 -132C-170 -126 -150 -130 -140 -140Z",
            soft(coat.base),
        )
        if dolphin
        else ""
    )
    tusk = path("M-150 -236L-206 -330L-128 -256Z", soft("#f6e3b4")) if "narwhal" in tags else ""
    return Figure(
        behind=spout + path(flukes, soft(coat.base)) + dorsal + tusk,
        body=beak + path(outline, soft(coat.base)) + throat + orca + stroke(outline) + fin,
        torso=outline,
        head="",
        face=Face(
            eyes=((-134, -176), (-44, -176)),
            eye=29,
            mouth=(-92, -146),
            mouth_width=26,
            crown=(-70, -290),
            crown_width=78,
            cheeks=((-152, -146), (-22, -146)),
            lid=coat.base,
        ),
        neck=(-60, -60),
        neck_width=80,
        pivot=(-80, -180),
        chest=(-60, -90),
        chest_width=70,
        floats=True,
        tilts=False,
        back=(20, -240),
        reach=228,
        hands=((60, -36),),
        tags=frozenset({"sideways"}),
    )
