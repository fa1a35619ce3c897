"""Robots, ghosts, golems, slimes and snowmen: what was built, conjured or piled up."""

from random import Random

from services.avatar.engines.sketch.build import Build
from services.avatar.engines.sketch.colour import darken, lighten
from services.avatar.engines.sketch.figure import Coat, Face, Figure
from services.avatar.engines.sketch.svg import both, box, flat, glow, limb, oval, path, polygon, smooth, soft, star, stroke


def robot(coat: Coat, build: Build, rng: Random) -> Figure:
    """A screen for a face, a dial on its chest, round joints."""
    metal, dark = coat.base, darken(coat.base, 0.3)
    legs = both(box(34, -46, 26, 34, soft(dark), 6) + path("M20 0Q20 -26 48 -26Q78 -26 80 0Z", soft(metal)))
    torso = path("M-74 -156Q-78 -176 -58 -178H58Q78 -176 74 -156L88 -60Q90 -36 66 -34H-66Q-90 -36 -88 -60Z", soft(metal))
    panel = box(-46, -142, 92, 66, soft(coat.belly), 12) + oval(-20, -110, 18, 18, "#fff8e8") + stroke("M-20 -110L-12 -122", "#d8443c", 4) + "".join(oval(22, y, 7, 7, c, width=3) for y, c in ((-126, "#f2b440"), (-108, "#6ab96a"), (-90, "#e06456")))
    bolts = both(flat(66, -164, 4, 4, dark) + flat(74, -50, 4, 4, dark))
    arms = both(limb("M84 -146Q128 -136 122 -92", dark, 18, "#2f2a3a") + oval(86, -148, 19, 19, soft(metal)) + path("M100 -84C100 -104 144 -104 144 -84C146 -70 138 -62 134 -62V-78H110V-62C106 -62 98 -70 100 -84Z", soft(coat.accent)))
    neck = box(-22, -192, 44, 20, dark, 4)
    head = box(-116, -336, 232, 150, soft(metal), 44)
    screen = box(-92, -312, 184, 104, soft("#26344a"), 30)
    aerial = limb("M0 -336V-372", dark, 6, coat.ink, 3) + flat(0, -386, 34, 34, glow(coat.accent)) + oval(0, -386, 15, 15, soft(coat.accent))
    ears = both(box(110, -288, 26, 54, soft(coat.accent), 10))
    rust = "".join(flat(x, y, r, r * 0.7, "#b4643c", 0.55) for x, y, r in ((-96, -214, 12), (-78, -200, 8), (98, -318, 10), (60, -52, 12), (-60, -166, 8))) if "rusty" in build.tags else ""
    return Figure(
        body=legs + neck + torso + panel + bolts + arms, torso="", head=ears + aerial + head + screen + rust,
        face=Face(eyes=((-42, -266), (42, -266)), eye=29, mouth=(0, -230), mouth_width=18, crown=(0, -334), crown_width=100, cheeks=((-76, -236), (76, -236)), lid="#26344a", brows=True, dark_eyes=True),
        neck=(0, -178), neck_width=66, hands=((-122, -78), (122, -78)), paw=0, pivot=(0, -182), chest=(0, -104), chest_width=72, back=(70, -140), skin=coat.accent, tags=frozenset({"screen"}),
    )


def ghost(coat: Coat, build: Build, rng: Random) -> Figure:
    """A drifting sheet with a wavering hem and small arms."""
    sheet = smooth([(0, -360), (74, -342), (118, -280), (126, -190), (132, -110), (140, -40), (112, -18), (84, -50), (56, -10), (24, -44), (-8, -6), (-40, -44), (-72, -12), (-98, -46), (-128, -20), (-136, -70), (-130, -130), (-124, -200), (-116, -284), (-70, -344)])
    arms = both(path("M104 -170C140 -190 166 -170 162 -146C156 -126 126 -130 108 -132Z", soft(coat.base)))
    folds = "".join(stroke(d, darken(coat.base, 0.16), 6, 0.6) for d in ("M-60 -150Q-70 -100 -72 -50", "M0 -130Q6 -90 -4 -50", "M64 -150Q60 -100 70 -60"))
    return Figure(
        behind=flat(0, -190, 220, 230, glow(lighten(coat.base, 0.3)), 0.8), body=arms, torso="", head=path(sheet, soft(coat.base)) + folds,
        face=Face(eyes=((-44, -254), (44, -254)), eye=31, mouth=(0, -200), mouth_width=22, crown=(0, -352), crown_width=80, cheeks=((-84, -206), (84, -206)), lid=coat.base),
        neck=(0, -158), neck_width=104, hands=((-156, -156), (156, -156)), paw=17, pivot=(0, -120), chest=(0, -110), chest_width=90, back=(96, -180), floats=True, skin=coat.base, tags=frozenset({"boneless"}),
    )


