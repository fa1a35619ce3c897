"""Documents of recipes: kept and read back as they were, and told of where they do not fit."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.gateway.recipes.installed.documents import NoDocument, as_struct, plain
from services.gateway.recipes.installed.schemas import problems

_NUMBERS = st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
_VALUES = st.recursive(
    st.none() | st.booleans() | _NUMBERS | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(st.dictionaries(st.text(), _VALUES, max_size=4))
def test_a_document_is_read_back_as_it_was(document: dict[str, Any]) -> None:
    """Or refused in words; nothing else is raised."""
    try:
        kept = as_struct(document)
    except NoDocument:
        return
    assert document == plain(kept)


def test_whole_numbers_stay_whole() -> None:
    """As a count is used, which would not go with 3.0."""
    read = plain(as_struct({"count": 3, "share": 0.5, "large": 2**60, "list": [1, 2.0]}))
    assert ["int", "float", "float"] == [
        type(read[name]).__name__ for name in ("count", "share", "large")
    ]
    assert [1, 2] == read["list"]
    assert list(range(3)) == list(range(read["count"]))


@pytest.mark.parametrize(
    ("rule", "value", "told"),
    [
        ({"type": ["string", "null"]}, 1, {"x.a": "must be of type string or null"}),
        ({"exclusiveMaximum": 2}, 2, {"x.a": "must be less than 2"}),
        ({"pattern": "^b"}, "secret", {"x.a": "must match ^b"}),
        ({"enum": ["b", 1]}, "secret", {"x.a": 'must be one of "b", 1'}),
        ({"enum": ["é" * 90]}, "secret", {"x.a": f'must be one of "{"é" * 50}…'}),
        ({"const": 1}, "secret", {"x.a": "breaks the rule `const` of its schema"}),
        (
            {"uniqueItems": True},
            ["secret"] * 2,
            {"x.a": "breaks the rule `uniqueItems` of its schema"},
        ),
        ({"required": ["b", "c"]}, {"b": 1}, {"x.a.c": "is missing"}),
        (
            {"patternProperties": {"^s": {}}, "additionalProperties": False},
            {"secret": 1, "t": 1},
            {"x.a.t": "is not known"},
        ),
        ({"items": {"$ref": "#"}}, [[{"a": 1}]], {}),
        ({"$ref": "#/properties/a"}, 1, {"x": "is nested too deep"}),
        (
            {"$ref": "https://example.org/a"},
            1,
            {"x": "cannot be checked: its schema refers to what is not in it"},
        ),
    ],
    ids=[str(number) for number in range(12)],
)
def test_what_does_not_fit_is_told_in_words(
    rule: dict[str, Any], value: Any, told: dict[str, str]
) -> None:
    """With where it is, in words of ours that quote nothing of it."""
    schema = {"type": ["object", "array"], "properties": {"a": rule}}
    assert told == problems(schema, {"a": value}, "x")
