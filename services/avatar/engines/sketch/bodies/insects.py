"""Bees, butterflies, moths, ladybirds, dragonflies, ants and spiders."""

from random import Random

from services.avatar.engines.sketch.bodies.wings import LONG_SPAN, SPAN, gauzy_wing
from services.avatar.engines.sketch.build import Build
from services.avatar.engines.sketch.colour import darken, lighten
from services.avatar.engines.sketch.figure import Coat, Face, Figure
from services.avatar.engines.sketch.svg import (
    both,
    clip,
    flat,
    glow,
    group,
    limb,
    mirrored,
    oval,
    path,
    smooth,
    soft,
    stroke,
)


def insect(coat: Coat, build: Build, _rng: Random) -> Figure:
    """A round head over a small body, wings to both sides."""
    tags = build.tags
    torso = mirrored([(0, -186), (50, -172), (78, -116), (68, -56), (30, -14), (0, -4)])
    wings = ""
    match build.tail:
        case "painted":
            wings = both(_painted_wing(coat))
        case "gauze":
            wings = both(group(gauzy_wing("#e4f4fb"), x=46, y=-140, scale=1))
        case "long":
            wings = both(group(gauzy_wing("#cdeef2", long=True), x=46, y=-150, scale=1.05))
        case "case":
            wings = both(
                path("M6 -190C90 -206 168 -140 150 -50C120 -10 60 -10 20 -30Z", soft(coat.mark))
                + "".join(
                    flat(x, y, 13, 13, coat.ink)
                    for x, y in ((70, -150), (112, -110), (84, -70), (124, -62))
                )
            )
        case _:
            pass
    stripes = (
        clip(
            torso,
            "".join(
                stroke(f"M-100 {y}Q0 {y + 22} 100 {y}", coat.mark, 22) for y in (-138, -92, -46)
            ),
        )
        + stroke(torso)
        if "stripes" in tags
        else ""
    )
    lamp = (
        flat(0, -40, 130, 110, glow("#ffe97a"), 0.9)
        + path(
            mirrored([(0, -90), (62, -84), (66, -50), (30, -12), (0, -4)]), soft("#ffe97a"), "none"
        )
        if "lamp" in tags
        else ""
    )
    fuzz = (
        path(
            smooth(
                [
                    (-64, -176),
                    (-70, -150),
                    (-44, -138),
                    (-22, -126),
                    (0, -136),
                    (22, -126),
                    (44, -138),
                    (70, -150),
                    (64, -176),
                    (0, -196),
                ]
            ),
            soft(coat.belly),
        )
        if "fuzz" in tags
        else ""
    )
    legs = both(
        limb("M54 -130Q92 -120 88 -92", coat.ink, 8, coat.ink, 1)
        + limb("M50 -50Q76 -34 70 -8", coat.ink, 9, coat.ink, 1)
    )
    if "spider" in tags:
        legs = both(
            "".join(
                limb(d, coat.base, 13, coat.ink)
                for d in (
                    "M50 -130C110 -220 150 -200 176 -120",
                    "M56 -100C120 -150 160 -110 178 -50",
                    "M56 -76C110 -90 136 -60 140 -8",
                    "M44 -50C80 -56 92 -30 88 -6",
                )
            )
        )
    head = mirrored(
        [(0, -340), (60, -330), (106, -284), (112, -230), (82, -180), (40, -162), (0, -158)]
    )
    feelers = _feelers(build.ears, coat)
    more = (
        both(
            flat(24, -302, 9, 10, coat.ink)
            + flat(22, -305, 3, 3, "#ffffff")
            + flat(58, -296, 7, 8, coat.ink)
            + flat(56, -298, 2.5, 2.5, "#ffffff")
        )
        if "spider" in tags
        else ""
    )
    mask = (
        path(
            mirrored([(0, -296), (50, -298), (88, -262), (84, -206), (44, -174), (0, -170)]),
            coat.belly,
            "none",
        )
        if "masked" in tags
        else ""
    )
    sting = path("M-12 -8L0 26L12 -8Z", coat.ink, "none") if "sting" in tags else ""
    return Figure(
        behind=wings,
        body=sting
        + legs
        + path(torso, soft(coat.base if "masked" not in tags else coat.ink))
        + stripes
        + lamp
        + fuzz,
        torso=torso,
        head=feelers
        + path(head, soft(coat.base if build.tail != "case" else coat.ink))
        + mask
        + more,
        face=Face(
            eyes=((-48, -236), (48, -236)),
            eye=38,
            mouth=(0, -190),
            mouth_width=18,
            crown=(0, -334),
            crown_width=74,
            cheeks=((-80, -196), (80, -196)),
            lid=coat.base,
        ),
        neck=(0, -164),
        neck_width=60,
        top=-400 if build.ears == "none" else -412,
        hands=((-90, -94), (90, -94)),
        pivot=(0, -170),
        chest=(0, -100),
        chest_width=58,
        back=(46, -140),
        reach={"gauze": 46.0 + SPAN, "long": 46 + 1.05 * LONG_SPAN}.get(build.tail, 194.0),
        skin=coat.ink,
        floats=bool(wings) and build.tail != "case",
        tags=frozenset({"winged"}),
    )


def _feelers(kind: str, coat: Coat) -> str:
    if kind == "feather":
        comb = stroke("M30 -326C40 -372 70 -396 100 -400", coat.ink, 7) + "".join(
            stroke(f"M{x} {y}l{dx} -16M{x} {y}l18 6", coat.ink, 5)
            for x, y, dx in ((38, -350, -14), (50, -370, -12), (68, -386, -8))
        )
        return both(comb)
    if kind == "none":
        return ""
    return both(
        stroke("M28 -328C34 -372 56 -392 80 -398", coat.ink, 7)
        + oval(84, -398, 12, 12, soft(coat.accent))
    )


def _painted_wing(coat: Coat) -> str:
    upper = "M20 -140C40 -260 130 -350 186 -320C214 -290 180 -180 110 -136C80 -122 40 -124 20 -140Z"
    lower = "M20 -130C70 -140 160 -120 172 -70C172 -20 110 10 74 -20C44 -46 30 -90 20 -130Z"
    spots = oval(
        144, -262, 26, 30, soft(lighten(coat.accent, 0.25)), darken(coat.mark, 0.3), 4
    ) + oval(118, -66, 22, 22, soft(lighten(coat.accent, 0.25)), darken(coat.mark, 0.3), 4)
    inner = path(
        "M40 -156C60 -230 110 -300 152 -306C120 -270 90 -200 84 -150Z",
        lighten(coat.mark, 0.25),
        "none",
        opacity=0.8,
    )
    dots = "".join(
        flat(x, y, 6, 6, "#fff8e8")
        for x, y in ((184, -290), (182, -256), (166, -214), (160, -60), (148, -26))
    )
    return path(lower, soft(coat.accent)) + path(upper, soft(coat.mark)) + inner + spots + dots