def golem(coat: Coat, build: Build, rng: Random) -> Figure:
    """Boulders stacked into a gentle giant, moss on its shoulders."""
    stone, moss = coat.base, coat.accent
    def rock(points: list[tuple[float, float]]) -> str:
        return path(polygon(points), soft(stone)) + path(polygon([points[0], points[1], points[2], ((points[0][0] + points[2][0]) / 2, (points[0][1] + points[2][1]) / 2 + 14)]), lighten(stone, 0.25), "none", opacity=0.6)
    legs = both(rock([(20, -60), (60, -70), (92, -40), (88, -4), (24, -2)]))
    torso = rock([(-104, -166), (-40, -204), (60, -200), (108, -160), (98, -80), (56, -44), (-58, -42), (-100, -84)])
    arms = both(rock([(96, -176), (136, -178), (158, -130), (142, -96), (104, -112)]) + rock([(106, -104), (150, -100), (164, -50), (132, -26), (98, -50)]))
    head = rock([(-92, -288), (-60, -346), (34, -354), (90, -310), (98, -236), (64, -190), (-56, -186), (-96, -230)])
    cracks = stroke("M-40 -150l16 20l-10 18l18 22M50 -70l-14 -18l10 -16", darken(stone, 0.45), 4)
    runes = path(star(30, -120, 22, 9, 4), lighten(moss, 0.5), "none") + flat(30, -120, 46, 46, glow(lighten(moss, 0.4)), 0.6)
    tufts = both(path("M92 -176Q100 -200 112 -184Q122 -204 132 -182Q144 -192 142 -170Q118 -160 92 -166Z", soft(moss)))
    cap = path("M-78 -322Q-70 -352 -50 -346Q-36 -372 -14 -356Q6 -376 24 -356Q50 -364 52 -340Q20 -326 -10 -334Q-50 -330 -78 -322Z", soft(moss)) if "crystal" not in build.tags else "".join(path(polygon([(x - w, -330), (x - w * 0.6, -330 - h), (x, -340 - h * 1.2), (x + w * 0.8, -330 - h * 0.8), (x + w, -326)]), soft(coat.mark)) for x, w, h in ((-46, 16, 40), (44, 18, 36), (0, 22, 62)))
    return Figure(
        body=legs + torso + cracks + runes + arms + tufts, torso="", head=head + cap + stroke("M60 -210l10 -18l-6 -14", darken(stone, 0.45), 4),
        face=Face(eyes=((-42, -268), (42, -268)), eye=28, mouth=(0, -218), mouth_width=26, crown=(0, -346), crown_width=80, cheeks=((-70, -228), (70, -228)), lid=darken(stone, 0.1)),
        neck=(0, -186), neck_width=84, hands=((-136, -40), (136, -40)), paw=0, pivot=(0, -190), chest=(0, -120), chest_width=84, back=(80, -160), skin=stone, tags=frozenset({"hard"}),
    )


def slime(coat: Coat, build: Build, rng: Random) -> Figure:
    """A wobbling, half-clear drop."""
    drop = smooth([(0, -330), (36, -280), (92, -230), (140, -150), (156, -70), (140, -18), (70, -2), (0, 0), (-70, -2), (-140, -18), (-156, -70), (-140, -150), (-92, -230), (-36, -280)])
    inner = smooth([(0, -270), (60, -206), (110, -130), (118, -60), (60, -26), (-60, -26), (-118, -60), (-110, -130), (-60, -206)])
    bubbles = "".join(oval(x, y, r, r, "#ffffff", "#ffffff", 3, 0.35) for x, y, r in ((-96, -66, 13), (104, -90, 10), (76, -46, 7), (-58, -40, 8), (20, -262, 9)))
    puddle = flat(0, -6, 180, 18, darken(coat.base, 0.15), 0.8)
    return Figure(
        behind=puddle, body="", torso="", head=path(drop, soft(coat.base)) + path(inner, lighten(coat.base, 0.25), "none", opacity=0.45) + bubbles + path("M-92 -196C-84 -226 -60 -244 -46 -256C-44 -236 -66 -214 -78 -186Z", "#ffffff", "none", opacity=0.75),
        face=Face(eyes=((-52, -150), (52, -150)), eye=34, mouth=(0, -104), mouth_width=26, crown=(0, -312), crown_width=44, cheeks=((-96, -106), (96, -106)), lid=coat.base),
        neck=(0, -64), neck_width=140, pivot=(0, -40), chest=(0, -50), chest_width=100, back=(110, -150), tags=frozenset({"boneless", "low"}), tilts=False,
    )


def snowman(coat: Coat, build: Build, rng: Random) -> Figure:
    """Two snowballs and a carrot."""
    arms = both(stroke("M92 -130L160 -180M136 -162l22 8M140 -166l6 -26", "#5b3d33", 10))
    head = oval(0, -254, 94, 88, soft(coat.base)) + path("M-6 -244L62 -226L-4 -220Q-16 -232 -6 -244Z", soft("#f08a3c"))
    buttons = "".join(flat(0, y, 9, 9, "#4a4152") for y in (-130, -94, -58))
    return Figure(
        behind=arms, body=oval(0, -84, 122, 92, soft(coat.base)) + buttons, torso="", head=head,
        face=Face(eyes=((-38, -272), (38, -272)), eye=26, mouth=(0, -200), mouth_width=30, crown=(0, -334), crown_width=70, cheeks=((-66, -222), (66, -222)), lid=coat.base),
        neck=(0, -172), neck_width=66, hands=((-152, -176), (152, -176)), pivot=(0, -170), chest=(0, -100), chest_width=80, back=(70, -130), tags=frozenset({"hard"}),
    )


