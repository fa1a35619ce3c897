"""Fish, sharks, whales, octopuses, jellyfish and crabs."""

from random import Random

from services.avatar.engines.sketch.build import Build
from services.avatar.engines.sketch.colour import darken, lighten
from services.avatar.engines.sketch.figure import Coat, Face, Figure
from services.avatar.engines.sketch.svg import both, clip, flat, limb, mirrored, oval, path, polygon, smooth, soft, stroke


def fish(coat: Coat, build: Build, rng: Random) -> Figure:
    """Swims to the left, seen from its side, with both eyes on us."""
    shark = "shark" in build.tags
    outline = smooth([(-150, -190), (-120, -262), (-40, -300), (50, -276), (110, -214), (126, -190), (106, -160), (40, -112), (-50, -96), (-122, -128)])
    tail = smooth([(96, -196), (150, -280), (192, -300), (180, -230), (168, -190), (184, -140), (190, -80), (146, -108)])
    top = "M-70 -280C-40 -360 40 -370 96 -352C66 -330 66 -290 72 -258Z" if not shark else "M-20 -290C0 -350 30 -392 80 -404C64 -360 70 -310 84 -256Z"
    under = "M-20 -104C0 -60 40 -40 72 -50C58 -70 56 -92 60 -122Z"
    fin_colour = soft(coat.mark if not shark else darken(coat.base, 0.1))
    belly = clip(outline, path("M-170 -150C-90 -110 30 -120 130 -176L130 -60H-170Z", coat.belly, "none") if shark else flat(-100, -180, 84, 120, coat.belly, 0.9) + "".join(stroke(f"M{x} -320Q{x + 34} -190 {x} -60", coat.mark, 20) for x in (0, 62)))
    scales = "" if shark else "".join(stroke(f"M{x} {y}q10 12 0 24", darken(coat.base, 0.25), 3, 0.7) for x, y in ((36, -230), (36, -190), (36, -150), (94, -214), (94, -184)))
    side = path("M-10 -176C30 -196 66 -170 70 -130C40 -126 6 -140 -10 -176Z", fin_colour) + stroke("M12 -170Q40 -160 56 -140", coat.ink, 3, 0.6)
    gills = "".join(stroke(f"M{-26 + i * 16} -226q-10 26 0 54", coat.ink, 4, 0.7) for i in range(3)) if shark else ""
    lines = "".join(stroke(d, coat.ink, 3, 0.5) for d in ("M120 -200L172 -262M124 -190L166 -190M120 -180L172 -118", "M-20 -300L10 -344M20 -296L50 -346"))
    return Figure(
        behind=path(tail, fin_colour) + path(top, fin_colour) + path(under, fin_colour) + lines,
        body=path(outline, soft(coat.base)) + belly + scales + stroke(outline) + side + gills,
        torso=outline, head="",
        face=Face(
            eyes=((-112, -214), (-48, -218)), eye=31, mouth=(-84, -156), mouth_width=20, crown=(-66, -292), crown_width=64,
            cheeks=((-136, -176), (-20, -176)), lid=coat.base if shark else coat.belly,
        ),
        neck=(-40, -110), neck_width=60, pivot=(-80, -200), chest=(-60, -130), chest_width=60, floats=True, tilts=False,
        back=(10, -230), tags=frozenset({"sideways"}),
    )


