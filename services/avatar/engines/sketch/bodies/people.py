"""People: children of all ages, elves, dwarfs, fairies, knights and mermaids."""

from random import Random

from services.avatar.engines.sketch.build import Build
from services.avatar.engines.sketch.colour import darken, lighten
from services.avatar.engines.sketch.figure import Coat, Face, Figure
from services.avatar.engines.sketch.svg import both, clip, flat, limb, mirrored, oval, path, polygon, smooth, soft, stroke

_ROBE = [(0, -186), (38, -176), (60, -140), (74, -80), (96, -10), (50, -2), (0, 0)]


def person(coat: Coat, build: Build, rng: Random) -> Figure:
    """Stands in a robe, coat or armour; skin is the coat's base, dress its belly, hair its mark."""
    tags = build.tags
    dress, skin = coat.belly, coat.base
    torso = mirrored(_ROBE)
    shoes = both(oval(34, -4, 30, 14, soft(darken(dress, 0.45))))
    sleeves = both(limb("M52 -150Q94 -128 90 -94", darken(dress, 0.08), 30, coat.ink) + oval(88, -86, 17, 16, soft(skin)))
    body, behind = _dress(tags, dress, coat, torso), ""
    if "mermaid" in tags:
        body, behind, shoes = _fishtail(coat, dress), "", ""
        sleeves = both(limb("M50 -156Q92 -130 88 -94", skin, 24, coat.ink))
    if "armour" in tags:
        sleeves = both(limb("M54 -150Q98 -128 92 -94", "#b9c2d0", 28, coat.ink) + oval(58, -158, 26, 22, soft("#ced6e2")) + oval(90, -86, 18, 17, soft("#9aa5b8")))
    hair_back, hair_front = _hair(build.tail or rng.choice(("bob", "long", "short", "curly", "bun")), coat)
    return Figure(
        behind=hair_back if "hood" not in tags else "", body=shoes + body + sleeves if "mermaid" not in tags else body + sleeves, torso="", head=_head(coat, tags) + hair_front + _beard(coat, tags),
        face=Face(eyes=((-42, -238), (42, -238)), eye=26, mouth=(0, -186), mouth_width=18, crown=(0, -334), crown_width=92, cheeks=((-68, -200), (68, -200)), lid=skin, brow_lift=2),
        neck=(0, -168), neck_width=44, hands=((-90, -88), (90, -88)), paw=16, pivot=(0, -172), chest=(0, -110), chest_width=60, back=(40, -140), skin=skin, tags=frozenset({"person"}),
    )


def _dress(tags: frozenset[str], dress: str, coat: Coat, torso: str) -> str:
    trim = coat.accent
    base = path(torso, soft(dress))
    if "armour" in tags:
        plate = mirrored([(0, -184), (50, -172), (64, -120), (52, -76), (0, -66)])
        skirt = clip(torso, "".join(stroke(f"M-100 {y}Q0 {y + 14} 100 {y}", darken(dress, 0.3), 4) for y in (-40, -20)))
        return base + skirt + path(plate, soft("#c6cfdc")) + stroke("M0 -180V-70M-54 -120Q0 -104 54 -120", "#7c879c", 4) + path("M-58 -78Q0 -62 58 -78L60 -60Q0 -44 -60 -60Z", soft("#8a5a3c"))
    if "coat" in tags:
        return base + path(polygon([(-26, -184), (26, -184), (30, 0), (-30, 0)]), "#fff6e4", "none") + stroke("M-26 -182L-32 -2M26 -182L32 -2") + "".join(flat(x, y, 5, 5, trim) for x in (-42, 42) for y in (-120, -90, -60)) + path("M-66 -84Q0 -68 66 -84L70 -64Q0 -46 -70 -64Z", soft("#6a4a38")) + path("M-14 -80H14V-56H-14Z", soft("#f2c24e"), width=4)
    if "suit" in tags:
        return base + path(polygon([(-60, -100), (60, -100), (60, -56), (-60, -56)]), lighten(dress, 0.4), width=4) + "".join(oval(x, -78, 8, 8, c, width=3) for x, c in ((-34, "#e06456"), (-10, "#f2b440"), (14, "#6ab96a"))) + path("M28 -90H50V-66H28Z", "#4f84c4", width=3)
    hem = clip(torso, path("M-120 -28Q0 -6 120 -28V10H-120Z", trim, "none") + stroke("M-120 -28Q0 -6 120 -28", lighten(trim, 0.4), 4))
    belt = path("M-70 -92Q0 -76 70 -92L74 -72Q0 -54 -74 -72Z", soft(darken(dress, 0.4))) + path("M-13 -86H13V-62H-13Z", soft("#f2c24e"), width=4)
    collar = path("M-40 -176Q0 -140 40 -176L30 -150Q0 -126 -30 -150Z", soft(trim))
    return base + hem + stroke(torso) + belt + collar


