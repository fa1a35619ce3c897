"""Mushrooms, trees, sprouts, flowers, cacti and pumpkins."""

from random import Random

from services.avatar.engines.sketch.build import Build
from services.avatar.engines.sketch.colour import darken, lighten
from services.avatar.engines.sketch.figure import Coat, Face, Figure
from services.avatar.engines.sketch.svg import both, flat, group, limb, mirrored, oval, path, ring, smooth, soft, stroke


def mushroom(coat: Coat, build: Build, rng: Random) -> Figure:
    """A spotted cap over a stout pale stem."""
    stem = mirrored([(0, -250), (70, -240), (78, -150), (96, -60), (74, -10), (0, 0)])
    cap = "M-172 -224C-176 -330 -80 -400 0 -400C80 -400 176 -330 172 -224C150 -196 -150 -196 -172 -224Z"
    gills = "M-150 -212C-100 -184 100 -184 150 -212C110 -232 -110 -232 -150 -212Z"
    spots = "".join(oval(x, y, rx, ry, "#fff6e4", "none", turn=t) for x, y, rx, ry, t in ((-8, -356, 34, 22, 0), (-100, -310, 26, 20, -30), (92, -300, 30, 22, 28), (-38, -276, 20, 14, 0), (48, -254, 18, 11, 0), (-134, -244, 16, 11, -20), (140, -240, 12, 10, 20)))
    feet = both(oval(44, -8, 30, 15, soft(coat.belly)))
    arms = both(limb("M84 -120Q120 -116 124 -86", coat.belly, 20, coat.ink))
    return Figure(
        body=feet + path(stem, soft(coat.belly)) + arms, torso="", head=path(gills, darken(coat.belly, 0.2)) + path(cap, soft(coat.base)) + spots + stroke(cap),
        face=Face(eyes=((-36, -150), (36, -150)), eye=28, mouth=(0, -108), mouth_width=20, crown=(0, -396), crown_width=90, cheeks=((-62, -112), (62, -112)), lid=coat.belly, brow_lift=-6),
        neck=(0, -72), neck_width=84, hands=((-124, -78), (124, -78)), paw=14, pivot=(0, -80), chest=(0, -50), chest_width=60, back=(76, -140), skin=coat.belly, tags=frozenset({"low"}), tilts=False,
    )


def tree(coat: Coat, build: Build, rng: Random) -> Figure:
    """A trunk with a kind face, a leafy crown and branches for arms."""
    bark, leaf = coat.mark, coat.base
    trunk = smooth([(-66, -250), (0, -262), (66, -250), (72, -150), (84, -60), (124, -8), (60, -14), (20, 0), (-24, -6), (-66, 0), (-124, -6), (-84, -60), (-72, -150)], tension=0.9)
    grain = "".join(stroke(d, darken(bark, 0.3), 4, 0.7) for d in ("M-52 -90Q-56 -50 -76 -24", "M0 -70Q4 -40 -6 -20", "M50 -96Q52 -60 70 -30", "M-60 -230Q-64 -190 -58 -170"))
    arms = both(limb("M70 -150Q120 -150 142 -196M118 -158Q136 -140 158 -146", bark, 17, coat.ink) + flat(150, -206, 20, 13, leaf, turn=-30) + flat(168, -150, 16, 10, leaf))
    outer, inner = ring(0, -308, 152, 92, 11), ring(0, -308, 136, 78, 11, -74)
    crown = path(smooth([point for pair in zip(outer, inner, strict=True) for point in pair]), soft(leaf))
    tufts = "".join(stroke(f"M{x} {y}q14 -14 28 0q14 -14 28 0", lighten(leaf, 0.35), 6, 0.7) for x, y in ((-96, -320), (-20, -356), (50, -310), (-60, -284), (20, -270)))
    fruit = "".join(oval(x, y, 12, 12, soft(coat.accent), width=3) for x, y in ((-112, -286), (-54, -340), (30, -318), (104, -330), (118, -276)))
    return Figure(
        behind="", body=path(trunk, soft(bark)) + grain + arms, torso="", head=crown + tufts + fruit,
        face=Face(eyes=((-34, -178), (34, -178)), eye=26, mouth=(0, -132), mouth_width=24, crown=(0, -394), crown_width=80, cheeks=((-54, -140), (54, -140)), lid=bark, brow_lift=-4),
        neck=(0, -98), neck_width=76, hands=((-140, -190), (140, -190)), pivot=(0, -100), chest=(0, -80), chest_width=60, back=(70, -160), skin=bark, tags=frozenset({"low"}), tilts=False,
    )


