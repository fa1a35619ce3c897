"""What a hand can hold: drawn around the grip at the origin, upright."""

from services.avatar.engines.sketch.colour import darken, lighten
from services.avatar.engines.sketch.svg import box, flat, glow, group, heart, oval, path, polygon, ring, smooth, soft, star, stroke

WOOD, STEEL, GOLD = "#a8713f", "#c6d0dc", "#f2c24e"

# How far below the grip each thing reaches, for those that must stand on the ground.
FEET = {"staff": 78, "trident": 78, "fishing_rod": 40, "umbrella": 60, "axe": 50, "sword": 30, "torch": 40, "wand": 20, "balloon": 0, "kite": 0, "watering_can": 34, "lantern": 74, "teapot": 34, "cup": 26, "potion": 36, "books": 40, "book": 40, "gem": 34, "crystal_ball": 44, "drum": 40, "honey_pot": 40, "flower": 40, "violin": 44, "guitar": 60, "bow_arrow": 60}


def held(name: str, colour: str) -> str:
    """The named thing in `colour`, or in its own; empty for what is not held."""
    rod = _rods(name, colour)
    return rod or _vessels(name, colour) or _crafts(name, colour) or _gifts(name, colour)


def _rods(name: str, colour: str) -> str:
    match name:
        case "sword":
            blade = path("M-9 -22L-10 -128L0 -152L10 -128L9 -22Z", soft(colour or STEEL)) + stroke("M0 -132V-30", "#ffffff", 3, 0.8)
            return blade + path("M-34 -28Q0 -14 34 -28L32 -14Q0 -2 -32 -14Z", soft(GOLD)) + box(-7, -16, 14, 36, soft(WOOD), 5) + oval(0, 24, 10, 10, soft(GOLD))
        case "staff":
            return stroke("M0 78V-130", "", 21) + stroke("M0 78V-130", colour or WOOD, 12) + flat(0, -152, 52, 52, glow("#8fe6f2")) + oval(0, -152, 24, 24, soft("#6fd0e6")) + flat(-8, -160, 6, 7, "#ffffff", 0.9) + stroke("M-16 -126C-30 -150 -16 -182 4 -184M16 -126C28 -140 28 -156 24 -164", WOOD, 8)
        case "wand":
            return stroke("M0 20V-66", "", 15) + stroke("M0 20V-66", WOOD, 7) + flat(0, -84, 46, 46, glow("#ffe98a")) + path(star(0, -86, 27, 12), soft(colour or GOLD))
        case "trident":
            return stroke("M0 78V-130M-34 -120V-90Q-34 -70 0 -70Q34 -70 34 -90V-120", "", 19) + stroke("M0 78V-130M-34 -120V-90Q-34 -70 0 -70Q34 -70 34 -90V-120", colour or GOLD, 10)
        case "axe":
            return stroke("M0 50V-100", "", 20) + stroke("M0 50V-100", WOOD, 11) + path("M-6 -110C30 -124 56 -112 66 -90C62 -60 40 -44 -6 -56Z", soft(STEEL))
        case "hammer":
            return stroke("M0 34V-76", "", 20) + stroke("M0 34V-76", WOOD, 11) + box(-40, -108, 80, 42, soft("#8a94a6"), 9)
        case "wrench":
            return path("M-9 30L-8 -54C-34 -64 -36 -98 -14 -112V-84L0 -74L14 -84V-112C36 -98 34 -64 8 -54L9 30Q0 40 -9 30Z", soft(STEEL))
        case "torch":
            return path("M-14 -34L-8 40H8L14 -34Z", soft(WOOD)) + flat(0, -72, 70, 74, glow("#ffb84a")) + path("M0 -30C-36 -40 -30 -84 -6 -120C0 -96 30 -88 26 -56C24 -40 14 -32 0 -30Z", soft("#f08a2f")) + path("M0 -36C-16 -44 -12 -66 0 -84C6 -66 18 -60 12 -46Z", "#ffe28a", "none")
        case "fishing_rod":
            return stroke("M-6 40L30 -140", "", 14) + stroke("M-6 40L30 -140", WOOD, 7) + stroke("M30 -140Q84 -110 76 -40", "#6a5f70", 2.5) + oval(76, -34, 9, 11, soft("#d9483f"), width=3)
        case "umbrella":
            shade = colour or "#e0604f"
            return stroke("M0 40V-130M0 40q0 20 16 20q14 0 14 -16", "", 9) + path("M-98 -96C-88 -170 88 -170 98 -96Q82 -114 64 -96Q50 -114 32 -96Q16 -114 0 -96Q-16 -114 -32 -96Q-50 -114 -64 -96Q-82 -114 -98 -96Z", soft(shade)) + stroke("M0 -150Q-34 -130 -32 -96M0 -150Q34 -130 32 -96", darken(shade, 0.25), 3)
        case "paintbrush":
            return stroke("M0 30V-70", "", 16) + stroke("M0 30V-70", WOOD, 8) + box(-9, -84, 18, 22, soft(STEEL), 3) + path("M-10 -84C-20 -110 0 -124 2 -134C14 -116 18 -100 10 -84Z", soft(colour or "#e0604f"))
        case "quill":
            return path("M0 24L-4 -10C-34 -50 -6 -120 44 -132C46 -84 36 -34 6 -10Z", soft(colour or "#f8f5ee")) + stroke("M0 24Q4 -50 36 -118", "", 3.5)
        case "microphone":
            return path("M-8 34L-12 -26H12L8 34Z", soft("#4a4560")) + oval(0, -46, 25, 27, soft("#b8c0cc")) + stroke("M-22 -50H22M-18 -36H18M0 -70V-22", "#6c7688", 3)
        case "spoon":
            return stroke("M0 40V-56", "", 18) + stroke("M0 40V-56", "#c9975c", 10) + oval(0, -78, 21, 28, soft("#c9975c")) + flat(0, -76, 11, 16, "#9a6c3a", 0.6)
        case "flute":
            return group(stroke("M0 40V-96", "", 22) + stroke("M0 40V-96", colour or "#c9a05c", 13) + "".join(flat(0, y, 3.5, 3.5, "#4a3430") for y in (-60, -40, -20)), turn=28)
        case _:
            return ""


