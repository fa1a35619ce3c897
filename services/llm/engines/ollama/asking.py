"""From a request to what Ollama is asked. Pure."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from google.protobuf.json_format import MessageToDict
from hatchery.llm.v1.llm_service_pb2 import Example, GenerateRequest, Message

from services.llm.prefix import apart
from services.llm.schema import Schema

_ROLES = {
    Message.ROLE_SYSTEM: "system",
    Message.ROLE_USER: "user",
    Message.ROLE_ASSISTANT: "assistant",
}
_CHARACTERS_PER_TOKEN = 4


def messages(request: GenerateRequest, schema: Schema | None) -> Sequence[Mapping[str, Any]]:
    """The conversation, with the examples as turns before its first one."""
    spoken = [
        {
            "role": _ROLES[message.role],
            # Ollama takes for a control token whatever reads like one, whoever said it.
            "content": apart(message.content),
            **({"images": [image.data for image in message.images]} if message.images else {}),
        }
        for message in request.messages
    ]
    if schema is None:
        return spoken
    turns = [
        turn
        for example in request.response_format.examples
        for turn in (
            {"role": "user", "content": example.prompt},
            {"role": "assistant", "content": example_text(example, schema)},
        )
    ]
    first = next((i for i, turn in enumerate(spoken) if turn["role"] != "system"), len(spoken))
    return [*spoken[:first], *turns, *spoken[first:]]


def example_text(example: Example, schema: Schema) -> str:
    """The document of an example as JSON, in the order of the schema, which a Struct loses."""
    document = MessageToDict(example.document)
    ordered = {name: document[name] for name in schema.properties if name in document}
    return json.dumps(_whole_numbers(ordered), ensure_ascii=False)


def options(request: GenerateRequest, *, max_tokens: int, context: int) -> Mapping[str, Any]:
    """How tokens are chosen, and how many. A `context` of 0 leaves it to the server."""
    wishes = request.sampling
    given = {
        name: getattr(wishes, name)
        for name in ("temperature", "top_k", "top_p", "min_p", "repeat_penalty")
        if wishes.HasField(name)
    }
    return {
        **given,
        **({"num_ctx": context} if context else {}),
        "seed": request.seed,
        "num_predict": wishes.max_tokens or max_tokens,
    }


def expected_tokens(request: GenerateRequest, schema: Schema | None) -> int:
    """How many tokens the examples let one expect, as a guess; 0 without any."""
    examples = request.response_format.examples
    if schema is None or not examples:
        return 0
    length = sum(len(example_text(example, schema)) for example in examples) / len(examples)
    return round(length / _CHARACTERS_PER_TOKEN)


def _whole_numbers(value: Any) -> Any:
    """The value with 3 for 3.0: a Struct knows only doubles."""
    match value:
        case float() if value.is_integer():
            return int(value)
        case dict():
            return {name: _whole_numbers(item) for name, item in value.items()}
        case list():
            return [_whole_numbers(item) for item in value]
    return value
