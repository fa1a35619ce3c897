"""Wings of feathers, leather and gauze."""

from services.avatar.engines.sketch.colour import lighten
from services.avatar.engines.sketch.svg import (
    path,
    polygon,
    soft,
    stroke,
)

# How far a wing spreads from its root, its line included; a dragonfly's is longer.
SPAN, LONG_SPAN = 164, 192


def feathered_wing(colour: str, tip: str) -> str:
    """A bird's wing spread to the right, rooted at (0, 0)."""
    outer = (
        "M0 18C-6 -60 50 -128 142 -136C160 -134 158 -116 148 -108C158 -100 152 -84 138 -80"
        "C144 -68 134 -54 118 -54C120 -40 106 -28 90 -32C84 -14 60 -4 44 -12C34 4 16 16 0 "
        "18Z"
    )
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


def leather_wing(colour: str, skin: str) -> str:
    """A dragon's or bat's wing spread to the right, rooted at (0, 0)."""
    web = (
        "M0 24C-4 -50 34 -122 92 -158C126 -140 152 -100 158 -48C138 -58 118 -54 108 -34"
        "C94 -46 74 -40 66 -16C50 -24 24 -8 0 24Z"
    )
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
