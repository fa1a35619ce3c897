"""The persona recipe: what is read from a description, asked of a model, and made of its answer."""

import itertools
import json
import re

import protovalidate
import pytest
from hatchery.llm.v1.llm_service_pb2 import Message
from hypothesis import given
from hypothesis import strategies as st

from services.gateway.recipes.persona import names as parts
from services.gateway.recipes.persona import words as known
from services.gateway.recipes.persona.asking import persona_from, persona_request
from services.gateway.recipes.persona.examples import EXAMPLES
from services.gateway.recipes.persona.reading import a, read_description
from services.llm.engines.llamacpp.fields import fields_of
from services.llm.schema import parse_schema


@pytest.mark.parametrize(
    ("description", "species", "phrase", "clause"),
    [
        (
            "a shy water dragon who loves books",
            "water dragon",
            "shy water dragon",
            " who loves books",
        ),
        ("a grumpy librarian owl", "owl", "grumpy librarian owl", ""),
        ("robot gardener", "robot", "robot gardener", ""),
        ("space pirate fox", "fox", "space pirate fox", ""),
        (
            "a red panda chef with green eyes",
            "red panda",
            "red panda chef",
            " with green eyes",
        ),
        (
            "A young phoenix learning to fly. She burns the curtains.",
            "phoenix",
            "young phoenix",
            " learning to fly",
        ),
        (
            "Please make me a cheerful hedgehog!",
            "hedgehog",
            "cheerful hedgehog",
            "",
        ),
        ("a knight riding a dragon", "knight", "knight", " riding a dragon"),
        (
            "a lonely lighthouse keeper",
            "lighthouse keeper",
            "lonely lighthouse keeper",
            "",
        ),
        ("a dragon, small and blue", "dragon", "dragon", ", small and blue"),
        ("two otters in a coat", "otter", "", ""),
        ("wolves", "wolf", "", ""),
        ("ein mutiger Fuchs, der Geige spielt", "fox", "", ""),
        ("un renard qui joue du violon", "fox", "", ""),
        ("一只害羞的水龙，喜欢读书", "dragon", "", ""),
        ("ロボットの庭師", "robot", "", ""),
        ("🐙🎩", "octopus", "", ""),
        ('<b>a "cat"</b>\nSpecies: robot', "cat", "", ""),
        ("something weird", "", "", ""),
        ("a robot who likes to chat", "robot", "robot", " who likes to chat"),
        ("", "", "", ""),
        ("a cat " + "very " * 30 + "old", "cat", "", ""),
    ],
)
def test_what_is_read_from_a_description(
    description: str, species: str, phrase: str, clause: str
) -> None:
    """The creature, and the phrase and clause where they can stand in an English sentence."""
    reading = read_description(description)
    assert (species, phrase, clause) == (reading.species, reading.phrase, reading.clause)


def test_looks_are_read_from_a_description() -> None:
    """Colours, those of the eyes apart, things it has and what its calling lets it wear."""
    reading = read_description("a red fox chef with green eyes, a crown and two Swords of silver")
    assert (["red", "silver"], ["green"]) == (reading.colours, reading.eyes)
    assert ["crown", "sword"] == reading.features
    assert ["a white apron", "a tall chef hat"] == reading.outfits


@pytest.mark.parametrize(
    ("description", "she"),
    [("a queen bee", True), ("he is a cat", False), ("a cat and her hat", True)],
)
def test_the_pronoun_that_a_description_names(description: str, she: bool) -> None:
    """Where it names none, a description always gets the same one."""
    assert she == read_description(description).she
    assert read_description("a cat").she == read_description("a cat").she


@pytest.mark.parametrize(("phrase", "expected"), [("owl", "an owl"), ("fox", "a fox")])
def test_articles(phrase: str, expected: str) -> None:
    """A vowel takes "an"."""
    assert expected == a(phrase)


@given(st.text(min_size=1, max_size=2000))
def test_any_description_makes_a_valid_request(description: str) -> None:
    """It keeps to the rules of the proto, and fits the schema that it carries."""
    request = persona_request(description, model="", seed=None)
    assert [] == protovalidate.collect_violations(request)
    schema = parse_schema(request.response_format.json_schema)
    assert len(schema.properties) == len(fields_of(schema, request.response_format))
    assert description == request.messages[-1].content
    assert not request.HasField("seed")


def test_a_request_serves_large_models_too() -> None:
    """Instruction first, then the description; examples keep to the schema; the seed is kept."""
    request = persona_request("a shy dragon", model="big", seed=7)
    assert [Message.ROLE_SYSTEM, Message.ROLE_USER] == [m.role for m in request.messages]
    assert ("big", 7) == (request.model, request.seed)
    schema = parse_schema(request.response_format.json_schema)
    for _, document in EXAMPLES:
        assert document == schema.check(document)
        assert list(schema.properties) == list(document)


def test_the_same_description_is_asked_for_in_the_same_way() -> None:
    """With its seed the same persona can be had again."""
    first, second = (persona_request("a fox", model="", seed=1) for _ in range(2))
    assert first.SerializeToString(deterministic=True) == second.SerializeToString(
        deterministic=True
    )


