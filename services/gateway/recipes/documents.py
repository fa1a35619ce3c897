"""Having a document written, and checking that it is one."""

import json
from collections.abc import Mapping
from typing import Any

from google.protobuf.json_format import MessageToDict
from hatchery.llm.v1.llm_service_pb2 import GenerateRequest
from hatchery.types.v1.usage_pb2 import Usage
from jsonschema.validators import validator_for

from services.gateway.recipes.recipe import StepContext
from services.runtime.errors import OutputInvalid


async def write_document(
    context: StepContext, asked: GenerateRequest
) -> tuple[Mapping[str, Any], Usage]:
    """The document that a text model wrote, and what it took. Raises OutputInvalid."""
    completed = await context.texts.write(asked, context.emit, context.timeout)
    document = MessageToDict(completed.document)
    validator = validator_for(schema := json.loads(asked.response_format.json_schema))
    if not validator(schema).is_valid(document):
        raise OutputInvalid("the text model's answer is not what it was asked for")
    return document, completed.usage
