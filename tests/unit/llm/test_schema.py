"""The JSON Schema of a request, and the check of a document."""

import pytest

from services.llm.schema import WHERE, parse_schema, pointer
from services.runtime.errors import InvalidField, OutputInvalid

SCHEMA = """{"type": "object", "properties": {"b": {"type": "string"}, "a": {"type": "integer"}},
"required": ["b"], "additionalProperties": false}"""


def test_properties_keep_their_order() -> None:
    """They are written in the order in which they stand."""
    assert ["b", "a"] == list(parse_schema(SCHEMA).properties)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nonsense",
        "[]",
        "{}",
        '{"type": "string"}',
        '{"type": "object"}',
        '{"type": "object", "properties": {}}',
        '{"type": "object", "properties": 3}',
        '{"type": "object", "properties": {"a": {"type": "nonsense"}}}',
        '{"type": "object", "properties": {"a": {"minLength": "x"}}}',
    ],
)
def test_what_is_no_schema_of_an_object_is_refused(text: str) -> None:
    """INVALID_FIELD names where it stands in the request."""
    with pytest.raises(InvalidField) as refused:
        parse_schema(text)
    assert {WHERE} == set(refused.value.fields)


@pytest.mark.parametrize("document", [{"b": "x"}, {"b": "", "a": 1}])
def test_a_document_that_keeps_to_the_schema_passes(document: dict[str, object]) -> None:
    """It is handed back as it is."""
    assert document == parse_schema(SCHEMA).check(document)


@pytest.mark.parametrize(
    ("document", "place"),
    [
        ({}, "$"),
        ({"b": 1}, "$.b"),
        ({"b": "x", "a": "SECRET"}, "$.a"),
        ({"b": "x", "c": 1}, "$"),
        ([], "$"),
        ("SECRET", "$"),
        (None, "$"),
    ],
)
def test_a_document_that_breaks_the_schema_is_refused(document: object, place: str) -> None:
    """OUTPUT_INVALID says where, and never repeats what the model wrote."""
    with pytest.raises(OutputInvalid) as refused:
        parse_schema(SCHEMA).check(document)
    assert f"at {place}:" in refused.value.message
    assert "SECRET" not in refused.value.message


@pytest.mark.parametrize(("name", "expected"), [("a", "/a"), ("a/b", "/a~1b"), ("a~b", "/a~0b")])
def test_json_pointers(name: str, expected: str) -> None:
    """RFC 6901 escapes two characters."""
    assert expected == pointer(name)
