"""Frogs, turtles, snakes and snails."""

from random import Random

from services.avatar.engines.sketch.build import Build
from services.avatar.engines.sketch.colour import darken, lighten, mix
from services.avatar.engines.sketch.figure import Coat, Face, Figure
from services.avatar.engines.sketch.svg import both, flat, limb, mirrored, oval, path, soft, stroke


def frog(coat: Coat, build: Build, _rng: Random) -> Figure:
    """Squats wide, eyes on top of a broad head."""
    torso = mirrored([(0, -180), (64, -164), (96, -110), (92, -40), (50, -8), (0, -4)])
    thigh = both(
        path(
            "M70 -30C60 -96 110 -130 150 -104C184 -78 176 -30 140 -16C112 -8 84 -10 70 -30Z",
            soft(coat.base),
        )
    )
    feet = both(
        path(
            (
                "M76 -8C96 -30 150 -26 170 -6C180 2 164 8 156 0C150 8 136 8 130 0C122 8 "
                "108 8 102 0C94 8 70 6 76 -8Z"
            ),
            soft(lighten(coat.base, 0.12)),
        )
    )
    arms = limb("M62 -120Q70 -60 46 -20", coat.base, 24, coat.ink) + path(
        "M22 -6C26 -24 64 -26 72 -6C74 4 60 4 56 -2C52 6 42 6 38 -2C34 4 20 4 22 -6Z",
        soft(lighten(coat.base, 0.12)),
    )
    belly = path(
        mirrored([(0, -164), (44, -146), (62, -96), (52, -40), (0, -14)]), soft(coat.belly), "none"
    )
    outline = mirrored(
        [(0, -296), (50, -302), (112, -270), (146, -216), (126, -168), (64, -142), (0, -138)]
    )
    domes = both(oval(66, -290, 48, 48, soft(coat.base)))
    jaw = path(
        mirrored([(0, -196), (70, -202), (136, -206), (124, -170), (62, -146), (0, -142)]),
        lighten(coat.belly, 0.1),
        "none",
        opacity=0.85,
    )
    warts = (
        both(
            "".join(
                flat(x, y, r, r, coat.mark, 0.6)
                for x, y, r in ((20, -274, 7), (2, -256, 5), (112, -240, 8))
            )
        )
        if "warts" in build.tags
        else ""
    )
    return Figure(
        body=thigh + feet + path(torso, soft(coat.base)) + belly,
        forelegs=arms,
        shoulder=(60, -122),
        torso=torso,
        head=domes
        + path(outline, soft(coat.base))
        + both(oval(66, -288, 40, 40, coat.base, "none"))
        + jaw
        + warts
        + both(flat(12, -222, 4, 3.5, coat.ink, 0.8)),
        face=Face(
            eyes=((-66, -290), (66, -290)),
            eye=37,
            mouth=(0, -194),
            mouth_width=58,
            crown=(0, -304),
            crown_width=52,
            cheeks=((-104, -206), (104, -206)),
            lid=coat.base,
        ),
        neck=(0, -150),
        neck_width=78,
        hands=((-100, -98), (100, -98)),
        paw=17,
        pivot=(0, -160),
        chest=(0, -90),
        chest_width=72,
        back=(60, -120),
        skin=coat.base,
        tags=frozenset({"stalks"}),
    )


