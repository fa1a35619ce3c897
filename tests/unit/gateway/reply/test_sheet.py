"""A companion's sheet in words, and its fields that a talk can change."""

import pytest
from hatchery.types.v1.persona_pb2 import Appearance, Persona
from hypothesis import given
from hypothesis import strategies as st

from services.gateway.recipes.reply.sheet import FIELDS, changed, sheet

BO = Persona(
    name="Bo",
    species="dragon",
    traits=["calm", "kind"],
    backstory="Bo watches the tides.",
    greeting="Hello.",
    personality="Calm.",
    age="300",
    gender="male",
    first_name="Bo",
    appearance=Appearance(coat="green", eyes="amber", outfit="scarf", mood="calm", colors=["red"]),
)


@pytest.mark.parametrize("field", FIELDS)
def test_every_field_can_be_changed(field: str) -> None:
    """That one and no other, and the sheet that was given stays as it is."""
    before = BO.SerializeToString()
    after = changed(BO, field, "  something \n new ")
    assert before == BO.SerializeToString()
    assert f"{field}: something new" in sheet(after).splitlines()
    lines = zip(sheet(BO).splitlines(), sheet(after).splitlines(), strict=True)
    assert 1 == sum(one != other for one, other in lines)
    assert BO.appearance.colors == after.appearance.colors


def test_traits_are_parted_by_commas() -> None:
    """Without blanks around them, and none that is empty."""
    assert ["bold", "loud"] == list(changed(BO, "traits", " bold,, loud , ").traits)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", "x" * 201),
        ("coat", "x" * 401),
        ("backstory", "x" * 8001),
        ("traits", ",".join("x" * 21)),
    ],
)
def test_what_has_no_room_is_refused(field: str, value: str) -> None:
    """By the rules of the contract."""
    with pytest.raises(ValueError, match=r"\w"):
        changed(BO, field, value)


def test_a_sheet_says_all_that_there_is() -> None:
    """A line for each field that says something; a long one is cut."""
    assert [f"{field}:" for field in FIELDS] == [
        line.partition(" ")[0] for line in sheet(BO).splitlines()
    ]
    assert "" == sheet(Persona())
    assert "traits: calm, kind" in sheet(BO)
    assert 700 == len(sheet(Persona(backstory="x" * 8000)).removeprefix("backstory: "))


@given(st.sampled_from(FIELDS), st.text(max_size=150))
def test_any_value_is_only_a_value(field: str, value: str) -> None:
    """It stands on its line, and changes no other field."""
    after = changed(BO, field, value)
    kept = Persona()
    kept.CopyFrom(after)
    outer = field if field in Persona.DESCRIPTOR.fields_by_name else "appearance"
    kept.ClearField(outer)  # type: ignore[arg-type]
    other = Persona()
    other.CopyFrom(BO)
    other.ClearField(outer)  # type: ignore[arg-type]
    assert other == kept
