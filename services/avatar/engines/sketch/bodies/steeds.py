"""Horses, unicorns, zebras, deer, giraffes and llamas: long-legged, necks raised."""

from random import Random

from services.avatar.engines.sketch.bodies.beast_head import antlers
from services.avatar.engines.sketch.build import Build
from services.avatar.engines.sketch.colour import darken, lighten
from services.avatar.engines.sketch.figure import Coat, Face, Figure
from services.avatar.engines.sketch.svg import (
    both,
    clip,
    flat,
    group,
    limb,
    mirrored,
    path,
    smooth,
    soft,
    stroke,
)

_BODY = (
    "M-70 -150C-60 -196 40 -184 100 -180C150 -176 166 -130 150 -96C120 -70 -20 -70 -56 "
    "-90C-76 -104 -78 -130 -70 -150Z"
)


def steed(coat: Coat, build: Build, _rng: Random) -> Figure:
    """Stands turned to the left, its face towards us."""
    tags = build.tags
    x = -52
    lift = -40 if "giraffe" in tags else 0
    hoof = darken(coat.base, 0.55)

    def leg(left: float, colour: str) -> str:
        d = f"M{left} -100L{left - 3} -16"
        return limb(d, colour, 27, coat.ink) + path(
            f"M{left - 19} -18H{left + 13}L{left + 17} 2H{left - 23}Z", soft(hoof)
        )

    far = darken(coat.base, 0.16)
    neck = smooth(
        [
            (-92, -120),
            (-98, -190),
            (-92, -250 + lift),
            (-30, -262 + lift),
            (-2, -200),
            (34, -170),
            (20, -110),
            (-40, -90),
        ]
    )
    marks = ""
    if "zebra" in tags:
        marks = "".join(
            stroke(f"M{sx} -200Q{sx + 16} -130 {sx - 4} -60", coat.mark, 11)
            for sx in range(-30, 160, 30)
        ) + "".join(
            stroke(f"M-104 {sy}Q-50 {sy + 18} 10 {sy - 6}", coat.mark, 10)
            for sy in range(-240, -120, 28)
        )
    if "giraffe" in tags:
        marks = "".join(
            path(
                smooth([(px, py), (px + 22, py - 6), (px + 26, py + 14), (px + 6, py + 20)]),
                coat.mark,
                "none",
            )
            for px, py in (
                (-86, -250),
                (-50, -268),
                (-84, -212),
                (-46, -226),
                (-74, -174),
                (-36, -186),
                (-6, -170),
                (30, -168),
                (70, -172),
                (110, -160),
                (10, -132),
                (50, -128),
                (92, -126),
                (-30, -140),
            )
        )
    if "fawn" in tags:
        marks = "".join(
            flat(px, py, 7, 6, coat.belly)
            for px, py in (
                (40, -160),
                (70, -164),
                (100, -158),
                (56, -138),
                (86, -136),
                (116, -136),
                (128, -158),
            )
        )
    torso = (
        path(_BODY, soft(coat.base))
        + clip(_BODY, flat(40, -76, 110, 26, coat.belly, 0.8) + marks)
        + stroke(_BODY)
    )
    neck_drawn = path(neck, soft(coat.base)) + (clip(neck, marks) + stroke(neck) if marks else "")
    wool = (
        path(
            smooth(
                [
                    (-100, -180),
                    (-112, -150),
                    (-90, -120),
                    (-64, -100),
                    (-40, -86),
                    (-4, -92),
                    (20, -120),
                    (24, -160),
                    (0, -186),
                ]
            ),
            soft(coat.belly),
        )
        if "wool" in tags
        else ""
    )
    return Figure(
        behind=_tail(coat, tags) + leg(-20, far) + leg(112, far),
        body=torso + leg(-52, coat.base) + leg(140, coat.base) + neck_drawn + wool,
        torso="" if marks else _BODY,
        head=group(_head(coat, build), x=x, y=-10 + lift, scale=0.92),
        face=Face(
            eyes=((x - 46, -252 + lift), (x + 46, -252 + lift)),
            eye=30,
            mouth=(x, -160 + lift),
            mouth_width=22,
            crown=(x, -326 + lift),
            crown_width=64,
            cheeks=((x - 68, -206 + lift), (x + 68, -206 + lift)),
            lid=coat.base,
        ),
        top=(-440 if "antlers" in tags else -415) + lift,
        neck=(-48, -162),
        neck_width=58,
        pivot=(x, -190 + lift),
        chest=(-40, -120),
        chest_width=50,
        back=(40, -170),
        skin=coat.base,
        tags=frozenset({"sideways"}),
    )