def _fishtail(coat: Coat, scales: str) -> str:
    tail = "M-58 -110C-80 -60 -50 -20 10 -12C70 -6 110 -30 128 -70L160 -60C150 0 80 30 10 26C-60 24 -110 -30 -92 -100Z"
    tail = smooth([(-56, -120), (56, -120), (66, -70), (50, -30), (90, -22), (124, -50), (150, -40), (120, 4), (60, 16), (0, 10), (-50, -20), (-70, -70)])
    fluke = smooth([(124, -50), (120, -110), (146, -140), (160, -100), (196, -96), (206, -60), (170, -34)])
    marks = "".join(stroke(f"M{x} {y}q11 13 22 0", darken(scales, 0.25), 3.5, 0.8) for y, xs in ((-96, (-50, -26, -2, 22)), (-76, (-40, -16, 8, 32)), (-56, (-50, -26, -2, 22)), (-36, (-40, -16, 8)), (-16, (-20, 4, 28, 60))) for x in xs)
    chest = path(mirrored([(0, -186), (36, -176), (50, -140), (54, -112), (0, -106)]), soft(coat.base))
    shells = both(path("M4 -124Q2 -152 26 -154Q50 -150 46 -122Q24 -114 4 -124Z", soft(coat.accent)))
    return path(fluke, soft(lighten(scales, 0.15))) + chest + path(tail, soft(scales)) + clip(tail, marks) + stroke(tail) + shells


def _head(coat: Coat, tags: frozenset[str]) -> str:
    outline = mirrored([(0, -332), (58, -324), (94, -282), (98, -232), (78, -182), (40, -156), (0, -150)])
    skin = coat.base
    if tags & {"elf", "fairy"}:
        ears = both(path("M84 -262C120 -300 160 -310 182 -302C168 -260 130 -214 88 -208Z", soft(skin)) + path("M96 -252C122 -280 148 -290 162 -290C148 -262 122 -234 98 -226Z", darken(skin, 0.15), "none"))
    else:
        ears = both(oval(98, -234, 18, 22, soft(skin)))
    nose = stroke("M-5 -210Q0 -204 6 -210", darken(skin, 0.4), 4)
    return ears + path(outline, soft(skin)) + nose


def _hair(style: str, coat: Coat) -> tuple[str, str]:
    hair, shine = coat.mark, lighten(coat.mark, 0.35)
    fringe = "M-102 -236C-116 -330 -50 -356 0 -354C54 -356 116 -330 102 -236C96 -262 88 -280 74 -292C40 -274 -20 -276 -40 -304C-56 -290 -90 -276 -102 -236Z"
    gloss = stroke("M-50 -326Q-10 -344 40 -330", shine, 7, 0.75)
    front = path(fringe, soft(hair)) + gloss
    match style:
        case "long":
            back = "M-104 -290C-150 -220 -130 -110 -116 -70C-70 -50 70 -50 116 -70C130 -110 150 -220 104 -290C60 -380 -60 -380 -104 -290Z"
            return path(back, soft(darken(hair, 0.12))), front
        case "bob":
            back = "M-100 -300C-140 -240 -134 -180 -118 -158C-60 -150 60 -150 118 -158C134 -180 140 -240 100 -300Z"
            return path(back, soft(darken(hair, 0.12))), front
        case "braids":
            braid = "".join(oval(112 + (i % 2) * 6, -196 + i * 26, 21, 18, soft(hair)) for i in range(5)) + path("M100 -78H132L124 -48H108Z", soft(hair)) + oval(116, -80, 14, 7, soft(coat.accent))
            return both(braid), front
        case "bun":
            return oval(0, -366, 44, 38, soft(hair)), front
        case "curly":
            curls = smooth([(-112, -200), (-142, -232), (-124, -270), (-136, -310), (-96, -330), (-80, -366), (-36, -362), (0, -384), (36, -362), (80, -366), (96, -330), (136, -310), (124, -270), (142, -232), (112, -200)])
            top = smooth([(-98, -250), (-104, -300), (-70, -312), (-60, -340), (-20, -336), (0, -352), (24, -336), (62, -342), (72, -312), (104, -298), (98, -250), (80, -280), (50, -276), (30, -296), (0, -284), (-30, -296), (-50, -276), (-80, -282)])
            return path(curls, soft(darken(hair, 0.08))), path(top, soft(hair))
        case "bald":
            return "", both(path("M78 -280C112 -290 122 -236 102 -212C96 -236 92 -256 78 -280Z", soft(hair)))
        case "mohawk":
            return "", path("M-24 -300C-34 -370 -20 -410 30 -420C24 -400 44 -390 40 -372C58 -360 40 -330 24 -300Z", soft(hair))
        case _:
            spiky = "M-104 -240C-120 -320 -80 -350 -60 -346C-50 -372 -10 -380 4 -364C30 -384 70 -370 74 -346C112 -340 116 -290 104 -240C96 -266 88 -276 76 -286C60 -270 40 -288 30 -296C16 -272 -14 -278 -20 -300C-40 -276 -66 -274 -74 -288C-90 -276 -98 -262 -104 -240Z"
            return "", path(spiky, soft(hair)) + gloss


def _beard(coat: Coat, tags: frozenset[str]) -> str:
    if "beard" not in tags:
        return ""
    beard = "M-96 -226C-100 -160 -70 -90 0 -66C70 -90 100 -160 96 -226C84 -200 60 -196 40 -200C20 -212 -20 -212 -40 -200C-60 -196 -84 -200 -96 -226Z"
    locks = "".join(stroke(d, darken(coat.mark, 0.2), 4, 0.7) for d in ("M-40 -160Q-36 -120 -16 -96", "M0 -158V-92", "M40 -160Q36 -120 16 -96"))
    lip = path("M-22 -184Q0 -196 22 -184Q12 -164 0 -166Q-12 -164 -22 -184Z", coat.base, "none")
    return path(beard, soft(coat.mark)) + locks + lip
