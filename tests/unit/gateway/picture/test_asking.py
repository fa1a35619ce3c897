"""What models are asked about a picture and whom it shows, and what is read from their answers."""

import json
from typing import Any

import protovalidate
import pytest
from hatchery.llm.v1.llm_service_pb2 import GenerateRequest
from hatchery.types.v1.image_pb2 import Image
from hatchery.types.v1.persona_pb2 import Persona
from hatchery.types.v1.picture_pb2 import PictureDescription, PictureReading, Swatch
from hypothesis import given
from hypothesis import strategies as st

from services.gateway.recipes.persona import names as parts
from services.gateway.recipes.persona import words as known
from services.gateway.recipes.persona.reading import read_description
from services.gateway.recipes.picture import asking
from services.gateway.recipes.picture.examples import DETAILS, HISTORIES
from services.gateway.recipes.picture.telling import told
from services.llm.engines.llamacpp.fields import fields_of
from services.llm.schema import parse_schema

DUSK = PictureReading(
    palette=[
        Swatch(color="#333438", name="charcoal", share=0.7),
        Swatch(color="#1f7f80", name="teal", share=0.2),
        Swatch(color="#d6ae45", name="gold", share=0.1),
    ],
    brightness=0.2,
    contrast=0.4,
    saturation=0.4,
    warmth=-0.2,
)
WORDS = PictureDescription(
    physical_description="A stout badger with a lantern.", visual_style="an etching, by moonlight"
)


def brief(description: str = "", *, seen: bool = False) -> asking.Brief:
    """What is known of a picture at dusk."""
    return asking.Brief(description, WORDS if seen else told(DUSK), DUSK, seen)


def requests(about: asking.Brief) -> list[GenerateRequest]:
    """What is asked for details and history."""
    persona = Persona(
        name="Odo Thornwick", first_name="Odo", gender="Male", species="badger", traits=["calm"]
    )
    return [
        asking.details_request(about, model="m", seed=3),
        asking.history_request(about, persona, model="m", seed=3),
    ]


def guides(request: GenerateRequest) -> dict[str, str]:
    """All that the guides of a request say, by field."""
    return {guide.field: str(guide) for guide in request.response_format.guides}


@pytest.mark.parametrize(
    ("description", "seen", "sentence"),
    [
        ("a shy fox", True, "a shy fox"),
        ("a shy fox", False, "a shy fox"),
        (" \n", True, WORDS.physical_description),
    ],
)
def test_the_words_of_the_person_count_first(description: str, seen: bool, sentence: str) -> None:
    """Then what was seen in the picture."""
    assert sentence == brief(description, seen=seen).sentence


def test_where_nothing_is_said_and_nothing_was_seen_colours_and_mood_decide() -> None:
    """It is somebody whom anybody would like to meet, in the picture's colours; always the same."""
    sentence = brief().sentence
    assert sentence == brief().sentence
    reading = read_description(sentence)
    assert reading.species in known.WELCOME
    assert ["teal", "gold"] == reading.colours
    assert sentence.startswith("a dreamy ")


@pytest.mark.parametrize("description", ["", "a shy fox", "龙", "an old knight", "Tûrin\n<b>"])
@pytest.mark.parametrize("seen", [True, False])
def test_what_is_asked_keeps_to_the_rules_and_the_small_model_can_write_it(
    description: str, seen: bool
) -> None:
    """The rules of the llm service, and those of the embedded engine."""
    for request in requests(brief(description, seen=seen)):
        assert [] == protovalidate.collect_violations(request)
        schema = parse_schema(request.response_format.json_schema)
        assert fields_of(schema, request.response_format)
        assert 3 == request.seed
        assert brief(description, seen=seen).sentence == request.messages[-1].content


def test_colours_and_mood_of_the_picture_fill_what_the_words_leave_open() -> None:
    """And only that."""
    told_by = guides(asking.details_request(brief("a fox"), model="", seed=None))
    assert "teal" in told_by["/coat"]
    assert 'choices: "dreamy"' in told_by["/mood"]
    told_by = guides(asking.details_request(brief("a grumpy red fox"), model="", seed=None))
    assert "teal" not in told_by["/coat"]
    assert "red" in told_by["/coat"]
    assert 'choices: "grumpy"' in told_by["/mood"]
    assert "dreamy" not in told_by["/mood"]


