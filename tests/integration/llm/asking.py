"""What the tests of real engines ask for, and how they listen."""

import json
from typing import Any

from hatchery.llm.v1.llm_service_pb2 import (
    Example,
    FieldGuide,
    GenerateRequest,
    Message,
    ResponseFormat,
    SamplingOptions,
)

from services.llm.port import EngineEvent, TextWritten, TokensWritten

PROPERTIES: dict[str, Any] = {
    "title": {"type": "string", "minLength": 1},
    "kind": {"enum": ["soup", "bread", "cake"]},
    "tastes": {
        "type": "array",
        "items": {"enum": ["sweet", "salty", "sour", "hot"]},
        "minItems": 2,
    },
    "servings": {"type": "integer"},
    "rating": {"type": "number"},
    "vegetarian": {"type": "boolean"},
    "steps": {"type": "array", "items": {"type": "string"}, "minItems": 2, "maxItems": 2},
}
# A name for a dish, which ends by itself whatever was asked for.
TITLE = FieldGuide(field="/title", grammar='root ::= (" " [A-Za-z]{1,12}){1,6}')


def recipe_example() -> Example:
    """A recipe as it should be."""
    example = Example(prompt="an apple cake")
    example.document.update(
        {
            "title": "Grandmother's Apple Cake",
            "kind": "cake",
            "tastes": ["sweet", "sour"],
            "servings": 8,
            "rating": 4.5,
            "vegetarian": True,
            "steps": ["peel the apples", "bake for an hour"],
        }
    )
    return example


def document_request(idea: str, *names: str, seed: int = 1, **fields: Any) -> GenerateRequest:
    """A request for a recipe, or for these properties of one."""
    properties = {name: PROPERTIES[name] for name in names or PROPERTIES}
    schema = {"type": "object", "properties": properties, "required": list(properties)}
    return GenerateRequest(
        messages=[Message(role=Message.ROLE_USER, content=idea)],
        response_format=ResponseFormat(
            json_schema=json.dumps(schema), examples=[recipe_example()], **fields
        ),
        seed=seed,
    )


def text_request(
    text: str, *, max_tokens: int = 60, seed: int = 1, **sampling: Any
) -> GenerateRequest:
    """A request for free text."""
    return GenerateRequest(
        messages=[Message(role=Message.ROLE_USER, content=text)],
        sampling=SamplingOptions(max_tokens=max_tokens, **sampling),
        seed=seed,
    )


def said(events: list[EngineEvent]) -> dict[str, str]:
    """All that was said of each field."""
    texts: dict[str, str] = {}
    for event in events:
        if isinstance(event, TextWritten):
            texts[event.field] = texts.get(event.field, "") + event.text
    return texts


def gauges(events: list[EngineEvent]) -> list[TokensWritten]:
    """What the gauge showed."""
    return [event for event in events if isinstance(event, TokensWritten)]
