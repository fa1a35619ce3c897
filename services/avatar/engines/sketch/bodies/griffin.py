"""The griffin: an eagle before, a lion behind."""

from random import Random

from services.avatar.engines.sketch.bodies.beast import beast
from services.avatar.engines.sketch.bodies.birds import bird
from services.avatar.engines.sketch.bodies.wings import SPAN, feathered_wing
from services.avatar.engines.sketch.build import Build
from services.avatar.engines.sketch.colour import lighten
from services.avatar.engines.sketch.figure import Coat, Figure
from services.avatar.engines.sketch.svg import both, group, path, soft


def griffin(coat: Coat, _build: Build, rng: Random) -> Figure:
    """A lion's seat and tail, an eagle's head, and wings."""
    lion = beast(coat, Build(tail="tuft", tags=frozenset({"socks"})), rng)
    eagle_coat = Coat(
        coat.belly, lighten(coat.belly, 0.5), coat.mark, coat.ink, coat.eye, coat.accent
    )
    eagle = bird(eagle_coat, Build(ears="tufts", muzzle="hook"), rng)
    wings = both(
        group(feathered_wing(coat.mark, lighten(coat.mark, 0.3)), x=50, y=-120, scale=1.05)
    )
    ruff = path(
        (
            "M-72 -190C-90 -150 -66 -134 -52 -140C-46 -110 -28 -112 -22 -120C-12 -96 12 "
            "-96 22 -120C28 -112 46 -110 52 -140C66 -134 90 -150 72 -190Z"
        ),
        soft(coat.belly),
    )
    return Figure(
        behind=wings + lion.behind,
        body=lion.body + ruff,
        forelegs=lion.forelegs,
        shoulder=lion.shoulder,
        torso="",
        head=eagle.head,
        face=eagle.face,
        neck=lion.neck,
        neck_width=lion.neck_width,
        hands=lion.hands,
        paw=lion.paw,
        pivot=lion.pivot,
        chest=lion.chest,
        chest_width=lion.chest_width,
        back=lion.back,
        reach=50 + 1.05 * SPAN,
        skin=coat.base,
        tags=frozenset({"winged", "beaked"}),
    )
