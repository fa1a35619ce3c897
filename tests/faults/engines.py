"""An engine service in a process of its own that can be killed: `… -m tests.faults.engines llm`.

It takes about two seconds for a persona or a text and one for a portrait, and tells something all
the while.
That of whoever is unhurried takes three times as long: with as many under way, fewer are new, and
the machine has time for the faults.
"""

import asyncio
import sys
from typing import Any

import uvloop
from google.protobuf.struct_pb2 import Struct
from hatchery.progress.v1 import progress_pb2 as progress
from hatchery.progress.v1.progress_pb2 import Progress, StepCompleted
from hatchery.types.v1.usage_pb2 import Usage

from services.runtime import logs
from services.runtime.engine_stream import Emit
from tests.support.scripted import (
    Engines,
    document_for,
    draw_portrait,
    scripted_images,
    scripted_texts,
    write_text,
)

UNHURRIED = "an unhurried"
_WORD = 0.04
_STROKE = 0.2
# There are fewer words in a text.
_SLOWER = 4


async def write_slowly(request: Any, emit: Emit) -> StepCompleted:
    """The persona or the text, a word at a time."""
    unhurried = any(UNHURRIED in message.content for message in request.messages)
    pause = _WORD * (3 if unhurried else 1)
    if not request.HasField("response_format"):
        return await write_text(request, emit, pause=pause * _SLOWER)
    wanted = document_for(request)
    words = [
        (name, word)
        for name, value in wanted.items()
        for word in (", ".join(value) if isinstance(value, list) else str(value)).split()
    ]
    for done, (name, word) in enumerate(words, 1):
        text = progress.TextDelta(field=f"/{name}", text=f"{word} ")
        emit(Progress(text_delta=text, fraction=done / len(words)))
        await asyncio.sleep(pause)
    document = Struct()
    document.update(wanted)
    return StepCompleted(document=document, usage=Usage(engine="scripted", model="script"))


async def draw_slowly(request: Any, emit: Emit) -> StepCompleted:
    """The portrait, a stroke at a time."""
    for done in range(1, 5):
        await asyncio.sleep(_STROKE)
        work = progress.StepProgress(done=done, total=5, unit="strokes")
        emit(Progress(step_progress=work, fraction=done / 5))
    await asyncio.sleep(_STROKE)
    return await draw_portrait(request, lambda _: None)


async def main(kind: str, address: str) -> None:
    """Serves one of the two at an address until it is killed."""
    engines = Engines(
        text=write_slowly,
        image=draw_slowly,
        eyes=["eyes"],
        llm_target=address,
        avatar_target=address,
    )
    serve = {"llm": scripted_texts, "avatar": scripted_images}[kind]
    async with serve(engines):
        await asyncio.Event().wait()


if __name__ == "__main__":
    logs.configure("json", "warning", sys.argv[1])
    uvloop.run(main(*sys.argv[1:]))