def sprout(coat: Coat, build: Build, rng: Random) -> Figure:
    """A round seedling, flower or pumpkin with leaf arms, in a pot where it likes one."""
    tags = build.tags
    pot = path("M-86 -92H86L66 0H-66Z", soft("#cf7a4e")) + path("M-98 -116H98V-86H-98Z", soft("#dc8a5c"))
    leaves = both(path("M60 -140C90 -190 150 -186 170 -160C150 -124 100 -110 62 -124Z", soft(coat.mark)) + stroke("M66 -134Q110 -156 150 -160", darken(coat.mark, 0.3), 4))
    stem = limb("M0 -100V-190", coat.mark, 22, coat.ink)
    top: list[str] = []
    if "flower" in tags:
        top += [group(oval(0, -96, 46, 62, soft(coat.base)), y=-262, turn=turn) for turn in range(0, 360, 40)]
        top.append(oval(0, -262, 88, 84, soft(coat.belly)))
    elif "cactus" in tags:
        body = mirrored([(0, -356), (70, -338), (96, -270), (98, -170), (88, -100), (0, -96)])
        ribs = "".join(stroke(f"M{x} -330Q{x * 1.6:.0f} -220 {x * 1.3:.0f} -108", darken(coat.base, 0.22), 4) for x in (-36, 0, 36))
        arms = both(limb("M92 -190Q150 -180 146 -250", coat.base, 34, coat.ink))
        prickles = "".join(stroke(f"M{x} {y}l-6 -7M{x} {y}l7 -6", "#fff6dc", 3) for x, y in ((-70, -300), (66, -306), (-80, -150), (78, -150), (0, -330), (-30, -126), (34, -124)))
        bloom = "".join(group(oval(0, -16, 11, 17, soft(coat.accent), width=3), y=-360, turn=turn) for turn in range(0, 360, 72)) + oval(0, -360, 9, 9, "#ffe08a", width=3)
        top += [arms, path(body, soft(coat.base)), ribs, prickles, bloom]
        leaves = stem = ""
    elif "pumpkin" in tags:
        lobes = "".join(oval(x, -200, 70 - abs(x) * 0.1, 104 - abs(x) * 0.2, soft(coat.base)) for x in (-96, 96, -52, 52, 0))
        top += [path("M-14 -296C-16 -330 -4 -346 22 -352L32 -330C16 -324 16 -312 18 -294Z", soft(coat.mark)), lobes, stroke("M20 -316c40 -20 70 10 50 30c-14 12 -30 -4 -18 -14", coat.mark, 7)]
        pot, stem = both(oval(60, -92, 30, 16, soft(darken(coat.base, 0.2)))), ""
        leaves = both(path("M120 -160C150 -190 180 -160 170 -134C150 -124 130 -130 120 -160Z", soft(coat.mark)))
    else:
        top += [limb("M0 -330V-372", coat.mark, 12, coat.ink), path("M0 -366C-20 -420 -90 -426 -110 -396C-90 -360 -40 -352 0 -366Z", soft(coat.mark)), path("M0 -366C20 -410 76 -416 96 -390C80 -358 40 -352 0 -366Z", soft(lighten(coat.mark, 0.15))), oval(0, -244, 104, 92, soft(coat.base))]
    low = "pumpkin" in tags
    face_y = -208 if low else -262 if "flower" in tags else -250
    return Figure(
        behind=leaves, body=(pot if low else stem + pot), torso="", head="".join(top),
        face=Face(eyes=((-36, face_y - 4), (36, face_y - 4)), eye=27, mouth=(0, face_y + 36), mouth_width=20, crown=(0, face_y - 82), crown_width=74, cheeks=((-60, face_y + 30), (60, face_y + 30)), lid=coat.belly if "flower" in tags else coat.base),
        neck=(0, -156 if not low else -112), neck_width=60 if not low else 90, hands=((-160, -160), (160, -160)) if not low else ((-164, -140), (164, -140)), pivot=(0, -140), chest=(0, -60), chest_width=50, back=(70, -180), skin=coat.mark, tags=frozenset({"boneless"}),
    )