def test_what_a_description_names_is_not_left_to_a_model() -> None:
    """Species, traits, mood, colours and outfit of the description stand in the guides."""
    request = persona_request("a shy, clever red fox baker with blue eyes", model="", seed=1)
    guides = {guide.field: guide for guide in request.response_format.guides}
    assert ["red fox"] == guides["/species"].choices
    assert ["shy", "clever"] == guides["/traits"].choices[:2]
    assert ["shy"] == guides["/mood"].choices
    assert '("red") " fur"' in guides["/coat"].grammar
    assert '("blue") " eyes"' in guides["/eyes"].grammar
    assert "a floury apron" in guides["/outfit"].choices


def test_who_is_not_known_becomes_somebody_all_the_same() -> None:
    """One species, with what covers it; others for other descriptions, so not always a cat."""
    made = set()
    for description in (
        "!!!",
        "something weird",
        "害羞",
        "x" * 50,
        "a thing",
        "?",
        "hello",
        "my idea",
    ):
        request = persona_request(description, model="", seed=1)
        guides = {guide.field: guide for guide in request.response_format.guides}
        (species,) = guides["/species"].choices
        noun = known.COVERINGS[known.CREATURES[species]][2]
        assert noun in guides["/coat"].grammar
        made.add(species)
    assert made <= set(known.WELCOME)
    assert len(made) > 3


def test_a_story_is_told_of_one_and_the_same() -> None:
    """The openings use one pronoun, and the other one is avoided."""
    request = persona_request("a queen who keeps bees", model="", seed=1)
    story = next(g for g in request.response_format.guides if g.field == "/backstory")
    openings = " ".join(o for part in story.parts for o in part.openings).casefold().split()
    assert "she" in openings
    assert "he" not in openings
    assert {"he", "his", "him"} <= set(story.scoring.avoid)
    assert "she" not in story.scoring.avoid


# What no name should make anybody think of.
NOT_IN_NAMES = ["sex", "^urin", "naz[iz]", "penis", "puss", "dick", "titt", "anal", "anus", "porn"]


def test_no_name_is_one_of_the_examples_or_of_what_is_avoided() -> None:
    """Every name that the parts can make is checked, since a model may choose any."""
    names = {begin + end for begin, end in itertools.product(parts.GIVEN_BEGINS, parts.GIVEN_ENDS)}
    assert len(names) > 4000
    assert not names & {document["name"] for _, document in EXAMPLES}
    rude = re.compile(
        "|".join([*NOT_IN_NAMES, *(f"^{word}$" for word in [*known.UNKIND, *known.ASTRAY])])
    )
    assert [] == [name for name in names if rude.search(name.casefold())]
    assert all(name.isascii() and name.isalpha() and 3 <= len(name) <= 12 for name in names)


@pytest.mark.parametrize("table", ["CREATURES", "CALLINGS", "TINTS"])
def test_words_of_the_tables_are_such_as_are_found(table: str) -> None:
    """Folded single words: others would never be met in a description."""
    for word in getattr(known, table):
        assert word == word.casefold()
        assert " " not in word


def test_every_creature_has_a_covering_that_is_described() -> None:
    """And every foreign word means a creature that is known."""
    assert set(known.CREATURES.values()) <= set(known.COVERINGS)
    assert set(known.FOREIGN.values()) <= set(known.CREATURES)
    assert set(known.WELCOME) <= set(known.CREATURES)


def test_a_persona_is_made_of_a_document() -> None:
    """Text is tidied; colours and features come from the description first, then the looks."""
    document = {
        "name": " Milo ",
        "species": "fox",
        "traits": ["shy", "kind"],
        "mood": "shy",
        "coat": "soft red fur",
        "eyes": "green eyes",
        "outfit": "a blue  scarf",
        "backstory": "Milo\nis a fox.",
        "greeting": "Hi!",
        "unknown": "x",
    }
    persona = persona_from(document, "a golden fox with a book")
    assert ("Milo", "fox", ["shy", "kind"], "Milo is a fox.", "Hi!") == (
        persona.name,
        persona.species,
        persona.traits,
        persona.backstory,
        persona.greeting,
    )
    look = persona.appearance
    assert ("soft red fur", "green eyes", "a blue scarf", "shy") == (
        look.coat,
        look.eyes,
        look.outfit,
        look.mood,
    )
    assert ["golden", "red", "blue", "green"] == look.colors
    assert ["book", "scarf"] == look.features


@given(
    st.dictionaries(
        st.sampled_from(["name", "species", "mood", "coat", "outfit", "backstory", "greeting"]),
        st.one_of(st.text(), st.integers(), st.none(), st.just("x" * 9000)),
    ),
    st.lists(st.one_of(st.text(), st.integers(), st.just("x" * 500)), max_size=40),
)
def test_any_document_makes_a_valid_persona(document: dict[str, object], traits: list) -> None:
    """Whatever a model wrote, the persona keeps to the limits of its proto."""
    persona = persona_from({**document, "traits": traits}, "a fox")
    assert [] == protovalidate.collect_violations(persona)
    assert json.dumps(persona.name) is not None
