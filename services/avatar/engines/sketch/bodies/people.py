"""People: children of all ages, elves, dwarfs, fairies, knights and mermaids."""

from random import Random

from services.avatar.engines.sketch.bodies.hair import beard, hair
from services.avatar.engines.sketch.build import Build
from services.avatar.engines.sketch.colour import darken, lighten
from services.avatar.engines.sketch.figure import Coat, Face, Figure
from services.avatar.engines.sketch.svg import (
    both,
    clip,
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

_ROBE = [(0, -186), (38, -176), (60, -140), (74, -80), (96, -10), (50, -2), (0, 0)]


def person(coat: Coat, build: Build, rng: Random) -> Figure:
    """Stands in a robe, coat or armour; skin is the coat's base, dress its belly, hair its mark."""
    tags = build.tags
    dress, skin = coat.belly, coat.base
    torso = mirrored(_ROBE)
    shoes = both(oval(34, -4, 30, 14, soft(darken(dress, 0.45))))
    sleeves = both(
        limb("M52 -150Q94 -128 90 -94", darken(dress, 0.08), 30, coat.ink)
        + oval(88, -86, 17, 16, soft(skin))
    )
    body = _dress(tags, dress, coat, torso)
    if "mermaid" in tags:
        body, shoes = _fishtail(coat, dress), ""
        sleeves = both(limb("M50 -156Q92 -130 88 -94", skin, 24, coat.ink))
    if "armour" in tags:
        sleeves = both(
            limb("M54 -150Q98 -128 92 -94", "#b9c2d0", 28, coat.ink)
            + oval(58, -158, 26, 22, soft("#ced6e2"))
            + oval(90, -86, 18, 17, soft("#9aa5b8"))
        )
    hair_back, hair_front = hair(
        build.tail or rng.choice(("bob", "long", "short", "curly", "bun")), coat
    )
    return Figure(
        behind=hair_back if "hood" not in tags else "",
        body=shoes + body + sleeves if "mermaid" not in tags else body + sleeves,
        torso="",
        head=_head(coat, tags) + hair_front + beard(coat, tags),
        face=Face(
            eyes=((-42, -238), (42, -238)),
            eye=29,
            mouth=(0, -186),
            mouth_width=18,
            crown=(0, -334),
            crown_width=92,
            cheeks=((-68, -200), (68, -200)),
            lid=skin,
            brow_lift=2,
        ),
        neck=(0, -168),
        neck_width=44,
        hands=((-90, -88), (90, -88)),
        paw=16,
        pivot=(0, -172),
        chest=(0, -110),
        chest_width=60,
        back=(40, -140),
        skin=skin,
        tags=frozenset({"person"}),
    )


def _dress(tags: frozenset[str], dress: str, coat: Coat, torso: str) -> str:
    trim = coat.accent
    base = path(torso, soft(dress))
    if "armour" in tags:
        plate = mirrored([(0, -184), (50, -172), (64, -120), (52, -76), (0, -66)])
        skirt = clip(
            torso,
            "".join(
                stroke(f"M-100 {y}Q0 {y + 14} 100 {y}", darken(dress, 0.3), 4) for y in (-40, -20)
            ),
        )
        return (
            base
            + skirt
            + path(plate, soft("#c6cfdc"))
            + stroke("M0 -180V-70M-54 -120Q0 -104 54 -120", "#7c879c", 4)
            + path("M-58 -78Q0 -62 58 -78L60 -60Q0 -44 -60 -60Z", soft("#8a5a3c"))
        )
    if "coat" in tags:
        return (
            base
            + path(polygon([(-26, -184), (26, -184), (30, 0), (-30, 0)]), "#fff6e4", "none")
            + stroke("M-26 -182L-32 -2M26 -182L32 -2")
            + "".join(flat(x, y, 5, 5, trim) for x in (-42, 42) for y in (-120, -90, -60))
            + path("M-66 -84Q0 -68 66 -84L70 -64Q0 -46 -70 -64Z", soft("#6a4a38"))
            + path("M-14 -80H14V-56H-14Z", soft("#f2c24e"), width=4)
        )
    if "suit" in tags:
        return (
            base
            + path(
                polygon([(-60, -100), (60, -100), (60, -56), (-60, -56)]),
                lighten(dress, 0.4),
                width=4,
            )
            + "".join(
                oval(x, -78, 8, 8, c, width=3)
                for x, c in ((-34, "#e06456"), (-10, "#f2b440"), (14, "#6ab96a"))
            )
            + path("M28 -90H50V-66H28Z", "#4f84c4", width=3)
        )
    hem = clip(
        torso,
        path("M-120 -28Q0 -6 120 -28V10H-120Z", trim, "none")
        + stroke("M-120 -28Q0 -6 120 -28", lighten(trim, 0.4), 4),
    )
    belt = path("M-70 -92Q0 -76 70 -92L74 -72Q0 -54 -74 -72Z", soft(darken(dress, 0.4))) + path(
        "M-13 -86H13V-62H-13Z", soft("#f2c24e"), width=4
    )
    collar = path("M-40 -176Q0 -140 40 -176L30 -150Q0 -126 -30 -150Z", soft(trim))
    return base + hem + stroke(torso) + belt + collar


def _fishtail(coat: Coat, scales: str) -> str:
    tail = (
        "M-58 -110C-80 -60 -50 -20 10 -12C70 -6 110 -30 128 -70L160 -60C150 0 80 30 10 26"
        "C-60 24 -110 -30 -92 -100Z"
    )
    tail = smooth(
        [
            (-56, -120),
            (56, -120),
            (66, -70),
            (50, -30),
            (90, -22),
            (124, -50),
            (150, -40),
            (120, 4),
            (60, 16),
            (0, 10),
            (-50, -20),
            (-70, -70),
        ]
    )
    fluke = smooth(
        [(124, -50), (120, -110), (146, -140), (160, -100), (196, -96), (206, -60), (170, -34)]
    )
    marks = "".join(
        stroke(f"M{x} {y}q11 13 22 0", darken(scales, 0.25), 3.5, 0.8)
        for y, xs in (
            (-96, (-50, -26, -2, 22)),
            (-76, (-40, -16, 8, 32)),
            (-56, (-50, -26, -2, 22)),
            (-36, (-40, -16, 8)),
            (-16, (-20, 4, 28, 60)),
        )
        for x in xs
    )
    chest = path(
        mirrored([(0, -186), (36, -176), (50, -140), (54, -112), (0, -106)]), soft(coat.base)
    )
    shells = both(path("M4 -124Q2 -152 26 -154Q50 -150 46 -122Q24 -114 4 -124Z", soft(coat.accent)))
    return (
        path(fluke, soft(lighten(scales, 0.15)))
        + chest
        + path(tail, soft(scales))
        + clip(tail, marks)
        + stroke(tail)
        + shells
    )


def _head(coat: Coat, tags: frozenset[str]) -> str:
    outline = mirrored(
        [(0, -332), (58, -324), (94, -282), (98, -232), (78, -182), (40, -156), (0, -150)]
    )
    skin = coat.base
    if tags & {"elf", "fairy"}:
        ears = both(
            path("M84 -262C120 -300 160 -310 182 -302C168 -260 130 -214 88 -208Z", soft(skin))
            + path(
                "M96 -252C122 -280 148 -290 162 -290C148 -262 122 -234 98 -226Z",
                darken(skin, 0.15),
                "none",
            )
        )
    else:
        ears = both(oval(98, -234, 18, 22, soft(skin)))
    nose = stroke("M-5 -210Q0 -204 6 -210", darken(skin, 0.4), 4)
    return ears + path(outline, soft(skin)) + nose
