"""Ears, muzzles, tails and wings: the parts that the furry plans share."""

from services.avatar.engines.sketch.colour import darken, lighten, mix
from services.avatar.engines.sketch.figure import Coat
from services.avatar.engines.sketch.svg import (
    both,
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

INNER = "#e9a79b"


def ears(kind: str, coat: Coat) -> str:
    """A pair of ears around a head centred at (0, -245), about 112 wide on each side."""
    fill, inner = soft(coat.base), mix(INNER, coat.base, 0.25)
    match kind:
        case "pointed":
            outer = "M34 -318Q62 -392 96 -394Q120 -340 108 -268Z"
            inside = "M60 -322Q72 -360 90 -368Q102 -334 98 -292Z"
            return both(path(outer, fill) + path(inside, inner, "none"))
        case "tall":
            outer = "M30 -316Q52 -402 98 -418Q132 -350 112 -262Z"
            inside = "M62 -324Q72 -368 94 -386Q110 -340 102 -288Z"
            tip = "M72 -394Q84 -412 98 -418Q110 -394 115 -366Q94 -372 72 -394Z"
            return both(
                path(outer, fill) + path(inside, coat.belly, "none") + path(tip, coat.mark, "none")
            )
        case "long":
            outer = "M20 -318C-4 -400 22 -476 58 -470C92 -462 88 -380 66 -308Z"
            inside = "M34 -330C20 -390 36 -446 56 -444C76 -438 70 -376 54 -322Z"
            left = path(outer, fill) + path(inside, inner, "none")
            return left + f'<g transform="scale(-1 1) rotate(14 40 -320)">{left}</g>'
        case "round":
            return both(oval(82, -322, 40, 40, fill) + flat(82, -318, 24, 24, inner))
        case "big":
            return both(oval(98, -330, 60, 60, fill) + flat(98, -326, 42, 42, inner))
        case "fan":
            ear = smooth(
                [(70, -320), (150, -356), (196, -296), (182, -214), (120, -180), (84, -220)]
            )
            inside = smooth(
                [(100, -310), (150, -330), (176, -288), (164, -226), (122, -202), (100, -230)]
            )
            return both(path(ear, fill) + path(inside, inner, "none"))
        case "floppy":
            return both(
                path(
                    "M48 -330C110 -356 158 -300 150 -210C146 -170 116 -176 106 -206C96 -240 84 -270 62 -290Z",
                    soft(coat.mark),
                )
            )
        case "leaf":
            outer = "M70 -300C110 -352 176 -346 190 -318C170 -276 116 -256 88 -262Z"
            inside = "M92 -296C118 -324 158 -326 172 -316C152 -290 116 -276 98 -278Z"
            return both(path(outer, fill) + path(inside, inner, "none"))
        case "fluffy":
            puff = smooth(
                [
                    (62, -330),
                    (96, -368),
                    (128, -346),
                    (158, -348),
                    (152, -312),
                    (166, -284),
                    (128, -276),
                    (106, -256),
                    (84, -280),
                ]
            )
            return both(path(puff, fill) + flat(118, -310, 24, 24, coat.belly))
        case "small":
            return both(oval(88, -306, 22, 24, fill) + flat(90, -302, 12, 14, inner))
        case "side":
            return both(oval(112, -240, 30, 32, fill) + flat(114, -238, 17, 19, inner))
        case "down":
            return both(
                path(
                    "M80 -300C130 -310 176 -276 172 -246C140 -236 104 -250 88 -272Z",
                    soft(darken(coat.base, 0.08)),
                )
            )
        case _:
            return ""


def skull(kind: str, coat: Coat) -> str:
    """A head outline centred at (0, -245), by how the cheeks are."""
    shapes = {
        "fluff": [
            (0, -336),
            (52, -332),
            (98, -298),
            (112, -250),
            (138, -222),
            (112, -206),
            (116, -184),
            (86, -176),
            (44, -158),
            (0, -153),
        ],
        "pointed": [
            (0, -334),
            (58, -328),
            (102, -294),
            (120, -246),
            (140, -206),
            (104, -190),
            (60, -164),
            (0, -146),
        ],
        "wide": [
            (0, -332),
            (62, -326),
            (110, -288),
            (122, -236),
            (104, -184),
            (54, -158),
            (0, -154),
        ],
        "egg": [(0, -340), (56, -330), (96, -290), (108, -236), (92, -182), (48, -152), (0, -148)],
        "long": [
            (0, -338),
            (50, -332),
            (88, -296),
            (94, -246),
            (76, -196),
            (64, -160),
            (36, -138),
            (0, -134),
        ],
    }
    return mirrored(shapes.get(kind, shapes["wide"]))


def muzzle(kind: str, coat: Coat) -> str:
    """What lies around nose and mouth. The mouth itself is the mood's business."""
    pale, nose = coat.belly, darken(coat.ink, 0.1)
    match kind:
        case "cat":
            return (
                flat(-20, -190, 27, 21, pale)
                + flat(20, -190, 27, 21, pale)
                + path(
                    "M-11 -211Q0 -216 11 -211Q6 -200 0 -198Q-6 -200 -11 -211Z", "#d9776f", "none"
                )
            )
        case "dog":
            return (
                flat(0, -190, 50, 38, pale)
                + oval(0, -212, 20, 14, nose, "none")
                + flat(-6, -217, 6, 3.5, "#ffffff", 0.5)
            )
        case "bear":
            return (
                flat(0, -188, 44, 34, pale)
                + oval(0, -206, 19, 13, nose, "none")
                + flat(-5, -211, 6, 3, "#ffffff", 0.5)
            )
        case "fox":
            cheeks = mirrored(
                [(0, -206), (26, -216), (70, -232), (134, -206), (104, -190), (60, -164), (0, -148)]
            )
            return (
                path(cheeks, pale, "none")
                + oval(0, -200, 15, 11, nose, "none")
                + flat(-4, -204, 4.5, 2.5, "#ffffff", 0.5)
            )
        case "button":
            return (
                flat(-17, -188, 24, 19, pale)
                + flat(17, -188, 24, 19, pale)
                + oval(0, -206, 10, 7.5, "#d9776f", "none")
            )
        case "pointed":
            return (
                path("M-42 -214Q-30 -168 0 -164Q30 -168 42 -214Q0 -232 -42 -214Z", pale, "none")
                + oval(0, -196, 15, 12, nose, "none")
                + flat(-4, -200, 5, 3, "#ffffff", 0.5)
            )
        case "snout":
            return (
                oval(0, -196, 40, 29, soft(mix(coat.base, INNER, 0.5)))
                + flat(-13, -198, 6, 9, nose, 0.8)
                + flat(13, -198, 6, 9, nose, 0.8)
            )
        case "cow":
            return (
                oval(0, -178, 62, 36, soft("#f2c4b3"))
                + flat(-22, -190, 7, 6, nose, 0.7)
                + flat(22, -190, 7, 6, nose, 0.7)
            )
        case "koala":
            return oval(0, -212, 22, 32, nose, "none") + flat(-6, -228, 6, 8, "#ffffff", 0.35)
        case "trunk":
            return ""
        case _:
            return ""


def trunk(coat: Coat) -> str:
    """An elephant's, curling to one side."""
    tube = limb("M0 -214C0 -160 6 -118 48 -112C74 -110 84 -128 78 -142", coat.base, 36, coat.ink)
    folds = "".join(
        stroke(f"M{-14 + i * 2} {-186 + i * 22}q14 7 28 0", darken(coat.base, 0.3), 3)
        for i in range(3)
    )
    return tube + folds


def whiskers(coat: Coat) -> str:
    """Three fine lines on each cheek."""
    lines = "".join(
        stroke(f"M66 {-196 + dy}q34 {dy - 4} 74 {dy * 2 - 8}", coat.ink, 2.4, 0.75)
        for dy in (-8, 1, 10)
    )
    return both(lines)


def tail(kind: str, coat: Coat) -> str:
    """A tail that comes out behind the body, to the right of the picture."""
    ink = coat.ink
    match kind:
        case "curl":
            d = "M60 -22C150 -10 182 -70 156 -118C138 -150 104 -134 116 -106"
            return limb(d, coat.base, 26, ink)
        case "brush":
            outer = "M48 -18C96 14 196 0 194 -92C194 -148 164 -184 142 -196C150 -150 112 -128 92 -96C76 -70 62 -50 48 -18Z"
            tip = "M142 -196C164 -184 194 -148 194 -100C176 -112 164 -100 150 -118C146 -136 152 -164 142 -196Z"
            return path(outer, soft(coat.base)) + path(tip, coat.belly, "none") + stroke(outer)
        case "squirrel":
            outer = "M40 -20C110 10 160 -50 142 -120C132 -164 154 -176 172 -156C180 -236 96 -262 70 -196C52 -150 88 -110 40 -20Z"
            return path(outer, soft(coat.base)) + stroke(
                "M84 -44C120 -80 92 -140 104 -190", lighten(coat.base, 0.3), 9, 0.7
            )
        case "puff":
            return oval(88, -46, 34, 32, soft(coat.belly))
        case "thin":
            return limb(
                "M60 -16C140 4 172 -44 150 -92C140 -118 168 -140 186 -120",
                mix(INNER, coat.base, 0.3),
                9,
                ink,
                4,
            )
        case "tuft":
            tuft = path(
                "M150 -150C126 -176 148 -208 166 -216C190 -196 190 -160 166 -142Z", soft(coat.mark)
            )
            return limb("M60 -20C150 0 186 -70 158 -150", coat.base, 15, ink, 4.5) + tuft
        case "wag":
            return limb("M70 -36C112 -40 136 -70 142 -112", coat.base, 26, ink)
        case "ringed":
            outer = (
                "M56 -16C110 16 190 -10 182 -92C178 -140 140 -150 130 -118C128 -88 100 -60 56 -16Z"
            )
            rings = "".join(
                stroke(d, coat.mark, 15)
                for d in (
                    "M104 -14Q96 -44 84 -56",
                    "M150 -28Q132 -50 110 -76",
                    "M184 -74Q156 -84 130 -106",
                )
            )
            return (
                path(outer, soft(coat.base))
                + rings
                + path("M182 -92C178 -140 140 -150 130 -118Q154 -96 182 -92Z", coat.mark, "none")
                + stroke(outer)
            )
        case "curly":
            return limb(
                "M78 -46c26 4 34 -22 18 -26c-16 -2 -14 22 8 22c24 0 32 -24 24 -38",
                coat.base,
                9,
                ink,
                4,
            )
        case "stub":
            return oval(84, -40, 20, 18, soft(coat.base))
        case "paddle":
            return path("M50 -20C100 10 182 8 192 -30C196 -66 150 -64 110 -50Z", soft(coat.mark))
        case "monkey":
            return limb(
                "M60 -18C176 20 196 -96 150 -136C116 -160 100 -116 130 -110",
                coat.base,
                15,
                ink,
                4.5,
            )
        case _:
            return ""


def feathered_wing(colour: str, tip: str) -> str:
    """A bird's wing spread to the right, rooted at (0, 0)."""
    outer = "M0 18C-6 -60 50 -128 142 -136C160 -134 158 -116 148 -108C158 -100 152 -84 138 -80C144 -68 134 -54 118 -54C120 -40 106 -28 90 -32C84 -14 60 -4 44 -12C34 4 16 16 0 18Z"
    feathers = "".join(
        stroke(d, "", 3, 0.6)
        for d in (
            "M60 -92Q104 -104 148 -108",
            "M52 -66Q96 -76 138 -80",
            "M44 -42Q82 -50 118 -54",
            "M34 -22Q64 -28 90 -32",
        )
    )
    return (
        path(outer, soft(colour))
        + path("M14 -14C24 -70 72 -112 142 -128C100 -98 60 -60 14 -14Z", tip, "none", opacity=0.55)
        + feathers
    )


def leather_wing(colour: str, skin: str, ink: str) -> str:
    """A dragon's or bat's wing spread to the right, rooted at (0, 0)."""
    web = "M0 24C-4 -50 34 -122 92 -158C126 -140 152 -100 158 -48C138 -58 118 -54 108 -34C94 -46 74 -40 66 -16C50 -24 24 -8 0 24Z"
    fingers = "".join(
        stroke(d, colour, 8) for d in ("M92 -156Q120 -110 110 -38", "M90 -154Q84 -90 68 -20")
    )
    arm = stroke("M2 18C0 -50 40 -124 92 -156", colour, 15)
    claw = path(polygon([(84, -152), (92, -180), (102, -150)]), "#fff1d0", width=4)
    return path(web, soft(skin)) + fingers + stroke(web) + arm + claw


def gauzy_wing(colour: str, long: bool = False) -> str:
    """An insect's or a fairy's pair of wings to the right, rooted at (0, 0)."""
    upper = (
        "M0 0C20 -90 110 -140 150 -100C170 -60 90 -6 0 0Z"
        if not long
        else "M0 0C40 -70 130 -120 180 -96C190 -66 100 -16 0 0Z"
    )
    lower = "M0 4C50 0 120 20 118 58C104 92 30 62 0 4Z"
    vein = stroke("M8 -8Q60 -70 124 -92M10 6Q50 28 92 50", lighten(colour, 0.6), 3, 0.9)
    return f'<g opacity=".86">{path(lower, soft(colour))}{path(upper, soft(colour))}{vein}</g>'