def _vessels(name: str, colour: str) -> str:
    match name:
        case "lantern":
            cage = path("M-30 12H30L24 66H-24Z", soft("#ffe9a0")) + flat(0, 40, 80, 80, glow("#ffd86a")) + path("M0 24C-12 40 -10 54 0 56C10 54 12 40 0 24Z", "#f08a2f", "none")
            return cage + stroke("M-10 12L-8 66M10 12L8 66", "", 4) + path("M-34 12Q0 -20 34 12Z", soft(colour or "#7a5a48")) + box(-30, 62, 60, 13, soft(colour or "#7a5a48"), 5) + stroke("M0 -8V-14", "", 8) + oval(0, -14, 13, 13, "none", width=6)
        case "cup":
            return stroke("M-14 -38q-12 -16 0 -30t0 -28M14 -38q-12 -16 0 -30t0 -28", "#fff8ea", 6, 0.85) + oval(40, -2, 17, 17, "none", width=9) + path("M-38 -28H38Q38 28 0 28Q-38 28 -38 -28Z", soft(colour or "#f6efe0")) + oval(0, -28, 38, 9, "#8f5a3a") + path(heart(0, 4, 18), "#e0604f", "none")
        case "teapot":
            return path("M34 -10C60 -20 60 -40 78 -44C74 -10 60 14 36 16Z", soft(colour or "#5b86b4")) + oval(-50, -4, 20, 22, "none", width=9) + oval(0, 0, 48, 38, soft(colour or "#5b86b4")) + path("M-28 -32Q0 -48 28 -32Z", soft(colour or "#5b86b4")) + oval(0, -46, 9, 9, soft(GOLD))
        case "potion":
            brew = colour or "#8fd65a"
            return path("M-11 -54H11V-22C36 -10 40 22 22 38H-22C-40 22 -36 -10 -11 -22Z", "#eef8f6") + path("M-30 2Q0 -8 30 2C34 20 26 32 20 36H-20C-26 32 -34 20 -30 2Z", soft(brew), "none") + oval(-8, 16, 5, 5, lighten(brew, 0.6), "none") + oval(10, 8, 4, 4, lighten(brew, 0.6), "none") + box(-13, -68, 26, 16, soft(WOOD), 4)
        case "watering_can":
            tin = colour or "#6fa8b8"
            return path("M36 6L84 -34L94 -24L38 30Z", soft(tin)) + oval(92, -32, 12, 16, soft(tin), turn=-40) + stroke("M-34 -18C-80 -30 -70 40 -34 30", "", 10) + path("M-36 -30H36L40 34H-40Z", soft(tin)) + "".join(path(f"M{x} {y}q8 14 0 20q-8 -6 0 -20Z", "#8fd0ee", width=2.5) for x, y in ((104, -10), (116, 8), (98, 16)))
        case "honey_pot":
            return path("M-40 -22C-56 10 -40 40 -24 40H24C40 40 56 10 40 -22Z", soft("#d99a4a")) + path("M-42 -24Q0 -44 42 -24C40 -8 32 -10 28 -2C24 12 12 10 10 -6C0 -10 -8 2 -16 0C-24 -4 -34 -10 -42 -24Z", soft("#ffc84a"))
        case "bread":
            return group(oval(0, -24, 26, 66, soft("#dda25c")) + stroke("M-14 -58L14 -46M-18 -32L16 -20M-16 -6L14 6", "#f8dca6", 7), turn=24)
        case "cupcake":
            return path("M-36 -4H36L26 36H-26Z", soft("#e8a878")) + stroke("M-14 0L-11 34M14 0L11 34", "#b8744a", 4) + path(smooth([(-44, -6), (-42, -30), (-22, -36), (-16, -58), (14, -60), (22, -38), (44, -28), (44, -6), (0, 4)]), soft(colour or "#f8a8c0")) + oval(2, -64, 11, 11, soft("#d9403f"))
        case "whisk":
            return box(-7, -10, 14, 46, soft(WOOD), 5) + stroke("M0 -10C-36 -40 -24 -84 0 -86C24 -84 36 -40 0 -10M0 -10V-86M0 -10C-14 -40 -12 -80 0 -86C12 -80 14 -40 0 -10", "#8a94a6", 4)
        case "drum":
            return path("M-46 -26V28Q0 50 46 28V-26Z", soft(colour or "#d9534a")) + oval(0, -26, 46, 15, soft("#fff2d8")) + stroke("M-46 -20L-23 36L0 -10L23 36L46 -20", GOLD, 4)
        case _:
            return ""