def test_the_picture_is_shown_to_the_one_that_looks_and_told_to_the_others() -> None:
    """In one message, with the sentence that came with it."""
    image = Image(data=b"\xff\xd8", media_type="image/jpeg", width=8, height=8)
    look = asking.picture_request(image, "a fox", model="eyes")
    assert [] == protovalidate.collect_violations(look)
    assert ("eyes", [image]) == (look.model, list(look.messages[-1].images))
    assert look.messages[-1].content.endswith("says: a fox")
    alone = asking.picture_request(image, " ", model="eyes")
    assert "What does it show?" == alone.messages[-1].content
    for request in requests(brief("a fox", seen=True)):
        texts = [message.content for message in request.messages]
        assert any(WORDS.physical_description in text for text in texts)
        assert any(WORDS.visual_style in text for text in texts)


def test_a_history_is_told_of_the_one_that_was_invented() -> None:
    """With its name, its species and its pronoun; a brace in a name is no pointer."""
    persona = Persona(first_name="O{/x}do", gender="Female", species="badger{")
    request = asking.history_request(brief("a fox"), persona, model="", seed=None)
    story = request.response_format.guides[0]
    first = story.parts[0].openings[0]
    assert first.startswith("O/xdo is")
    openings = " ".join(o for part in story.parts for o in part.openings).split()
    assert "she" in openings
    assert "he" not in openings


def test_details_make_a_persona() -> None:
    """The name is both names; colours of the words come first, then the picture's."""
    document = {
        "first_name": " Odo ",
        "last_name": "Thornwick",
        "species": "fox",
        "gender": "male",
        "age": "6",
        "traits": ["calm", "wise", "kind"],
        "mood": "calm",
        "coat": "soft russet fur",
        "eyes": "amber eyes",
        "outfit": "a green cloak",
        "personality": "Odo waits.\nHe is good at it.",
    }
    persona = asking.details_from(document, brief("a red fox"))
    assert ("Odo Thornwick", "Odo", "Thornwick") == (
        persona.name,
        persona.first_name,
        persona.last_name,
    )
    assert ("6", "male", "Odo waits. He is good at it.") == (
        persona.age,
        persona.gender,
        persona.personality,
    )
    assert ["red", "teal", "gold", "charcoal"] == list(persona.appearance.colors)[:4]
    whole = asking.history_from({"backstory": "Once.", "greeting": "Hm?"}, persona)
    assert ("Once.", "Hm?", "") == (whole.backstory, whole.greeting, persona.backstory)


_TEXT = st.one_of(st.text(min_size=1), st.just("x" * 9000))


@given(st.data())
def test_any_document_makes_what_its_proto_allows(data: st.DataObject) -> None:
    """However long, and whatever stands in it."""
    document: dict[str, Any] = {name: data.draw(_TEXT) for name in DETAILS[0][1]}
    document["traits"] = data.draw(st.lists(_TEXT, min_size=3, max_size=5))
    persona = asking.details_from(document, brief("a fox"))
    persona = asking.history_from({name: data.draw(_TEXT) for name in _TOLD}, persona)
    assert [] == protovalidate.collect_violations(persona)
    seen = asking.picture_from({"physical_description": data.draw(_TEXT), "visual_style": "x"})
    assert len(seen.physical_description) <= 2000


_TOLD = ("backstory", "greeting")


def test_examples_are_such_as_are_asked_for() -> None:
    """Each has every property of its schema, and no other."""
    for request, examples in zip(requests(brief("a fox")), (DETAILS, HISTORIES), strict=True):
        wanted = set(json.loads(request.response_format.json_schema)["properties"])
        assert all(wanted == set(document) for _, document in examples)


def test_no_family_is_called_something_else() -> None:
    """Every name that the parts can make."""
    names = {begin + end for begin in parts.FAMILY_BEGINS for end in parts.FAMILY_ENDS}
    assert len(names) > 700
    assert not {name.casefold() for name in names} & {*known.UNKIND, *known.ASTRAY}
    assert {"Saltwhisker", "Greywick"}.isdisjoint(names)
