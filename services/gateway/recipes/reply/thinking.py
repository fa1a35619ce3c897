"""Steps that think with a model: as a document, or by rules where the model is too small."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from hatchery.gateway.v1.conversation_service_pb2 import SendMessageRequest
from hatchery.llm.v1.llm_service_pb2 import (
    GenerateRequest,
    Message,
    ResponseFormat,
    SamplingOptions,
)
from hatchery.progress.v1.progress_pb2 import Fallback
from hatchery.types.v1.usage_pb2 import Usage

from services.gateway.recipes.documents import write_document
from services.gateway.recipes.recipe import Most, StepContext
from services.runtime.errors import HatcheryError, ModelTooSmall
from services.runtime.status import to_status

RULES = "rules"
# What a thought reads and writes at most, in bytes and tokens; see `most_of`.
_READ, _WRITTEN = 30_000, 1024


def asked(context: StepContext) -> SendMessageRequest:
    """The request, of this recipe."""
    assert isinstance(context.request, SendMessageRequest)
    return context.request


def too_small(context: StepContext) -> ModelTooSmall | None:
    """Why the model of this step cannot hold a document together; None where it can."""
    model = context.model
    if model is None or model.documents:
        return None
    return ModelTooSmall(
        f"{model.title or model.name} is too small to plan: it answers plainly",
        metadata={"model": model.name},
    )


def instead(substitute: str, error: HatcheryError) -> Fallback:
    """Says what stands in, and why."""
    return Fallback(substitute=substitute, error=to_status(error))


async def think(
    context: StepContext, system: str, said: Sequence[Message], properties: Mapping[str, Any]
) -> tuple[Mapping[str, Any], Usage]:
    """A document with these properties. Raises OutputInvalid and what engines raise."""
    schema = {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
    request = GenerateRequest(
        model=asked(context).model,
        messages=[Message(role=Message.ROLE_SYSTEM, content=system), *said],
        response_format=ResponseFormat(json_schema=json.dumps(schema)),
        sampling=SamplingOptions(max_tokens=_WRITTEN, temperature=0.2),
        seed=context.seed,
    )
    return await write_document(context, request)


def person(text: str) -> Message:
    """Something that the person says."""
    return Message(role=Message.ROLE_USER, content=text)


def most_of(request: SendMessageRequest) -> Most:
    """The most that one thought may use: no token has less than a byte."""
    return Most(read=_READ + len(request.text.encode()), written=_WRITTEN)
