"""Recipes as packages outside the project write them, by the one module that they import."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from google.rpc.status_pb2 import Status
from hatchery.progress.v1.progress_pb2 import Progress, StepCompleted

from services.gateway.recipes.custom import Context, CustomRecipe, CustomStep, Document
from services.gateway.recipes.installed.adapting import Installed
from services.runtime.status import from_status, reason_name

Run = Callable[[Context], Awaitable[Document]]

TEXT = {"type": "string", "minLength": 1}
NAMED = {"type": "object", "properties": {"name": TEXT, "species": TEXT}, "required": ["name"]}
INPUT = {
    "type": "object",
    "properties": {
        "topic": TEXT | {"maxLength": 200},
        "lines": {"type": "array", "items": {"type": "integer", "minimum": 1}, "maxItems": 3},
        "tone": {"enum": ["grave", "light"]},
    },
    "required": ["topic"],
    "additionalProperties": False,
}
ANYTHING = {"type": "object"}


async def name_it(context: Context) -> Document:
    """Has something named."""
    return await context.write_document(f"name {context.input['topic']}", NAMED)


async def greet(context: Context) -> Document:
    """Greets whom the first step named."""
    context.details("greeted")
    return {"greeting": f"Hello, {context.results['name']['name']}!"}


def step(run: Run, name: str = "only", **fields: Any) -> CustomStep:
    """A step of one function."""
    return CustomStep(
        **{"name": name, "title": name.title(), "output_schema": ANYTHING} | fields, run=run
    )


def recipe(*steps: CustomStep, name: str = "test", **fields: Any) -> Installed:
    """A recipe, as if a package had brought it."""
    told = {"title": "A test", "description": "Tests.", "input_schema": INPUT} | fields
    return Installed(CustomRecipe(name=name, steps=steps, **told), "hatchery-test", "0.1")


# Two steps, of which the first needs the llm service and most of the time.
GREETING = recipe(
    step(name_it, "name", engine="llm", share=3, output_schema=NAMED),
    step(greet, "greet", share=1),
    name="greeting",
)


def outputs(story: Sequence[Progress]) -> dict[str, StepCompleted]:
    """How each step ended."""
    return {e.step: e.step_completed for e in story if e.HasField("step_completed")}


def error_of(story: Sequence[Progress]) -> tuple[str, str]:
    """The reason and the message that a story ends with."""
    status: Status = story[-1].failed.error
    error = from_status(status)
    assert error is not None
    return reason_name(error), status.message