def whale(coat: Coat, build: Build, rng: Random) -> Figure:
    """A great round head to the left, flukes up to the right."""
    tags = build.tags
    dolphin = "dolphin" in tags
    outline = "M-172 -150C-180 -250 -100 -306 -10 -292C70 -280 100 -220 136 -196C150 -188 160 -202 164 -226C184 -190 176 -130 130 -92C80 -52 -20 -40 -90 -52C-140 -62 -170 -96 -172 -150Z"
    flukes = "M160 -214C120 -240 100 -280 112 -306C140 -306 160 -284 168 -262C178 -288 200 -304 226 -296C228 -262 204 -228 168 -210Z"
    throat = clip(outline, path("M-190 -140C-120 -110 0 -104 120 -120L120 0H-190Z", coat.belly, "none") + "".join(stroke(f"M{-160 + i * 8} {-118 + i * 16}Q-60 {-90 + i * 14} {40 - i * 10} {-98 + i * 16}", darken(coat.belly, 0.25), 3.5) for i in range(4)))
    orca = clip(outline, flat(-70, -250, 40, 20, "#fff8e8", turn=-14) + flat(40, -110, 60, 34, "#fff8e8")) if "orca" in tags else ""
    fin = path("M-20 -110C0 -60 30 -30 66 -24C70 -60 52 -100 26 -124Z", soft(darken(coat.base, 0.1)))
    spout = "" if dolphin else stroke("M-40 -296C-44 -340 -70 -352 -86 -336M-40 -296C-40 -350 -40 -360 -40 -372M-40 -296C-36 -340 -10 -352 6 -336", "#e8f7ff", 9) + "".join(flat(x, y, 6, 8, "#e8f7ff") for x, y in ((-96, -314), (-44, -392), (16, -314)))
    dorsal = path("M6 -290C16 -330 40 -352 70 -356C58 -330 62 -290 74 -262Z", soft(darken(coat.base, 0.08))) if dolphin or "orca" in tags else ""
    beak = path("M-160 -176C-204 -170 -214 -140 -190 -132C-170 -126 -150 -130 -140 -140Z", soft(coat.base)) if dolphin else ""
    tusk = path("M-150 -236L-206 -330L-128 -256Z", soft("#f6e3b4")) if "narwhal" in tags else ""
    return Figure(
        behind=spout + path(flukes, soft(coat.base)) + dorsal + tusk,
        body=beak + path(outline, soft(coat.base)) + throat + orca + stroke(outline) + fin,
        torso=outline, head="",
        face=Face(
            eyes=((-134, -176), (-44, -176)), eye=26, mouth=(-92, -146), mouth_width=26, crown=(-70, -290), crown_width=78,
            cheeks=((-152, -146), (-22, -146)), lid=coat.base,
        ),
        neck=(-60, -60), neck_width=80, pivot=(-80, -180), chest=(-60, -90), chest_width=70, floats=True, tilts=False,
        back=(20, -240), tags=frozenset({"sideways"}),
    )


def octopus(coat: Coat, build: Build, rng: Random) -> Figure:
    """A great dome over curling arms."""
    squid = "squid" in build.tags
    back_arms = both(limb("M36 -120C80 -96 100 -60 148 -66C176 -72 176 -104 154 -104", coat.mark, 26, coat.ink))
    arms = both(
        limb("M56 -130C120 -120 140 -80 180 -112C200 -134 180 -156 164 -142", coat.base, 26, coat.ink)
        + limb("M44 -116C70 -70 80 -20 128 -16C158 -16 160 -48 140 -48", coat.base, 30, coat.ink)
        + limb("M20 -110C26 -60 20 -14 52 -12C76 -12 78 -38 60 -40", coat.base, 30, coat.ink)
        + "".join(flat(x, y, 5, 5, coat.belly) for x, y in ((84, -50), (98, -32), (118, -20), (30, -60), (28, -38), (118, -104), (140, -104)))
    )
    dome = mirrored([(0, -378), (70, -362), (118, -306), (126, -240), (98, -180), (84, -140), (60, -112), (0, -104)]) if not squid else mirrored([(0, -420), (50, -360), (88, -290), (98, -220), (84, -150), (60, -112), (0, -104)])
    fins = both(path("M40 -370C100 -390 130 -350 112 -312Z", soft(coat.mark))) if squid else ""
    spots = "".join(flat(x, y, r, r, coat.mark, 0.7) for x, y, r in ((-60, -320, 13), (-34, -342, 8), (66, -314, 10), (40, -346, 6)))
    return Figure(
        behind=back_arms, body=arms, torso="", head=fins + path(dome, soft(coat.base)) + spots,
        face=Face(
            eyes=((-46, -226), (46, -226)), eye=34, mouth=(0, -176), mouth_width=18, crown=(0, -366 if not squid else -398), crown_width=84 if not squid else 50,
            cheeks=((-84, -182), (84, -182)), lid=coat.base,
        ),
        neck=(0, -118), neck_width=72, hands=((-166, -128), (166, -128)), paw=17, pivot=(0, -130), chest=(0, -90), chest_width=50, skin=coat.base,
        back=(70, -190), tags=frozenset({"boneless"}),
    )


