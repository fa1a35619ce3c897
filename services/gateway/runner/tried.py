"""A step that was tried until it had a result, and what history keeps of it."""

from dataclasses import dataclass

from hatchery.types.v1.model_pb2 import Model

from services.gateway.recipes.recipe import Request, Step, StepResult
from services.gateway.reducer.pace import Paced
from services.gateway.store.times import Run
from services.runtime.status import from_status, reason_name


@dataclass(frozen=True, slots=True)
class Tried:
    """The result of a step, how long its last try and all of them worked, and with which model.

    Both are in seconds.
    """

    result: StepResult
    seconds: float
    worked: float
    model: Model | None

    @property
    def reason(self) -> str:
        """Why something stands in for its result; empty where nothing does."""
        error = from_status(self.result.completed.fallback.error)
        return reason_name(error) if error is not None else ""


def run_of(step: Step, request: Request, tried: Tried, expected: float, paced: Paced) -> Run:
    """What history keeps of a step that was done, and was expected to take so many seconds."""
    completed, usage = tried.result.completed, tried.result.completed.usage
    # What stands in for a result has none, and its model is the one that it stands in for.
    model = tried.model if completed.HasField("fallback") and not usage.engine else None
    written = usage.output_tokens - usage.kept_tokens
    generating = usage.generate_duration.ToNanoseconds() / 1e9
    return Run(
        engine=model.engine if model else usage.engine,
        model=model.name if model else usage.model,
        seconds=tried.seconds,
        input_tokens=usage.input_tokens,
        output_tokens=usage.output_tokens,
        rate=written / generating if written > 0 and generating > 0 else None,
        features=step.text.features(request) if step.text else None,
        expected=expected,
        fallback=completed.fallback.substitute,
        worked=tried.worked,
        updates=paced.updates,
        median_gap=paced.median_gap,
        max_gap=paced.max_gap,
    )
