"""Recipes that cannot be run."""

import uuid

from hatchery.gateway.v1.recipe_service_pb2 import RunRecipeRequest

from tests.contract.gateway.provocations.registry import long_after, provokes, when_full
from tests.contract.gateway.requests import refusal_of
from tests.support.calls import Refusal
from tests.support.gateway import Client

RUN = "RecipeService.RunRecipe"


def greeting(topic: str = "a dragon", **fields: str) -> RunRecipeRequest:
    """A request of the recipe that the gateways of these tests have."""
    request = RunRecipeRequest(name="recipes/greeting", **fields)
    request.input.update({"topic": topic})
    return request


@provokes(RUN, "INVALID_FIELD")
async def _input_that_does_not_fit(owner: Client) -> Refusal:
    request = greeting()
    request.input.update({"lines": [1, "two"]})
    refused = await refusal_of(owner, RUN, request)
    assert ["input.lines[1]"] == refused.fields
    return refused


@provokes(RUN, "UNKNOWN_MODEL")
async def _unknown_model(owner: Client) -> Refusal:
    refused = await refusal_of(owner, RUN, greeting(model="llama"))
    assert ["model"] == refused.fields
    return refused


@provokes(RUN, "ENGINE_UNAVAILABLE")
async def _run_without_engines(deserted: Client) -> Refusal:
    return await refusal_of(deserted, RUN, greeting(model="script"))


@provokes(RUN, "REQUEST_ID_REUSED")
async def _run_twice(owner: Client) -> Refusal:
    request_id = str(uuid.uuid4())
    first = await owner.run("greeting", {"topic": "a dragon"}, request_id=request_id)
    refused = await refusal_of(owner, RUN, greeting("a fox", request_id=request_id))
    assert first[0].generation == refused.info.metadata["generation"]
    return refused


@provokes(RUN, "CURSOR_TRIMMED")
async def _run_what_is_gone(forgetful: Client) -> Refusal:
    return await long_after(forgetful, RUN, greeting(request_id=str(uuid.uuid4())))


@provokes(RUN, "QUEUE_FULL")
async def _run_when_full(owner: Client) -> Refusal:
    return await when_full(owner, RUN, greeting())


@provokes(RUN, "BUDGET_EXCEEDED")
async def _run_for_too_much(thrifty: Client) -> Refusal:
    refused = await refusal_of(thrifty, RUN, greeting())
    assert "bricks" == refused.info.metadata["unit"]
    return refused