def jellyfish(coat: Coat, build: Build, rng: Random) -> Figure:
    """A glowing bell with trailing ribbons."""
    bell = smooth([(-120, -190), (-110, -290), (-50, -356), (0, -366), (50, -356), (110, -290), (120, -190), (90, -170), (60, -186), (30, -168), (0, -184), (-30, -168), (-60, -186), (-90, -170)])
    ribbons = "".join(limb(f"M{x} -184q{w} 40 0 80t0 {h}", coat.mark if i % 2 else coat.accent, 12, coat.ink, 4) for i, (x, w, h) in enumerate(((-80, -26, 70), (-40, 22, 90), (0, -24, 100), (40, 24, 86), (80, 26, 66))))
    return Figure(
        behind=ribbons, body="", head=path(bell, soft(coat.base)) + flat(-40, -312, 30, 16, "#ffffff", 0.5, -30),
        face=Face(eyes=((-44, -242), (44, -242)), eye=30, mouth=(0, -206), mouth_width=18, crown=(0, -358), crown_width=76, cheeks=((-80, -212), (80, -212)), lid=coat.base),
        neck=(0, -172), neck_width=70, pivot=(0, -200), floats=True, chest=(0, -150), back=(80, -230), tags=frozenset({"boneless"}),
    )


def crab(coat: Coat, build: Build, rng: Random) -> Figure:
    """A wide shell, eyes on stalks, claws raised."""
    legs = both("".join(limb(f"M70 {-90 + i * 12}Q{130 + i * 8} {-110 + i * 24} {150 - i * 16} {-30 + i * 12}", coat.base, 17, coat.ink) for i in range(3)))
    claw = limb("M92 -130Q150 -130 152 -190", coat.base, 24, coat.ink) + path("M122 -190C104 -250 130 -286 150 -290C142 -262 148 -250 160 -244C166 -262 176 -276 196 -272C206 -234 190 -190 154 -180Z", soft(coat.base))
    shell = mirrored([(0, -216), (80, -206), (128, -160), (120, -100), (70, -62), (0, -56)])
    stalks = both(limb("M40 -196L44 -250", coat.base, 16, coat.ink))
    freckles = "".join(flat(x, y, 6, 6, coat.mark, 0.7) for x, y in ((-70, -176), (-50, -190), (60, -186), (78, -170)))
    return Figure(
        behind=legs, body=both(claw), torso=shell, head=stalks + both(oval(46, -256, 38, 38, soft(coat.base))) + path(shell, soft(coat.base)) + freckles,
        face=Face(eyes=((-46, -258), (46, -258)), eye=30, mouth=(0, -138), mouth_width=34, crown=(0, -214), crown_width=66, cheeks=((-74, -140), (74, -140)), lid=coat.base),
        neck=(0, -66), neck_width=80, hands=((-158, -216), (158, -216)), pivot=(0, -100), chest=(0, -84), chest_width=50, back=(90, -150), skin=coat.base, tags=frozenset({"stalks"}),
    )


def seahorse(coat: Coat, build: Build, rng: Random) -> Figure:
    """Upright, with a curled tail."""
    body = limb("M10 -200C70 -170 70 -110 30 -80C-10 -50 -10 -10 40 -8C78 -8 80 -48 52 -48C38 -46 36 -30 46 -26", coat.base, 34, coat.ink)
    fin = path(smooth([(58, -170), (120, -180), (140, -140), (120, -104), (64, -112)]), soft(coat.mark))
    belly = path(smooth([(0, -210), (56, -190), (74, -140), (50, -92), (10, -100), (-14, -150)]), soft(coat.base)) + "".join(stroke(f"M-8 {y}Q10 {y + 12} 34 {y + 4}", darken(coat.base, 0.25), 4) for y in (-170, -148, -126))
    crest = path(polygon([(-40, -320), (-44, -366), (-14, -346), (4, -384), (24, -346), (52, -362), (48, -316)]), soft(coat.mark))
    head = crest + oval(0, -260, 84, 76, soft(coat.base)) + path("M-60 -246C-110 -250 -150 -232 -150 -214C-150 -196 -110 -196 -60 -204Z", soft(lighten(coat.base, 0.2)))
    return Figure(
        behind=fin, body=body + belly, torso="", head=head,
        face=Face(eyes=((-30, -272), (38, -272)), eye=28, mouth=(-128, -208), mouth_width=10, crown=(0, -330), crown_width=66, cheeks=((-50, -226), (62, -226)), lid=coat.base),
        neck=(14, -186), neck_width=50, pivot=(0, -200), floats=True, back=(50, -150), chest=(20, -130), chest_width=40, tags=frozenset({"boneless"}),
    )


