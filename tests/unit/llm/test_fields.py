"""The fields of a document, read from its schema and guides."""

import json
from typing import Any

import pytest
from hatchery.llm.v1.llm_service_pb2 import Example, FieldGuide, Part, ResponseFormat

from services.llm.engines.llamacpp.fields import Field, fields_of
from services.llm.schema import parse_schema
from services.runtime.errors import InvalidField


def fields(properties: dict[str, Any], **wanted: Any) -> list[Field]:
    """The fields of a schema with these properties."""
    text = json.dumps({"type": "object", "properties": properties})
    return list(fields_of(parse_schema(text), ResponseFormat(json_schema=text, **wanted)))


@pytest.mark.parametrize(
    ("rules", "kind", "choices", "items"),
    [
        ({"type": "string"}, "string", [], 3),
        ({"enum": ["a", "b"]}, "string", ["a", "b"], 3),
        ({"const": "a"}, "string", ["a"], 3),
        ({"type": "integer"}, "integer", [], 3),
        ({"type": "number"}, "number", [], 3),
        ({"type": "boolean"}, "boolean", [], 3),
        ({"type": "array"}, "list", [], 3),
        ({"type": "array", "items": {"enum": ["x", "y"]}}, "list", ["x", "y"], 3),
        ({"type": "array", "items": {"type": "string"}, "minItems": 5}, "list", [], 5),
        ({"type": "array", "maxItems": 2}, "list", [], 2),
        ({"type": "array", "minItems": 1, "maxItems": 9}, "list", [], 1),
    ],
)
def test_kinds_of_fields(rules: dict[str, Any], kind: str, choices: list[str], items: int) -> None:
    """The schema says what a field is, what there is to choose from and how many items it has."""
    (field,) = fields({"a": rules})
    assert (kind, choices, items) == (field.kind, field.choices, field.items)


@pytest.mark.parametrize(
    "rules",
    [
        {"type": "object"},
        {"type": "array", "items": {"type": "object"}},
        {},
        {"type": "null"},
        {"type": "array", "items": {"type": "string"}, "minItems": 10**9},
    ],
)
def test_a_kind_that_a_small_model_cannot_write_is_refused(rules: dict[str, Any]) -> None:
    """INVALID_FIELD names the property, instead of a document that cannot be right."""
    with pytest.raises(InvalidField, match='"deep"'):
        fields({"deep": rules})


def test_a_guide_for_no_property_is_refused() -> None:
    """A misspelt pointer would be ignored in silence."""
    with pytest.raises(InvalidField, match="/nmae"):
        fields({"name": {"type": "string"}}, guides=[FieldGuide(field="/nmae")])


def test_labels_and_choices_of_a_guide_come_first() -> None:
    """The guide's label and words stand before those of the schema."""
    guide = FieldGuide(field="/eye_colour", label="Eyes", choices=["red"])
    plain = fields({"eye_colour": {"enum": ["blue"]}})[0]
    guided = fields({"eye_colour": {"enum": ["blue"]}}, guides=[guide])[0]
    assert ("Eye colour", ["blue"]) == (plain.label, plain.choices)
    assert ("Eyes", ["red"]) == (guided.label, guided.choices)


def test_the_expected_length_rests_on_the_examples() -> None:
    """Four characters a token, less what is given, more for candidates; a default without any."""
    example = Example()
    example.document.update({"a": "x" * 80})
    given = [Part(openings=["y" * 40])]
    string = {"a": {"type": "string"}}
    guide = FieldGuide(field="/a", parts=given, candidates=3)
    assert 21 == fields(string, examples=[example])[0].expected_tokens
    assert 21 == fields(string, examples=[example], guides=[guide])[0].expected_tokens
    assert 16 == fields(string)[0].expected_tokens
