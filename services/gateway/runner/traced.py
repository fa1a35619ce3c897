"""What spans tell of generations and of their steps: numbers, names of ours, and what models are.

Models are those that engines list, and reasons those of `hatchery.errors.v1`: nothing that anybody
said is among them.
"""

from typing import TYPE_CHECKING

from hatchery.progress.v1.progress_pb2 import Progress
from hatchery.types.v1.model_pb2 import Model

from services.gateway.recipes.recipe import Step, StepResult
from services.gateway.store.rows import Row
from services.runtime.status import from_status, reason_name
from services.runtime.tracing import PARENT, Attributes, Span

if TYPE_CHECKING:
    from collections.abc import Mapping

# What engine services do, as OpenTelemetry calls it.
_OPERATIONS = {"llm": "chat", "avatar": "generate_content"}
_ENDS = {"completed", "failed", "cancelled", "paused"}


def parent_of(row: Row) -> "Mapping[str, str]":
    """Where a generation belongs; nowhere, where no traces were made when it was accepted."""
    return {PARENT: row.trace} if row.trace else {}


def of_generation(row: Row, replica: str) -> Attributes:
    """What is known when a replica begins to run it."""
    return {
        "hatchery.generation": str(row.id),
        "hatchery.recipe": row.recipe,
        "hatchery.epoch": row.epoch,
        "hatchery.replica": replica,
    }


def tell_end(span: Span, latest: Progress, *, lost: bool) -> None:
    """Tells how its run ended here: `latest` is its last event that is committed."""
    kind = latest.WhichOneof("event") or ""
    outcome = "lost" if lost else kind if kind in _ENDS else "handed_over"
    span.note({"hatchery.outcome": outcome})
    if outcome == "failed" and (error := from_status(latest.failed.error)) is not None:
        span.fail(reason_name(error))


def of_try(step: Step, attempt: int, model: Model | None) -> Attributes:
    """What is known of a try before it has a result."""
    told: dict[str, str | int | float] = {"hatchery.attempt": attempt}
    if model is not None:
        told["gen_ai.operation.name"] = _OPERATIONS[step.engine]
        told["gen_ai.provider.name"] = model.engine
        told["gen_ai.request.model"] = model.name
    return told


def of_result(result: StepResult) -> Attributes:
    """What a result tells of how it was made."""
    usage = result.completed.usage
    if not usage.model:
        return {}
    told: dict[str, str | int | float] = {"gen_ai.response.model": usage.model}
    if usage.input_tokens or usage.output_tokens:
        told["gen_ai.usage.input_tokens"] = usage.input_tokens
        told["gen_ai.usage.output_tokens"] = usage.output_tokens
    return told