def turtle(coat: Coat, _build: Build, _rng: Random) -> Figure:
    """A tall patterned shell behind a friendly head."""
    dome = "M-134 -40C-150 -170 -60 -262 40 -250C140 -236 190 -140 176 -40Z"
    shell = coat.mark
    plates = "".join(
        path(d, lighten(shell, 0.16), darken(shell, 0.35), 4)
        for d in (
            "M-20 -160L30 -186L82 -160L82 -108L30 -84L-20 -108Z",
            "M96 -172L146 -150L166 -100L100 -112Z",
            "M-30 -172L-84 -150L-112 -96L-36 -112Z",
            "M44 -202L100 -190L136 -166L90 -174Z",
            "M16 -202L-46 -188L-76 -160L-26 -176Z",
            "M-112 -80L-40 -96L10 -74L4 -44L-126 -44Z",
            "M170 -84L100 -98L50 -74L52 -44L172 -44Z",
        )
    )
    rim = path(
        (
            "M-148 -44C-100 -64 140 -64 190 -44C200 -20 170 -14 150 -16H-110C-140 -14 -158 "
            "-22 -148 -44Z"
        ),
        soft(coat.belly),
    )
    legs = oval(-84, -16, 36, 22, soft(coat.base)) + oval(130, -16, 36, 22, soft(coat.base))
    tail = path("M176 -40Q208 -30 214 -8Q186 -6 166 -18Z", soft(coat.base))
    neck = path(
        "M-110 -30C-120 -90 -110 -140 -90 -170L10 -170C20 -120 10 -60 -4 -28Z", soft(coat.base)
    )
    head = mirrored(
        [(0, -336), (56, -328), (94, -286), (98, -236), (76, -188), (36, -164), (0, -160)]
    )
    spots = both(
        "".join(
            flat(x, y, r, r * 0.9, darken(coat.base, 0.18), 0.5)
            for x, y, r in ((16, -316, 7), (40, -306, 9), (70, -280, 6))
        )
    )
    moved = (
        f'<g transform="translate(-50 4)">{path(head, soft(coat.base))}{spots}'
        f"{both(flat(9, -222, 3.5, 3, coat.ink, 0.7))}</g>"
    )
    return Figure(
        behind=tail + path(dome, soft(shell)) + plates + stroke(dome),
        body=rim
        + legs
        + neck
        + oval(-74, -10, 34, 18, soft(coat.base))
        + oval(4, -10, 34, 18, soft(coat.base)),
        torso="",
        head=moved,
        face=Face(
            eyes=((-92, -252), (-8, -252)),
            eye=32,
            mouth=(-50, -200),
            mouth_width=26,
            crown=(-50, -328),
            crown_width=76,
            cheeks=((-126, -208), (26, -208)),
            lid=coat.base,
        ),
        neck=(-50, -150),
        neck_width=56,
        hands=((-122, -80),),
        paw=16,
        pivot=(-50, -150),
        chest=(-50, -90),
        chest_width=46,
        back=(20, -180),
        skin=coat.base,
    )


def snail(coat: Coat, _build: Build, _rng: Random) -> Figure:
    """A spiral house on a long soft foot, eyes on stalks."""
    foot = (
        "M-150 -14C-170 -60 -150 -150 -110 -190C-80 -216 -20 -200 -20 -150C-20 -110 -6 -70 "
        "40 -64C110 -58 170 -40 196 -8C150 4 -120 4 -150 -14Z"
    )
    house = oval(64, -138, 112, 108, soft(coat.mark))
    spiral = stroke(
        (
            "M64 -32C-20 -40 -30 -140 30 -186C90 -222 150 -180 142 -120C134 -72 70 -66 54 "
            "-110C44 -150 90 -166 102 -136C108 -118 94 -108 84 -114"
        ),
        darken(coat.mark, 0.4),
        10,
    ) + stroke("M-10 -190C20 -228 100 -240 140 -190", lighten(coat.mark, 0.4), 8, 0.7)
    stalks = limb("M-118 -190Q-140 -230 -138 -262", coat.base, 17, coat.ink) + limb(
        "M-70 -196Q-62 -230 -58 -262", coat.base, 17, coat.ink
    )
    face = oval(-96, -160, 66, 58, soft(coat.base))
    knobs = oval(-140, -270, 36, 36, soft(coat.base)) + oval(-56, -270, 36, 36, soft(coat.base))
    frill = "".join(
        stroke(f"M{x} -12q12 -10 24 0", mix(coat.base, coat.ink, 0.4), 3)
        for x in range(-130, 170, 30)
    )
    return Figure(
        behind="",
        body=path(foot, soft(coat.base)) + frill + house + spiral,
        torso="",
        head=stalks + knobs + face,
        face=Face(
            eyes=((-140, -272), (-56, -272)),
            eye=32,
            mouth=(-98, -152),
            mouth_width=24,
            crown=(-97, -212),
            crown_width=48,
            cheeks=((-140, -150), (-54, -150)),
            lid=coat.base,
            brow_lift=0,
        ),
        neck=(-96, -108),
        neck_width=56,
        pivot=(-96, -120),
        chest=(-90, -80),
        chest_width=40,
        back=(30, -170),
        tags=frozenset({"stalks", "boneless"}),
    )
