"""Golems and snowmen: what was piled up."""

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
    polygon,
    soft,
    star,
    stroke,
)


def golem(coat: Coat, build: Build, _rng: Random) -> Figure:
    """Boulders stacked into a gentle giant, moss on its shoulders."""
    stone, moss = coat.base, coat.accent

    def rock(points: list[tuple[float, float]]) -> str:
        return path(polygon(points), soft(stone)) + path(
            polygon(
                [
                    points[0],
                    points[1],
                    points[2],
                    ((points[0][0] + points[2][0]) / 2, (points[0][1] + points[2][1]) / 2 + 14),
                ]
            ),
            lighten(stone, 0.25),
            "none",
            opacity=0.6,
        )

    legs = both(rock([(20, -60), (60, -70), (92, -40), (88, -4), (24, -2)]))
    torso = rock(
        [
            (-104, -166),
            (-40, -204),
            (60, -200),
            (108, -160),
            (98, -80),
            (56, -44),
            (-58, -42),
            (-100, -84),
        ]
    )
    arms = both(
        rock([(96, -176), (136, -178), (158, -130), (142, -96), (104, -112)])
        + rock([(106, -104), (150, -100), (164, -50), (132, -26), (98, -50)])
    )
    head = rock(
        [
            (-92, -288),
            (-60, -346),
            (34, -354),
            (90, -310),
            (98, -236),
            (64, -190),
            (-56, -186),
            (-96, -230),
        ]
    )
    cracks = stroke("M-40 -150l16 20l-10 18l18 22M50 -70l-14 -18l10 -16", darken(stone, 0.45), 4)
    runes = path(star(30, -120, 22, 9, 4), lighten(moss, 0.5), "none") + flat(
        30, -120, 46, 46, glow(lighten(moss, 0.4)), 0.6
    )
    tufts = both(
        path(
            "M92 -176Q100 -200 112 -184Q122 -204 132 -182Q144 -192 142 -170Q118 -160 92 -166Z",
            soft(moss),
        )
    )
    cap = (
        path(
            (
                "M-78 -322Q-70 -352 -50 -346Q-36 -372 -14 -356Q6 -376 24 -356Q50 -364 52 "
                "-340Q20 -326 -10 -334Q-50 -330 -78 -322Z"
            ),
            soft(moss),
        )
        if "crystal" not in build.tags
        else "".join(
            path(
                polygon(
                    [
                        (x - w, -330),
                        (x - w * 0.6, -330 - h),
                        (x, -340 - h * 1.2),
                        (x + w * 0.8, -330 - h * 0.8),
                        (x + w, -326),
                    ]
                ),
                soft(coat.mark),
            )
            for x, w, h in ((-46, 16, 40), (44, 18, 36), (0, 22, 62))
        )
    )
    return Figure(
        body=legs + torso + cracks + runes + arms + tufts,
        torso="",
        head=head + cap + stroke("M60 -210l10 -18l-6 -14", darken(stone, 0.45), 4),
        face=Face(
            eyes=((-42, -268), (42, -268)),
            eye=31,
            mouth=(0, -218),
            mouth_width=26,
            crown=(0, -346),
            crown_width=80,
            cheeks=((-70, -228), (70, -228)),
            lid=darken(stone, 0.1),
        ),
        neck=(0, -186),
        neck_width=84,
        hands=((-136, -40), (136, -40)),
        paw=0,
        pivot=(0, -190),
        chest=(0, -120),
        chest_width=84,
        back=(80, -160),
        skin=stone,
        tags=frozenset({"hard"}),
    )


def snowman(coat: Coat, _build: Build, _rng: Random) -> Figure:
    """Two snowballs and a carrot."""
    arms = both(stroke("M92 -130L160 -180M136 -162l22 8M140 -166l6 -26", "#5b3d33", 10))
    head = oval(0, -254, 94, 88, soft(coat.base)) + path(
        "M-6 -244L62 -226L-4 -220Q-16 -232 -6 -244Z", soft("#f08a3c")
    )
    buttons = "".join(flat(0, y, 9, 9, "#4a4152") for y in (-130, -94, -58))
    return Figure(
        behind=arms,
        body=oval(0, -84, 122, 92, soft(coat.base)) + buttons,
        torso="",
        head=head,
        face=Face(
            eyes=((-38, -272), (38, -272)),
            eye=29,
            mouth=(0, -200),
            mouth_width=30,
            crown=(0, -334),
            crown_width=70,
            cheeks=((-66, -222), (66, -222)),
            lid=coat.base,
        ),
        neck=(0, -172),
        neck_width=66,
        hands=((-152, -176), (152, -176)),
        pivot=(0, -170),
        chest=(0, -100),
        chest_width=80,
        back=(70, -130),
        tags=frozenset({"hard"}),
    )
