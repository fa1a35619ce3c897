"""The portraits themselves: repeatable, different from each other, and safe."""

import io
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest

from services.avatar.engines.sketch.engine import SketchEngine
from services.avatar.engines.sketch.read import read
from services.avatar.engines.sketch.scene import Scene, compose
from services.avatar.engines.sketch.svg import definitions
from services.avatar.engines.sketch.words.species import SPECIES
from services.avatar.port import Appearance, EngineEvent, PortraitRequest

Image = pytest.importorskip("PIL.Image", reason="pillow, which reads the pictures, is missing")

SENTENCES = Path("docs/sketch/sentences.txt").read_text(encoding="utf-8").splitlines()
HOSTILE = [
    "</svg><script>alert(1)</script>",
    "a cat\" onload='x' fill=\"url(file:///etc/passwd)",
    "{coat} {{0}} %s ${PATH} `ls`",
    "<![CDATA[<!ENTITY lol 'lol'>&lol;]]>",
    "龙和猫 🐉🧙‍♀️ zażółć \u202e gnirts \ud800",
    "<path d='M0 0'/>" * 700,
]


def scene(prompt: str, seed: int = 0) -> Scene:
    """The drawing that belongs to a prompt."""
    request = PortraitRequest(prompt=prompt, seed=seed)
    return compose(read(request), request)


def ignore(event: EngineEvent) -> None:
    """For tests that look at the picture alone."""


async def png(sketch: SketchEngine, prompt: str, seed: int = 0, size: int = 64) -> bytes:
    """The finished picture of a prompt."""
    events: list[EngineEvent] = []
    request = PortraitRequest(prompt=prompt, seed=seed, width=size, height=size)
    return (await sketch.draw(request, events.append)).png


def colours(picture: bytes) -> list[int]:
    """The picture as 16 by 16 averaged colours."""
    small = Image.open(io.BytesIO(picture)).convert("RGB").resize((16, 16), Image.Resampling.BOX)
    return list(small.tobytes())


def distance(first: list[int], second: list[int]) -> float:
    """The mean difference of two pictures, 0 to 255."""
    return sum(abs(a - b) for a, b in zip(first, second, strict=True)) / len(first)


async def test_the_same_request_gives_the_same_bytes(sketch: SketchEngine) -> None:
    """Nothing but the request decides what is drawn."""
    assert await png(sketch, "a shy dragon", 5) == await png(sketch, "a shy dragon", 5)


async def test_another_seed_gives_another_picture_of_the_same_species(
    sketch: SketchEngine,
) -> None:
    """The species stays; pose, shade or background differ visibly."""
    pictures = [colours(await png(sketch, "a fox", seed)) for seed in range(4)]
    assert min(distance(a, b) for a, b in combinations(pictures, 2)) > 6
    assert read(PortraitRequest(prompt="a fox", seed=1)).species == "fox"


async def test_no_two_of_sixty_sentences_look_alike(sketch: SketchEngine) -> None:
    """Even when shrunk to 16 by 16 pixels, every pair differs clearly."""
    assert len(SENTENCES) == 60
    pictures = [colours(await png(sketch, sentence, 7)) for sentence in SENTENCES]
    nearest = min(distance(a, b) for a, b in combinations(pictures, 2))
    assert nearest > 8


@pytest.mark.parametrize("species", SPECIES)
def test_every_species_is_drawn_as_sound_markup(species: str) -> None:
    """Each layer is well-formed by itself, and every gradient that it names is defined in it."""
    for layer in scene(f"a {species}", seed=3).layers:
        markup = f"<svg>{definitions(layer.markup)}{layer.markup}</svg>"
        tree = Xml.fromstring(markup)
        defined = {element.get("id") for element in tree.iter()}
        used = {
            value.removeprefix("url(#").removesuffix(")")
            for element in tree.iter()
            for value in element.attrib.values()
            if value.startswith("url(#")
        }
        assert used - defined == set()


@pytest.mark.parametrize(
    "winged", ["dragon", "fairy", "bat", "eagle", "griffin", "dragonfly", "cat with wings"]
)
@pytest.mark.parametrize("seed", range(3))
async def test_wings_stay_in_the_picture(sketch: SketchEngine, winged: str, seed: int) -> None:
    """The paper at the left and the right edge is untouched."""
    request = PortraitRequest(prompt=f"a huge {winged}", seed=seed, width=128, height=128)
    picture = Image.open(io.BytesIO((await sketch.draw(request, ignore)).png)).convert("RGB")
    paper = picture.getpixel((0, 0))
    edges = {picture.getpixel((x, y)) for x in (0, 127) for y in range(128)}
    assert edges == {paper}


def test_everybody_has_as_many_eyes_as_were_asked_for() -> None:
    """Whatever the body."""
    for species in SPECIES:
        drawn = {layer.name: layer.markup for layer in scene(f"a three-eyed {species}").layers}
        assert drawn["eyes"].count('fill="#fffaf0"') == 3, species


def test_what_is_made_of_boxes_is_drawn() -> None:
    """A layer may hold nothing else: a stack of books."""
    assert "accessories" in {layer.name for layer in scene("a snake with books").layers}


@pytest.mark.parametrize("prompt", HOSTILE)
async def test_hostile_text_is_harmless(sketch: SketchEngine, prompt: str) -> None:
    """It draws something, and the markup holds nothing but shapes, gradients and clips."""
    looks = Appearance(species=prompt, coat=prompt, colors=(prompt,), features=(prompt,))
    request = PortraitRequest(prompt=prompt, appearance=looks, width=64, height=64)
    drawn = compose(read(request), request)
    tags = {
        element.tag
        for layer in drawn.layers
        for element in Xml.fromstring(f"<svg>{layer.markup}</svg>").iter()
    }
    assert tags <= {"svg", "g", "path", "ellipse", "rect", "clipPath"}
    portrait = await sketch.draw(request, ignore)
    assert Image.open(io.BytesIO(portrait.png)).size == (64, 64)


def test_no_word_of_the_text_reaches_the_markup() -> None:
    """Only names and colours of the tables do."""
    text = "a zanzibarquux dragon named Vellichorzz with a flimmerstaub scarf"
    drawn = "".join(layer.markup for layer in scene(text).layers).lower()
    assert [word for word in text.lower().split() if len(word) > 3 and word in drawn] == []
