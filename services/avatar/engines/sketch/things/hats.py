"""What sits on a head: drawn for a crown at the origin, brim a little below it, 84 the skull's half width."""

from services.avatar.engines.sketch.colour import darken, lighten
from services.avatar.engines.sketch.svg import both, box, flat, group, limb, oval, path, polygon, ring, smooth, soft, star, stroke

GOLD = "#f2c24e"


def hat(name: str, colour: str) -> str:
    """The named hat in `colour`, or in its own; empty for what is no hat."""
    match name:
        case "wizard_hat" | "witch_hat":
            cloth = colour or ("#4d4fa0" if name == "wizard_hat" else "#4a3a60")
            cone = "M-66 10C-50 -40 -30 -96 6 -136C26 -150 52 -136 60 -116C44 -122 34 -112 34 -96C46 -60 58 -20 66 10Q0 34 -66 10Z"
            brim = "M-118 14C-70 -8 70 -8 118 14C100 40 -100 40 -118 14Z"
            band = path("M-67 0Q0 24 66 -2L68 14Q0 38 -70 14Z", soft(GOLD if name == "wizard_hat" else "#e88a3f"), width=4)
            stars = path(star(-14, -34, 13, 5.5), GOLD, "none") + path(star(20, -70, 9, 4), GOLD, "none") + flat(22, -18, 5, 5, GOLD) if name == "wizard_hat" else path("M-14 2H14V24H-14Z", GOLD, width=4)
            return path(brim, soft(cloth)) + path(cone, soft(cloth)) + band + stars
        case "tophat":
            cloth = colour or "#4a4560"
            return path("M-100 8Q0 -14 100 8Q90 34 0 34Q-90 34 -100 8Z", soft(cloth)) + path("M-60 12L-68 -88Q0 -104 68 -88L60 12Q0 30 -60 12Z", soft(cloth)) + path("M-60 -14Q0 4 60 -14V10Q0 28 -60 10Z", soft("#c9503f"), width=4)
        case "cap" | "beret" | "sailor_hat":
            cloth = colour or {"cap": "#5b7fb5", "beret": "#c9503f", "sailor_hat": "#f8f5ee"}[name]
            if name == "beret":
                return path(smooth([(-92, 8), (-104, -30), (-40, -62), (50, -58), (112, -20), (84, 12), (0, 20)]), soft(cloth)) + stroke("M8 -58L14 -76", "", 8)
            if name == "sailor_hat":
                return path("M-62 4Q0 -82 62 4Z", soft(cloth)) + path("M-82 14L-74 -22Q0 2 74 -22L82 14Q0 40 -82 14Z", soft(cloth)) + stroke("M-76 2Q0 26 76 2", "#4f74b0", 6)
            return path("M-74 14Q-80 -64 0 -66Q80 -64 74 14Q0 28 -74 14Z", soft(cloth)) + path("M-70 8Q-120 6 -132 30Q-80 40 -10 24Z", soft(darken(cloth, 0.15))) + oval(0, -66, 9, 6, cloth)
        case "straw_hat":
            straw = colour or "#f0cf86"
            weave = "".join(stroke(f"M{x} -44q8 20 2 44", darken(straw, 0.3), 3, 0.6) for x in (-40, -14, 14, 40))
            return oval(0, 10, 132, 30, soft(straw)) + path("M-66 8Q-64 -64 0 -66Q64 -64 66 8Q0 26 -66 8Z", soft(straw)) + weave + path("M-68 -10Q0 10 68 -10L67 8Q0 26 -67 8Z", soft("#d9604f"), width=4)
        case "pirate_hat" | "captain_hat":
            cloth = colour or ("#4a3f52" if name == "pirate_hat" else "#3f5a94")
            if name == "captain_hat":
                return path("M-70 0Q-110 -58 0 -70Q110 -58 70 0Z", soft("#f8f5ee")) + path("M-72 -8Q0 8 72 -8L68 20Q0 34 -68 20Z", soft(cloth)) + path("M-64 18Q0 36 64 18Q50 44 0 44Q-50 44 -64 18Z", soft("#2f2a3a")) + path(star(0, -26, 16, 7), GOLD, width=3)
            edge = stroke("M-112 10C-70 -40 -52 -84 0 -84C52 -84 70 -40 112 10", GOLD, 6)
            bones = flat(0, -36, 17, 16, "#fff6e4") + box(-9, -26, 18, 14, "#fff6e4", 4, "none") + flat(-7, -37, 4.5, 5, cloth) + flat(7, -37, 4.5, 5, cloth) + stroke("M-26 -10L26 -24M26 -10L-26 -24", "#fff6e4", 5)
            return path("M-120 18C-76 -40 -56 -92 0 -92C56 -92 76 -40 120 18C70 4 -70 4 -120 18Z", soft(cloth)) + edge + bones
        case "chef_hat":
            puff = smooth([(-62, -30), (-92, -64), (-70, -104), (-30, -100), (0, -124), (32, -102), (72, -104), (92, -64), (62, -30)])
            return path(puff, soft("#fdf9f0")) + path("M-62 14V-40Q0 -24 62 -40V14Q0 30 -62 14Z", soft("#f6f0e4")) + stroke("M-24 -36V-70M24 -36V-70", "#c9bfae", 4)
        case "helmet":
            steel = colour or "#b4bfd0"
            plume = path("M0 -76C10 -130 70 -140 108 -104C84 -104 70 -90 62 -66C44 -56 16 -60 0 -76Z", soft("#d9483f"))
            return plume + path("M-98 36Q-110 -80 0 -84Q110 -80 98 36Q80 10 60 8Q0 -6 -60 8Q-80 10 -98 36Z", soft(steel)) + path("M-9 -84H9L12 20Q0 30 -12 20Z", soft(lighten(steel, 0.3)), width=4) + both("".join(flat(x, y, 4, 4, darken(steel, 0.4)) for x, y in ((84, 6), (60, -4), (34, -9))))
        case "viking_helmet":
            return both(path("M70 -10C116 -10 138 -50 126 -92C160 -60 156 20 78 22Z", soft("#f6e6c4"))) + path("M-88 18Q-92 -74 0 -78Q92 -74 88 18Q0 40 -88 18Z", soft(colour or "#aab4c4")) + path("M-90 8Q0 32 90 8V24Q0 48 -90 24Z", soft("#a87a44"), width=4)
        case "crown":
            gold = colour or GOLD
            jewels = "".join(oval(x, y, 6.5, 6.5, c, width=3) for x, y, c in ((-38, 2, "#d9483f"), (0, 8, "#4f86c6"), (38, 2, "#4fa87a")))
            return path("M-66 16L-80 -58L-40 -22L0 -78L40 -22L80 -58L66 16Q0 36 -66 16Z", soft(gold)) + "".join(oval(x, y, 8, 8, soft(gold), width=4) for x, y in ((-80, -60), (0, -82), (80, -60))) + jewels
        case "flower_crown":
            colours = [colour] * 3 if colour else ["#f29ab4", "#fdf6e8", "#f5cf4a"]
            blooms = [group(_bloom(colours[i % 3]), x=x, y=y, scale=0.85 if i % 2 else 1.05) for i, (x, y) in enumerate(((-80, 16), (-54, -6), (-20, -14), (16, -16), (50, -8), (78, 14)))]
            leaves = "".join(flat(x, y, 15, 8, "#6fa85a", turn=t) for x, y, t in ((-96, 22, -40), (-38, -26, 30), (34, -28, -30), (96, 20, 40)))
            return leaves + "".join(blooms)
        case "flower":
            return group(_bloom(colour or "#f29ab4"), x=62, y=22, scale=1.5)
        case "bow":
            ribbon = colour or "#e86a7a"
            return group(path("M0 0C-20 -44 -66 -44 -66 -6C-66 30 -20 30 0 0C20 -44 66 -44 66 -6C66 30 20 30 0 0Z", soft(ribbon)) + oval(0, -2, 15, 16, soft(darken(ribbon, 0.1))), x=56, y=6, turn=22, scale=0.85)
        case "headphones":
            shade = colour or "#e8654f"
            return stroke("M-108 86C-116 -50 116 -50 108 86", "#2f2a3a", 24) + stroke("M-108 86C-116 -50 116 -50 108 86", "#5a5670", 14) + both(box(92, 58, 36, 70, soft(shade), 17))
        case "hood":
            cloth = colour or "#6a8f5a"
            return path("M-116 120C-140 10 -90 -70 4 -78C40 -90 60 -84 76 -92C72 -70 80 -62 92 -46C130 -10 134 60 116 120C104 60 90 34 64 22C20 4 -20 4 -64 22C-90 34 -104 60 -116 120Z", soft(cloth))
        case "halo":
            return oval(0, -48, 66, 17, "none", "#b98a2c", 15) + oval(0, -48, 66, 17, "none", "#ffe48a", 9)
        case "horns":
            return both(path("M34 16C34 -30 60 -72 104 -84C90 -58 92 -28 80 18Z", soft(colour or "#f4dfb0")) + stroke("M46 -18q18 -4 34 6M56 -42q14 -2 26 6", "", 3, 0.5))
        case "antlers":
            branch = "M36 12C44 -30 56 -60 96 -86M54 -34C76 -42 92 -46 112 -62M68 -60C70 -78 68 -90 74 -104"
            return both(stroke(branch, "", 20) + stroke(branch, colour or "#a97a4d", 11))
        case "antenna":
            return both(limb("M24 6Q30 -50 62 -62", colour or "#7a6a8f", 6, "#3a2a3c", 3) + oval(66, -64, 12, 12, soft("#f2c24e")))
        case "deerstalker":
            return path("M-84 12Q-82 -72 0 -74Q82 -72 84 12Q0 32 -84 12Z", soft(colour or "#b08a5c")) + stroke("M-40 -60Q-50 -20 -44 18M0 -72V22M40 -60Q50 -20 44 18M-78 -20Q0 0 78 -20", "#8a643c", 4, 0.8) + path("M-80 6Q0 30 80 6Q108 26 96 40Q0 44 -96 40Q-108 26 -80 6Z", soft("#9a744a")) + path("M-12 -80Q0 -96 12 -80Q4 -70 0 -70Q-4 -70 -12 -80Z", "#9a744a")
        case "explorer_hat" | "cowboy_hat":
            felt = colour or ("#c9a468" if name == "explorer_hat" else "#9a6a40")
            dip = "M-62 10C-66 -70 -34 -84 0 -66C34 -84 66 -70 62 10Q0 28 -62 10Z"
            brim = "M-130 -6C-110 30 110 30 130 -6C120 44 60 40 0 40C-60 40 -120 44 -130 -6Z" if name == "cowboy_hat" else "M-116 14Q0 -14 116 14Q104 40 0 40Q-104 40 -116 14Z"
            return path(brim, soft(felt)) + path(dip, soft(felt)) + path("M-63 -6Q0 14 63 -6V10Q0 30 -63 10Z", soft("#6a4630"), width=4)
        case "jester_hat":
            return path("M-72 16C-80 -30 -130 -40 -140 4C-150 -70 -70 -96 -10 -30Z", soft("#8a5ab4")) + path("M72 16C80 -30 130 -40 140 4C150 -70 70 -96 10 -30Z", soft("#3f9a78")) + path("M-72 16C-40 -40 -30 -90 0 -120C30 -90 40 -40 72 16Q0 34 -72 16Z", soft("#e8b83f")) + "".join(oval(x, y, 12, 12, soft(GOLD)) for x, y in ((-140, 10), (140, 10), (0, -124)))
        case "party_hat":
            return path("M-52 10L0 -104L52 10Q0 30 -52 10Z", soft(colour or "#e86a9a")) + stroke("M-38 -18L26 6M-22 -54L38 -26", "#f8e26a", 8) + oval(0, -106, 16, 16, soft("#f8e26a"))
        case "fire_hat":
            return path("M-110 22Q-90 -84 0 -88Q90 -84 110 22Q0 50 -110 22Z", soft("#d9483f")) + path("M-8 -88H8L12 26H-12Z", soft("#e8654f"), width=4) + path("M-28 -40Q0 -60 28 -40V-10Q0 16 -28 -10Z", soft(GOLD), width=4)
        case "feather_band":
            plume = "".join(path("M-10 4C-20 -40 -10 -80 0 -96C10 -80 20 -40 10 4Z", soft(c)).replace("<path", f'<path transform="translate({x} 0) rotate({t})"', 1) for x, t, c in ((-30, -18, "#4f86c6"), (30, 18, "#e8b83f"), (0, 0, "#d9483f")))
            return plume + path("M-84 10Q0 -10 84 10L82 28Q0 10 -82 28Z", soft("#a8683f"), width=4)
        case "goggles_up":
            return path("M-98 22Q0 -16 98 22L96 36Q0 2 -96 36Z", "#6a4a38", width=4) + both(oval(34, 8, 32, 27, soft("#c98a44")) + oval(34, 8, 21, 17, soft("#a8def0"), width=4) + flat(28, 2, 6, 4, "#ffffff", 0.9))
        case "veil":
            return path("M-112 60C-130 -30 -60 -70 0 -70C60 -70 130 -30 112 60C96 20 60 6 0 6C-60 6 -96 20 -112 60Z", soft(colour or "#7a4a94")) + stroke("M-104 40C-80 0 80 0 104 40", GOLD, 5) + path(polygon([(0, -12), (11, 4), (0, 22), (-11, 4)]), "#e8654f", width=3)
        case _:
            return ""


def _bloom(colour: str) -> str:
    petals = "".join(oval(x, y, 11, 11, soft(colour), width=3) for x, y in ring(0, 0, 14, 14, 5))
    return petals + oval(0, 0, 9, 9, "#f5cf4a" if colour != "#f5cf4a" else "#c9783f", width=3)