def _crafts(name: str, colour: str) -> str:
    match name:
        case "book":
            cover = colour or "#a8483f"
            return path("M0 -34C-24 -52 -60 -50 -72 -42V30C-56 22 -22 22 0 38C22 22 56 22 72 30V-42C60 -50 24 -52 0 -34Z", soft(cover)) + path("M0 -30C-22 -46 -52 -46 -64 -40V20C-48 14 -20 16 0 30C20 16 48 14 64 20V-40C52 -46 22 -46 0 -30Z", "#fff8e6", width=3) + stroke("M0 -30V30M-52 -26Q-30 -30 -14 -20M-52 -10Q-30 -14 -14 -4M52 -26Q30 -30 14 -20M52 -10Q30 -14 14 -4", "#b8a488", 3.5)
        case "books":
            return "".join(box(x, y, w, 22, soft(c), 5) + box(x + w - 16, y + 4, 14, 14, "#fff6e0", 2, "none") for x, y, w, c in ((-52, 18, 104, "#b8503f"), (-42, -4, 92, "#5b86b4"), (-48, -26, 86, "#7aa05a")))
        case "map":
            return path("M-60 -40L-20 -50L20 -38L60 -50V20L20 32L-20 20L-60 30Z", soft("#f2dfae")) + stroke("M-20 -50V20M20 -38V32", "#c9a868", 3) + stroke("M-46 8Q-20 -30 4 -6T44 -24", "#d9483f", 5) + stroke("M38 -32l12 14M50 -32l-12 14", "#d9483f", 5)
        case "telescope":
            return group(box(-14, -84, 28, 56, soft(colour or "#b8863f"), 6) + box(-18, -34, 36, 54, soft("#7a5238"), 7) + box(-20, -92, 40, 14, soft(GOLD), 5) + box(-21, -36, 42, 10, soft(GOLD), 4), turn=38)
        case "magnifier":
            return stroke("M0 30V-22", "", 20) + stroke("M0 30V-22", WOOD, 11) + oval(0, -58, 37, 37, "#d8f0fa", "", 0, 0.8) + oval(0, -58, 37, 37, "none", "#8a6a44", 9) + stroke("M-20 -68q8 -14 22 -16", "#ffffff", 6)
        case "guitar":
            body = smooth([(0, -36), (30, -30), (24, -2), (44, 26), (26, 58), (-26, 58), (-44, 26), (-24, -2), (-30, -30)])
            return group(box(-7, -134, 14, 104, soft("#6a4630"), 3) + box(-13, -158, 26, 30, soft("#8a5a3a"), 6) + path(body, soft(colour or "#d9954a")) + oval(0, 10, 13, 13, "#4a3028") + stroke("M-3 -140V44M3 -140V44", "#fff2d8", 1.6), turn=24)
        case "violin":
            body = smooth([(0, -36), (24, -30), (16, -6), (32, 22), (20, 44), (-20, 44), (-32, 22), (-16, -6), (-24, -30)])
            return group(box(-5, -104, 10, 70, soft("#3a2a2c"), 3) + path(body, soft("#b8683f")) + stroke("M-12 0v20M12 0v20", "", 3.5) + stroke("M52 -90L-30 30", "#f2dfae", 4), turn=-22)
        case "camera":
            return box(-46, -30, 92, 60, soft(colour or "#5a5670"), 10) + box(-20, -42, 40, 16, soft("#4a4560"), 4) + oval(0, 0, 24, 24, soft("#8a94a6")) + oval(0, 0, 14, 14, soft("#3f5a84"), width=3) + flat(-5, -5, 4, 4, "#ffffff") + flat(32, -18, 6, 5, "#ffe98a")
        case "shield":
            return path("M-52 -58Q0 -76 52 -58C54 -4 40 44 0 66C-40 44 -54 -4 -52 -58Z", soft(colour or "#4f78b4")) + path("M-36 -46Q0 -58 36 -46C38 -6 28 28 0 46C-28 28 -38 -6 -36 -46Z", "none", GOLD, 6) + path(star(0, -8, 26, 11), soft(GOLD), width=3)
        case "key":
            return oval(0, -58, 25, 25, "none", "#a8782f", 17) + oval(0, -58, 25, 25, "none", GOLD, 9) + stroke("M0 -32V36M0 30H20M0 12H16", "#a8782f", 15) + stroke("M0 -32V36M0 30H20M0 12H16", GOLD, 8)
        case "hourglass":
            return path("M-28 -50H28C28 -18 8 -12 8 -4C8 6 28 12 28 44H-28C-28 12 -8 6 -8 -4C-8 -12 -28 -18 -28 -50Z", "#e4f4f8") + path("M-20 40C-18 20 18 20 20 40ZM-16 -26H16L0 -6Z", "#f0c468", "none") + box(-36, -60, 72, 13, soft(WOOD), 4) + box(-36, 42, 72, 13, soft(WOOD), 4)
        case "compass":
            return oval(0, -20, 38, 38, soft(GOLD)) + oval(0, -20, 27, 27, "#fff8e6", width=3) + path(polygon([(0, -42), (7, -20), (-7, -20)]), "#d9483f", "none") + path(polygon([(0, 2), (7, -20), (-7, -20)]), "#4a4560", "none")
        case "bow_arrow":
            return stroke("M6 -96C64 -60 64 40 6 70", "", 17) + stroke("M6 -96C64 -60 64 40 6 70", WOOD, 9) + stroke("M6 -96L6 70", "#f2e6d0", 3) + stroke("M-60 -10H70", "", 5) + path(polygon([(66, -22), (88, -10), (66, 2)]), soft(STEEL), width=3)
        case _:
            return ""


