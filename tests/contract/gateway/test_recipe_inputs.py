"""What a recipe takes: checked before anything is stored, and told field by field."""

from typing import Any

import grpc
import pytest

from tests.contract.gateway.provocations.running import RUN, greeting
from tests.contract.gateway.requests import refusal_of
from tests.support.gateway import Client

pytestmark = pytest.mark.asyncio(loop_scope="module")


def _deep(levels: int) -> Any:
    value: Any = "x"
    for _ in range(levels):
        value = {"deeper": value}
    return value


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        ({"topic": 7}, ["input.topic"]),
        ({"topic": ""}, ["input.topic"]),
        ({"topic": "x" * 201}, ["input.topic"]),
        ({"topic": "x", "tone": "loud"}, ["input.tone"]),
        ({"topic": "x", "lines": [1, 2, 3, 4]}, ["input.lines"]),
        ({"topic": "x", "lines": [1, 1.5]}, ["input.lines[1]"]),
        ({"topic": "x", "lines": [0]}, ["input.lines[0]"]),
        ({"topic": "x", "colour": None, "size": 1}, ["input.colour", "input.size"]),
        ({"topic": "x", "ü" * 5000: 1}, [f"input.{'ü' * 35}…"]),
        (
            {"topic": "x", **{f"{n:050}": n for n in range(500)}},
            [f"input.{n:050}" for n in range(4)],
        ),
        ({"topic": "x" * 2**17}, ["input"]),
        ({"topic": "x", "lines": _deep(24)}, ["input"]),
    ],
    ids=[str(number) for number in range(12)],
)
async def test_each_field_of_the_input_is_named_that_does_not_fit(
    owner: Client, given: dict[str, Any], fields: list[str]
) -> None:
    """By its path, in words that quote nothing, few enough to fit into an answer."""
    request = greeting()
    request.input.Clear()
    request.input.update(given)
    refused = await refusal_of(owner, RUN, request)
    assert (grpc.StatusCode.INVALID_ARGUMENT, "INVALID_FIELD") == (refused.code, refused.reason)
    assert fields == refused.fields
    assert "xxxx" not in refused.text


async def test_a_number_that_is_none_in_json_is_refused(owner: Client) -> None:
    """The wire can carry what JSON cannot."""
    request = greeting()
    request.input.fields["lines"].list_value.values.add().number_value = float("nan")
    refused = await refusal_of(owner, RUN, request)
    assert ["input"] == refused.fields
