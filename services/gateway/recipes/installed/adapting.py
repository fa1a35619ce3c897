"""An installed recipe as one of the gateway's own."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from hatchery.gateway.v1.recipe_service_pb2 import RunRecipeRequest
from hatchery.progress.v1.progress_pb2 import StepCompleted

from services.gateway.names import recipe_name
from services.gateway.recipes.custom import CustomRecipe, CustomStep, Document
from services.gateway.recipes.installed.context import LiveContext
from services.gateway.recipes.installed.documents import NoDocument, as_struct, plain
from services.gateway.recipes.installed.schemas import problems
from services.gateway.recipes.recipe import Most, Recipe, Step, StepContext, StepResult, Work
from services.runtime.errors import EngineTimeout, HatcheryError, InvalidField, OutputInvalid

log = structlog.get_logger()

# A step that is cancelled lets go within so many seconds, or is left to itself.
_LETS_GO = 0.5


@dataclass(frozen=True, slots=True)
class Installed:
    """A recipe, and the package that brought it."""

    recipe: CustomRecipe
    package: str
    version: str

    @property
    def name(self) -> str:
        """`recipes/{id}`, which no recipe of the gateway's own is called."""
        return recipe_name(self.recipe.name)

    def shares(self) -> list[float]:
        """The steps' shares of the bar, which add up to 1."""
        total = sum(step.share for step in self.recipe.steps)
        return [step.share / total for step in self.recipe.steps]


def input_of(recipe: CustomRecipe, request: RunRecipeRequest) -> Document:
    """The input, checked against its schema. Raises InvalidField."""
    try:
        given = plain(request.input)
    except NoDocument as error:
        raise InvalidField({"input": str(error)}) from None
    if wrong := problems(recipe.input_schema, given, "input"):
        raise InvalidField(wrong)
    return given


def adapted(installed: Installed, work: Work) -> Recipe:
    """The same as a Recipe. `work` is for what its steps do in threads."""
    recipe = installed.recipe
    return Recipe(
        installed.name,
        RunRecipeRequest,
        [
            Step(
                step.name,
                step.title,
                _run(recipe, step, work),
                expected=recipe.expected * share,
                engine=step.engine,
                attempts=step.attempts,
                timeout=step.timeout,
                model=_model if step.engine == "llm" else lambda _: "",
                # Steps of other recipes may be called the same.
                size=lambda _: installed.name,
                most=_most(step),
            )
            for step, share in zip(recipe.steps, installed.shares(), strict=True)
        ],
        named=None,
    )


def _model(request: RunRecipeRequest) -> str:
    return request.model


def _most(step: CustomStep) -> Callable[[Any], Most]:
    most = {
        "llm": Most(read=step.max_input_tokens, written=step.max_output_tokens),
        "avatar": Most(pictures=1),
    }.get(step.engine, Most())
    return lambda _: most


def _run(
    recipe: CustomRecipe, step: CustomStep, work: Work
) -> Callable[[StepContext], Coroutine[Any, Any, StepResult]]:
    async def run(context: StepContext) -> StepResult:
        request = context.request
        assert isinstance(request, RunRecipeRequest)
        # A newer version of the package may take something else.
        given = input_of(recipe, request)
        live = LiveContext(
            step,
            context,
            work,
            given=given,
            results=_documents(context.results),
            model=request.model,
        )
        try:
            made = await _held(step, live)
        finally:
            live.close()
        completed = StepCompleted(details=live.said)
        completed.document.CopyFrom(_checked(step, made))
        if live.calls.usage is not None:
            completed.usage.CopyFrom(live.calls.usage)
        return StepResult(completed, live.effects)

    return run


def _documents(results: Mapping[str, StepCompleted]) -> Mapping[str, Document]:
    return {name: plain(result.document) for name, result in results.items()}


def _checked(step: CustomStep, made: object) -> Any:
    """What a step gave, as it is kept. Raises OutputInvalid, which quotes no value of it."""
    try:
        document = as_struct(made)
    except NoDocument as error:
        raise OutputInvalid(f"what the step gave {error}") from None
    if wrong := problems(step.output_schema, plain(document), "output"):
        told = "; ".join(f"{path}: {problem}" for path, problem in wrong.items())
        raise OutputInvalid(f"what the step gave does not fit its schema: {told}")
    return document


async def _held(step: CustomStep, live: LiveContext) -> object:
    """What a step returns, in a task of its own: it may not let go, and may end more than itself.

    Raises what it raises, EngineTimeout, and RuntimeError where it would end the process.
    """
    task = asyncio.create_task(_contained(step, live))
    task.add_done_callback(_forget)
    try:
        done, _ = await asyncio.wait([task], timeout=step.timeout)
        if not done:
            raise EngineTimeout(f"the step was not done within {step.timeout:g} s")
    finally:
        if not task.done():
            task.cancel()
            await asyncio.wait([task], timeout=_LETS_GO)
        if not task.done():
            log.error("a cancelled step goes on and is left to itself", step=step.name)
    if task.cancelled():
        raise RuntimeError(f"the step {step.name} cancelled itself")
    return task.result()


async def _contained(step: CustomStep, live: LiveContext) -> Document:
    try:
        return await step.run(live)
    except (SystemExit, KeyboardInterrupt) as error:
        raise RuntimeError(f"the step {step.name} would end the process") from error
    except BaseExceptionGroup as group:
        # A TaskGroup wraps what its tasks raise.
        ours, others = group.split(HatcheryError)
        raise _first(ours) if ours is not None and others is None else group from None


def _first(error: BaseException) -> BaseException:
    return _first(error.exceptions[0]) if isinstance(error, BaseExceptionGroup) else error


def _forget(task: "asyncio.Task[Document]") -> None:
    """What came of it is looked at, also where nobody waits for it any more."""
    if not task.cancelled():
        task.exception()
