"""Snakes."""

from random import Random

from services.avatar.engines.sketch.build import Build
from services.avatar.engines.sketch.colour import darken
from services.avatar.engines.sketch.figure import Coat, Face, Figure
from services.avatar.engines.sketch.svg import both, flat, limb, mirrored, oval, path, soft, stroke


def snake(coat: Coat, build: Build, _rng: Random) -> Figure:
    """Coiled, with its head raised over the coils."""

    def coil(y: float, rx: float, ry: float) -> str:
        return oval(0, y, rx, ry, soft(coat.base)) + "".join(
            path(
                f"M{x - 14} {y + ry * 0.1 - abs(x) * 0.06:.0f}l14 -13l14 13l-14 13Z",
                coat.mark,
                "none",
            )
            for x in range(int(-rx) + 40, int(rx) - 20, 50)
        )

    neck = limb("M-6 -112C60 -130 46 -180 0 -214", coat.base, 60, coat.ink) + "".join(
        stroke(f"M{x} {y}q18 8 34 0", darken(coat.belly, 0.1), 5, 0.8)
        for x, y in ((6, -190), (20, -166), (22, -144))
    )
    tip = limb("M110 -26C160 -20 186 -44 184 -78", coat.base, 22, coat.ink)
    rattle = "".join(oval(184, -84 - i * 15, 14 - i * 2, 9, soft(coat.belly)) for i in range(3))
    head = mirrored(
        [(0, -342), (50, -336), (96, -296), (112, -250), (88, -204), (46, -182), (0, -178)]
    )
    hood = (
        path(
            mirrored([(0, -352), (90, -340), (148, -270), (120, -180), (50, -128), (0, -120)]),
            soft(coat.mark),
        )
        if "cobra" in build.tags
        else ""
    )
    jaw = path(
        mirrored([(0, -222), (56, -226), (96, -222), (80, -202), (44, -186), (0, -182)]),
        coat.belly,
        "none",
        opacity=0.9,
    )
    tongue = stroke("M0 -190V-164M0 -166l-9 14M0 -166l9 14", "#d9434e", 5)
    return Figure(
        behind=tip + (rattle if "rattle" in build.tags else ""),
        body=coil(-36, 146, 38) + coil(-78, 112, 34) + coil(-112, 74, 28) + neck,
        torso="",
        head=hood
        + path(head, soft(coat.base))
        + jaw
        + tongue
        + both(flat(9, -232, 3.5, 3, coat.ink, 0.7))
        + path("M-16 -322L0 -342L16 -322L0 -302Z", coat.mark, "none"),
        face=Face(
            eyes=((-50, -266), (50, -266)),
            eye=34,
            mouth=(0, -212),
            mouth_width=32,
            crown=(0, -334),
            crown_width=74,
            cheeks=((-82, -222), (82, -222)),
            lid=coat.base,
        ),
        neck=(8, -176),
        neck_width=44,
        pivot=(0, -190),
        chest=(8, -140),
        chest_width=34,
        back=(40, -150),
        floats=False,
        tags=frozenset({"boneless"}),
    )
