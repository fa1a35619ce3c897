"""Going on after a beginning, whatever a model's own template makes of an answer that is begun.

Most templates close the last turn of a conversation too, and some parsers drop the blank before
the first word. So the server renders the prompt, and the model completes that as it stands.
"""

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from typing import Any, cast

import ollama

from services.llm.engines.ollama.client import Client
from services.runtime.errors import InvalidField

Messages = Sequence[Mapping[str, Any]]

# Stands at the end of the beginning while its prompt is rendered: what is behind it, if anything,
# closes the turn.
_SEAM = "\u2042"


async def continuing(
    client: Client, model: str, messages: Messages, options: Mapping[str, Any], beginning: str
) -> AsyncGenerator[ollama.ChatResponse, None]:
    """Streams what the model adds to a beginning, as a chat's answer. Raises InvalidField."""
    stream = await client.generate(
        model,
        await _prompt(client, model, messages, options, beginning),
        raw=True,
        stream=True,
        # The thoughts, if there were any, came before the beginning.
        think=False,
        options=options,
        images=[image for message in messages for image in message.get("images", ())],
    )
    pieces = cast("AsyncGenerator[ollama.GenerateResponse, None]", stream)
    async with aclosing(pieces):
        async for piece in pieces:
            message = ollama.Message(role="assistant", content=piece.response)
            yield ollama.ChatResponse(message=message, **piece.model_dump())


async def _prompt(
    client: Client, model: str, messages: Messages, options: Mapping[str, Any], beginning: str
) -> str:
    """The conversation as the model reads it, up to the end of the beginning and no further."""
    begun = {"role": "assistant", "content": beginning + _SEAM}
    prompt = await client.rendered(model, [*messages, begun], options)
    if prompt is not None and not prompt.endswith(beginning + _SEAM):
        # The template closes it. Without it there is the opening of a turn, where it belongs.
        prompt = await client.rendered(model, messages, options)
        prompt = prompt and prompt + beginning
    if prompt is None:
        raise InvalidField(
            {"prefix": "this Ollama server cannot go on with a text that is begun: update it"}
        )
    return prompt.removesuffix(_SEAM)
