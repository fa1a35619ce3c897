"""The check of requests against the rules in their protos."""

import pytest
from hatchery.gateway.v1.agent_service_pb2 import (
    Agent,
    CreateAgentRequest,
    PortraitOptions,
    UpdateAgentRequest,
)
from hatchery.types.v1.persona_pb2 import Persona

from services.runtime.errors import InvalidField
from services.runtime.interceptors import check
from services.runtime.status import to_status

_NAME = "agents/00000000-0000-0000-0000-000000000000"


@pytest.mark.parametrize(
    "description",
    [
        "a shy water dragon",
        "一只害羞的水龙，喜欢书",
        "Ein schüchterner Drache",
        '<b onclick="x">a {dragon}</b> \'; DROP TABLE agents; -- %s \\u0000 {{x}} ${y}',
        "🐉" * 2000,
        "x" * 2000,
        "\u202eright to left",
    ],
)
def test_any_language_and_any_markup_is_a_description(description: str) -> None:
    """Two thousand characters of anything but nothing and NUL."""
    check(CreateAgentRequest(description=description))


@pytest.mark.parametrize("description", ["", " ", "\n\t ", "x" * 2001, "a\0b"])
def test_a_description_that_breaks_the_rules_is_named(description: str) -> None:
    """Empty, blank, over-long and NUL are violations of `description`."""
    with pytest.raises(InvalidField) as refused:
        check(CreateAgentRequest(description=description))
    assert ["description"] == list(refused.value.fields)


def test_every_field_that_breaks_a_rule_is_named_by_its_path() -> None:
    """Nested fields have dots, items have their index."""
    with pytest.raises(InvalidField) as refused:
        check(
            CreateAgentRequest(
                description="x", portrait=PortraitOptions(width=65, steps=-1), request_id="7"
            )
        )
    assert {"portrait.width", "portrait.steps", "request_id"} == set(refused.value.fields)
    persona = Persona(traits=["fine", "x" * 201])
    with pytest.raises(InvalidField) as refused:
        check(UpdateAgentRequest(agent=Agent(name=_NAME, persona=persona)))
    assert ["agent.persona.traits[1]"] == list(refused.value.fields)


def test_a_status_has_room_for_any_number_of_violations() -> None:
    """Thousands of bad items make a status that still fits into the trailers of a call."""
    persona = Persona(traits=["x" * 201] * 5000)
    with pytest.raises(InvalidField) as refused:
        check(UpdateAgentRequest(agent=Agent(name=_NAME, persona=persona)))
    assert to_status(refused.value).ByteSize() < 4096
