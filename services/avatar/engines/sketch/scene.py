"""Composes a portrait: named layers of vector drawing, each on top of the last."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

from services.avatar.engines.sketch.bodies import PLANS
from services.avatar.engines.sketch.brief import Brief
from services.avatar.engines.sketch.coat import mix_coat
from services.avatar.engines.sketch.colour import darken, lighten, lightness
from services.avatar.engines.sketch.dress import dress
from services.avatar.engines.sketch.eyes import eyes, with_eyes
from services.avatar.engines.sketch.features import features
from services.avatar.engines.sketch.figure import Coat, Figure
from services.avatar.engines.sketch.frame import frame
from services.avatar.engines.sketch.markings import markings
from services.avatar.engines.sketch.mood import EXPRESSIONS
from services.avatar.engines.sketch.outfit import Outfit
from services.avatar.engines.sketch.places import PLACES
from services.avatar.engines.sketch.places.ground import Canvas
from services.avatar.engines.sketch.svg import flat, glow, group
from services.avatar.engines.sketch.words.species import SPECIES, Species
from services.avatar.port import PortraitRequest

_SHORT_SIDE = 512
# Who spreads wider than this shows all of it, this far from the edges at least, but for its lean.
_COMMON_REACH, _WING_MARGIN = 190, 36
_MOODS = ("content", "content", "cheerful", "curious", "gentle", "dreamy", "sly", "proud")


@dataclass(frozen=True, slots=True)
class Layer:
    """One sheet of the drawing."""

    name: str
    markup: str


@dataclass(frozen=True, slots=True)
class Scene:
    """The whole drawing, `width` by `height` in its own units."""

    width: float
    height: float
    layers: tuple[Layer, ...]


@dataclass(frozen=True, slots=True)
class _Pose:
    """Where and how the figure stands on the canvas."""

    x: float
    y: float
    scale: float
    lean: float
    tilt: float
    flip: bool
    close: bool


def lot(request: PortraitRequest) -> Random:
    """The chance of this portrait: the same for the same text and seed, on every machine."""
    looks = request.appearance
    said = (
        request.prompt,
        looks.species,
        looks.coat,
        looks.eyes,
        looks.outfit,
        looks.mood,
        *looks.colors,
        *looks.features,
        *request.palette,
    )
    digest = hashlib.blake2b("\x1f".join(said).encode("utf-8", "replace"), digest_size=8).digest()
    mixed = int.from_bytes(digest, "big") ^ (request.seed * 0x9E3779B97F4A7C15)
    return Random(mixed)  # noqa: S311 -- chance for drawing, not for secrets


def compose(brief: Brief, request: PortraitRequest) -> Scene:
    """Draws what the brief says; everything that it leaves open is drawn by lot."""
    rng = lot(request)
    species = SPECIES[brief.species]
    unit = min(request.width, request.height) / _SHORT_SIDE
    width, height = request.width / unit, request.height / unit
    coat = mix_coat(brief, species, rng)
    canvas = Canvas(width, height, floor=height / 2 + 196, palette=_behind(coat, request.palette))
    outfit = dress(brief, species, rng)
    build = replace(species.build, tags=species.build.tags | outfit.build_tags)
    figure = PLANS[species.plan](coat, build, rng)
    figure = replace(figure, face=with_eyes(figure.face, brief.eye_count, "stalks" in figure.tags))
    how = EXPRESSIONS[brief.mood or rng.choice(_MOODS)]
    pose = _pose(brief, figure, outfit, canvas, rng)
    place = PLACES[_place(brief, species, rng, papered=bool(request.palette))](canvas, rng)
    sheet = frame(width, height, rng)

    def on_body(markup: str) -> str:
        """In the figure's place, leaning as it leans."""
        placed = group(
            group(markup, turn=pose.lean), pose.x, pose.y, scale=pose.scale, flip=pose.flip
        )
        return sheet.standing(placed) if pose.close else placed

    def on_head(markup: str) -> str:
        """Moving with the head."""
        return on_body(group(markup, turn=pose.tilt, pivot=figure.pivot))

    tags = frozenset(species.build.tags | outfit.marks)
    layers = (
        Layer("backdrop", sheet.sheet() + sheet.inside(place.sky)),
        Layer("setting", sheet.inside(place.scenery + _halo(canvas, coat)) + sheet.edge()),
        Layer(
            "body", _shadow(pose, canvas, figure) + on_body(_body(figure, coat, tags, outfit, rng))
        ),
        Layer("clothes", on_body(outfit.body(figure))),
        Layer("head", on_head(figure.head)),
        Layer("eyes", on_head(eyes(figure.face, how, coat, starry="stars" in outfit.marks))),
        Layer("mood", on_head(features(figure.face, how, coat))),
        Layer(
            "accessories", on_head(outfit.head(figure, coat)) + on_body(outfit.hands(figure, coat))
        ),
        Layer(
            "foreground",
            sheet.inside(place.front) + group(outfit.aura(rng), width / 2, canvas.floor),
        ),
        Layer("light", sheet.light(rng)),
    )
    shapes = ("<path", "<ellipse", "<rect")
    drawn = (layer for layer in layers if any(shape in layer.markup for shape in shapes))
    return Scene(
        width, height, tuple(Layer(layer.name, _inked(layer.markup, coat)) for layer in drawn)
    )