def _gifts(name: str, colour: str) -> str:
    match name:
        case "flower":
            tone = colour or "#f2849a"
            return stroke("M0 40Q-6 0 0 -44", "#5f9a4f", 8) + flat(-16, 6, 17, 8, "#6fae5a", turn=30) + "".join(oval(x, y - 62, 17, 17, soft(tone), width=4) for x, y in ring(0, 0, 22, 22, 6)) + oval(0, -62, 14, 14, soft("#f8d24a"), width=4)
        case "balloon":
            return stroke("M0 20C-10 -20 12 -50 0 -92", "#fff6e4", 3) + path("M0 -88C-54 -110 -54 -196 0 -200C54 -196 54 -110 0 -88Z", soft(colour or "#e0544a")) + flat(-18, -168, 8, 14, "#ffffff", 0.7, 20) + path("M-7 -80L0 -92L7 -80Z", colour or "#e0544a", width=3)
        case "kite":
            return stroke("M0 20Q30 -40 20 -84", "#fff6e4", 3) + path(polygon([(20, -190), (64, -140), (20, -80), (-24, -140)]), soft(colour or "#4f9ac4")) + stroke("M20 -190V-80M-24 -140H64", "#fff6e4", 4)
        case "heart":
            return path(heart(0, -30, 66), soft(colour or "#e8505a")) + flat(-14, -44, 6, 9, "#ffffff", 0.7, 30)
        case "gem":
            tone = colour or "#5fc8e0"
            return path(polygon([(-40, -34), (-20, -56), (20, -56), (40, -34), (0, 26)]), soft(tone)) + stroke("M-40 -34H40M-20 -56L-12 -34L0 26L12 -34L20 -56", lighten(tone, 0.6), 3.5)
        case "crystal_ball":
            return path("M-34 26H34L42 46H-42Z", soft("#7a5a48")) + flat(0, -12, 66, 66, glow("#c8a8f2")) + oval(0, -10, 42, 42, soft(colour or "#b89af0")) + path(star(6, -4, 13, 5, 4), "#fff6ff", "none") + flat(-16, -26, 8, 11, "#ffffff", 0.85, 30)
        case "ball":
            return oval(0, -20, 36, 36, soft(colour or "#e0604f")) + stroke("M-34 -26Q0 -52 34 -26M-36 -12Q0 -34 36 -12M-28 4Q0 -14 28 4", "#ffffff", 4, 0.6)
        case "acorn":
            return path("M-28 -24C-28 20 -8 34 0 42C8 34 28 20 28 -24Z", soft("#c98a4a")) + path("M-36 -22Q-34 -52 0 -54Q34 -52 36 -22Q0 -10 -36 -22Z", soft("#7a5238")) + stroke("M0 -54V-68", "", 9)
        case "carrot":
            return stroke("M0 -56L-16 -84M0 -56V-92M0 -56L16 -84", "#5fa04f", 10) + path("M-25 -48Q0 -62 25 -48L4 42Q0 48 -4 42Z", soft("#f08a3c")) + stroke("M-18 -28H0M-12 0H2", "#c9602a", 4)
        case "apple":
            return path("M0 -44C-20 -58 -48 -40 -40 -2C-34 28 -14 34 0 26C14 34 34 28 40 -2C48 -40 20 -58 0 -44Z", soft(colour or "#d9483f")) + stroke("M0 -44Q2 -60 10 -66", "", 6) + flat(20, -58, 14, 7, "#6fae5a", turn=-20)
        case "berry":
            return path("M-34 -30C-34 6 -14 30 0 38C14 30 34 6 34 -30Q0 -50 -34 -30Z", soft(colour or "#d9404a")) + "".join(flat(x, y, 2.5, 4, "#ffe6a0") for x, y in ((-16, -18), (0, -22), (16, -18), (-8, 0), (10, 0), (0, 16))) + path(star(0, -38, 24, 9), soft("#6fae5a"), width=3)
        case "coin":
            return oval(0, -24, 34, 36, soft(GOLD)) + oval(0, -24, 23, 25, "none", "#c9923a", 4) + path(star(0, -24, 15, 6), "#c9923a", "none")
        case "letter":
            return box(-50, -44, 100, 66, soft("#fff6e4"), 6) + stroke("M-50 -40L0 0L50 -40", "", 4) + path(heart(0, 2, 20), "#d9483f", width=3)
        case _:
            return ""
