"""Clouds, stars, moons, suns, flames, drops of water: creatures of sky and element."""

from random import Random

from services.avatar.engines.sketch.build import Build
from services.avatar.engines.sketch.colour import darken, lighten
from services.avatar.engines.sketch.figure import Coat, Face, Figure
from services.avatar.engines.sketch.svg import (
    Point,
    both,
    flat,
    glow,
    group,
    oval,
    path,
    polygon,
    ring,
    smooth,
    soft,
    star,
    stroke,
)


def skyborn(coat: Coat, build: Build, _rng: Random) -> Figure:
    """A face in a cloud, star, moon, sun, flame or drop, with small arms and feet."""
    kind = build.ears
    shape, extra = _shape(kind, coat)
    centre = {"moon": (-14.0, -196.0), "flame": (0.0, -130.0), "drop": (0.0, -138.0)}.get(
        kind, (0.0, -196.0)
    )
    x, y = centre
    spread = 38 if kind == "moon" else 44
    limbs = (
        both(
            oval(46, -26, 24, 15, soft(darken(coat.base, 0.12)))
            + stroke("M44 -66V-32", coat.ink, 9)
        )
        if kind in {"star", "sun"}
        else ""
    )
    return Figure(
        behind=flat(0, -190, 230, 230, glow(lighten(coat.base, 0.4)), 0.75) + limbs,
        body="",
        torso="",
        head=extra + shape,
        face=Face(
            eyes=((x - spread, y - 14), (x + spread, y - 14)),
            eye=34,
            mouth=(x, y + 32),
            mouth_width=22,
            crown=(
                x,
                {"cloud": -296.0, "star": -330.0, "moon": -330.0, "sun": -296.0}.get(kind, -250.0),
            ),
            crown_width=66,
            cheeks=((x - 76, y + 24), (x + 76, y + 24)),
            lid=coat.base if kind != "flame" else coat.belly,
        ),
        neck=(0, -110),
        neck_width=80,
        hands=((-140, -150), (140, -150)),
        paw=18,
        pivot=(0, -170),
        chest=(0, -90),
        chest_width=60,
        back=(90, -200),
        floats=True,
        skin=coat.base,
        tags=frozenset({"boneless"}),
        tilts=True,
    )


def _shape(kind: str, coat: Coat) -> tuple[str, str]:
    match kind:
        case "cloud":
            d = (
                "M-120 -90C-190 -90 -200 -180 -140 -196C-150 -270 -60 -300 -30 -260C0 -330 "
                "110 -310 106 -236C176 -250 206 -130 130 -96C80 -70 -80 -74 -120 -90Z"
            )
            drops = (
                "".join(
                    path(f"M{dx} -66q12 20 0 30q-12 -10 0 -30Z", "#8ec9ea", width=3)
                    for dx in (-80, -20, 44, 96)
                )
                if coat.mark != coat.base
                else ""
            )
            puffs = stroke(
                "M-126 -176Q-100 -196 -80 -180M20 -280Q60 -290 80 -256M110 -130Q140 -140 146 -164",
                lighten(coat.base, 0.6),
                8,
                0.8,
            )
            return path(d, soft(coat.base)) + puffs, drops
        case "star":
            tips = ring(0, -196, 186, 186, 5)
            dips = ring(0, -196, 104, 104, 5, -54)
            rounded: list[Point] = []
            for tip, dip in zip(tips, dips, strict=True):
                rounded += [
                    (tip[0] - 16 * (1 if tip[1] < -196 else -1), tip[1] + 6),
                    (tip[0] + 16 * (1 if tip[1] < -196 else -1), tip[1] + 6),
                    dip,
                ]
            return path(smooth(rounded, tension=0.7), soft(coat.base)), ""
        case "moon":
            d = (
                "M60 -372C-60 -400 -180 -310 -176 -190C-172 -60 -40 20 90 -30C40 -40 90 "
                "-100 76 -150C110 -170 84 -196 70 -220C50 -270 20 -330 60 -372Z"
            )
            craters = "".join(
                flat(x, y, r, r * 0.9, darken(coat.base, 0.15), 0.6)
                for x, y, r in ((-110, -270, 18), (-60, -70, 22), (-130, -120, 12), (-40, -330, 10))
            )
            return path(d, soft(coat.base)) + craters, path(
                star(150, -300, 22, 9, 5), "#ffe9a8"
            ) + path(star(120, -80, 14, 6, 5), "#ffe9a8")
        case "sun":
            rays = "".join(
                group(
                    path(polygon([(-22, -118), (0, -178), (22, -118)]), soft(coat.mark)),
                    y=-196,
                    turn=turn,
                )
                for turn in range(0, 360, 30)
            )
            return oval(0, -196, 122, 122, soft(coat.base)), rays
        case "flame":
            outer = (
                "M0 -20C-110 -16 -150 -90 -128 -170C-116 -210 -90 -226 -92 -270C-60 -254 "
                "-52 -232 -48 -214C-40 -280 -10 -330 30 -380C26 -320 64 -290 76 -236"
                "C88 -250 92 -266 92 -286C130 -240 146 -190 140 -140C134 -60 90 -20 0 -20Z"
            )
            inner = (
                "M0 -30C-80 -28 -104 -90 -84 -150C-70 -190 -50 -196 -44 -220C-10 -200 0 "
                "-230 24 -270C30 -226 60 -200 80 -160C104 -90 80 -32 0 -30Z"
            )
            return path(outer, soft(coat.base)) + path(inner, soft(coat.belly), "none"), ""
        case _:
            d = (
                "M0 -370C30 -290 130 -220 130 -130C130 -50 70 -14 0 -14C-70 -14 -130 -50 "
                "-130 -130C-130 -220 -30 -290 0 -370Z"
            )
            return path(d, soft(coat.base)) + path(
                "M-90 -150C-92 -190 -60 -224 -44 -240C-50 -210 -72 -180 -72 -144Z",
                "#ffffff",
                "none",
                opacity=0.7,
            ), ""