def _inked(markup: str, coat: Coat) -> str:
    return (
        f'<g stroke="{coat.ink}" stroke-width="5" stroke-linejoin="round" '
        f'stroke-linecap="round">{markup}</g>'
    )


def _place(brief: Brief, species: Species, rng: Random, *, papered: bool) -> str:
    """Where it is; before paper of the colours that are asked for, unless a place is named."""
    if brief.place and not ("sea" in species.home and brief.place_implied):
        return brief.place
    if papered:
        return "paper"
    if species.home and ("sea" in species.home or rng.random() < 0.78):
        return rng.choice(species.home)
    return "paper"


def _behind(coat: Coat, palette: Sequence[str]) -> tuple[str, ...]:
    """The colours before which a coat stands out the most, first."""
    return tuple(sorted(palette, key=lambda c: -abs(lightness(c) - lightness(coat.base))))


def _pose(brief: Brief, figure: Figure, outfit: Outfit, canvas: Canvas, rng: Random) -> _Pose:
    """Near or far, leaning, head tilted, facing either way; with all of its hat and its wings."""
    reach = outfit.reach(figure)
    wide = reach > _COMMON_REACH
    # From nearby, wings and what stands on the ground would be cut off.
    far = figure.floats or brief.small or wide or (outfit.in_hand and not figure.hands)
    near = not far and rng.random() < 0.4
    scale = rng.uniform(0.94, 1.02) * (1.1 if brief.large else 0.86 if brief.small else 1)
    scale *= rng.uniform(1.16, 1.26) if near else 1
    lift = rng.uniform(16, 40) if figure.floats else -6
    y = canvas.floor - lift
    if near:
        y = canvas.height / 2 + 246 + 46 * (scale - 1)
    room = y - canvas.height / 2 + 246
    scale = min(scale, room / -outfit.top(figure))
    if wide:
        scale = min(scale, (canvas.width / 2 - _WING_MARGIN) / reach)
    return _Pose(
        x=canvas.width / 2 + rng.uniform(-12, 12) * (0.3 if wide else 1),
        y=y,
        scale=scale,
        lean=rng.uniform(-6, 6) if figure.floats else rng.uniform(-3, 3),
        tilt=rng.choice((-1, 1)) * rng.uniform(2, 9) if figure.tilts else rng.uniform(-2, 2),
        flip=rng.random() < 0.5,
        close=near,
    )


def _body(figure: Figure, coat: Coat, tags: frozenset[str], outfit: Outfit, rng: Random) -> str:
    """Wings and tail behind, the trunk with its pattern, and the limbs before it."""
    back = outfit.behind(figure, coat) + figure.behind
    return (
        back
        + figure.body
        + markings(tags, figure, coat, rng)
        + figure.over
        + outfit.arms(figure, coat)
    )


def _shadow(pose: _Pose, canvas: Canvas, figure: Figure) -> str:
    if pose.close:
        return ""
    wide = 150 * pose.scale
    return flat(
        pose.x,
        canvas.floor + 10,
        wide * (0.8 if figure.floats else 1),
        17,
        darken("#5a3a4a", 0.2),
        0.16 if figure.floats else 0.28,
    )


def _halo(canvas: Canvas, coat: Coat) -> str:
    """Light behind the figure, the more the darker it is, so that it stands out at night."""
    strength = 0.85 if lightness(coat.base) < 0.42 else 0.55
    light = glow(lighten(coat.belly, 0.5))
    return flat(canvas.width / 2, canvas.floor - 190, 240, 240, light, strength)