def _head(coat: Coat, build: Build) -> str:
    tags = build.tags
    outline = mirrored(
        [
            (0, -342),
            (50, -334),
            (82, -294),
            (84, -246),
            (64, -206),
            (58, -168),
            (34, -142),
            (0, -138),
        ]
    )
    ears = (
        both(
            path("M36 -318C44 -356 66 -376 84 -384C94 -352 90 -320 76 -298Z", soft(coat.base))
            + path("M54 -322Q64 -350 78 -362Q82 -336 72 -312Z", "#e9a79b", "none")
        )
        if build.ears != "leaf"
        else both(
            path("M60 -306C100 -352 150 -346 166 -322C150 -286 106 -268 78 -276Z", soft(coat.base))
            + path("M84 -304Q118 -328 146 -320Q124 -294 90 -288Z", "#e9a79b", "none")
        )
    )
    pieces = []
    if "antlers" in tags:
        pieces.append(antlers(coat))
    if "mane" in tags:
        mane = (
            "M-20 -346C60 -370 110 -320 112 -250C124 -200 110 -140 90 -110C84 -150 60 -160 "
            "58 -200C60 -260 40 -310 -20 -346Z"
        )
        pieces.append(
            path(mane, soft(coat.mark))
            + stroke("M60 -316C92 -280 96 -220 90 -160", lighten(coat.mark, 0.35), 5, 0.8)
        )
    pieces += [ears, path(outline, soft(coat.base))]
    marks = ""
    if "zebra" in tags:
        marks = both(
            "".join(
                stroke(f"M90 {y}Q60 {y + 12} 40 {y - 2}", coat.mark, 9) for y in (-300, -216, -192)
            )
        ) + stroke("M0 -346V-300M-20 -340L-12 -306M20 -340L12 -306", coat.mark, 9)
    if "giraffe" in tags:
        marks = "".join(
            flat(x, y, 12, 10, coat.mark)
            for x, y in ((-20, -310), (24, -300), (-70, -290), (70, -280))
        )
        pieces.insert(
            0,
            both(
                limb("M24 -330L30 -374", coat.base, 11, coat.ink)
                + flat(30, -380, 13, 12, coat.mark)
            ),
        )
    if "blaze" in tags:
        marks = path(mirrored([(0, -312), (12, -290), (16, -230), (0, -190)]), coat.belly, "none")
    nose = mirrored([(0, -212), (40, -206), (66, -176), (48, -146), (0, -138)])
    pieces.append(
        clip(outline, marks + path(nose, coat.belly, "none", opacity=0.9)) + stroke(outline)
    )
    pieces.append(both(flat(18, -178, 6, 8, coat.ink, 0.7)))
    if "mane" in tags:
        pieces.append(
            path(
                (
                    "M-6 -348C-40 -340 -40 -300 -24 -280C-16 -300 0 -304 14 -284C34 -304 "
                    "34 -340 -6 -348Z"
                ),
                soft(coat.mark),
            )
        )
    if "wool" in tags:
        pieces.append(
            path(
                smooth(
                    [
                        (-50, -320),
                        (-40, -356),
                        (-10, -366),
                        (20, -364),
                        (46, -350),
                        (52, -316),
                        (26, -302),
                        (0, -310),
                        (-26, -302),
                    ]
                ),
                soft(coat.belly),
            )
        )
    if "unicorn" in tags:
        pieces.append(
            path("M-16 -316L0 -424L16 -316Q0 -308 -16 -316Z", soft("#f6cf63"))
            + stroke("M-13 -334L11 -344M-10 -358L8 -368M-7 -382L5 -390", "#b98a2c", 4)
        )
    return "".join(pieces)


def _tail(coat: Coat, tags: frozenset[str]) -> str:
    if tags & {"fawn", "wool"}:
        return path(
            "M140 -160C170 -180 186 -160 176 -132C160 -124 146 -130 140 -140Z", soft(coat.belly)
        )
    if "giraffe" in tags or "zebra" in tags:
        return stroke("M148 -150Q186 -130 176 -80", coat.ink, 8) + path(
            "M166 -86C160 -60 168 -44 178 -40C190 -56 190 -74 184 -88Z", soft(coat.mark)
        )
    return path(
        "M140 -160C200 -170 210 -100 190 -30C170 -50 176 -70 160 -80C164 -110 150 -130 136 -136Z",
        soft(coat.mark),
    ) + stroke("M160 -148C184 -130 186 -90 180 -60", lighten(coat.mark, 0.35), 5, 0.8)
