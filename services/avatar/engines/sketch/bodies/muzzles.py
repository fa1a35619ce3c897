"""Skulls, muzzles, trunks and whiskers of the furry plans."""

from services.avatar.engines.sketch.bodies.ears import INNER
from services.avatar.engines.sketch.colour import darken, mix
from services.avatar.engines.sketch.figure import Coat
from services.avatar.engines.sketch.svg import (
    both,
    flat,
    limb,
    mirrored,
    oval,
    path,
    soft,
    stroke,
)


def skull(kind: str) -> str:
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
            (108, -288),
            (124, -238),
            (112, -194),
            (66, -162),
            (0, -153),
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
