"""Engines that write texts as a test needs them."""

import asyncio
from typing import Any

from hatchery.progress.v1 import progress_pb2 as pb
from hatchery.progress.v1.progress_pb2 import Progress, StepCompleted
from hatchery.types.v1.usage_pb2 import Usage

from services.runtime.engine_stream import Emit
from tests.support.scripted import TEXT, Engines, Script, write_text

APP = "<!DOCTYPE html><html><head><title>Hello</title></head><body><p>Hi</p></body></html>"


def says(text: str) -> Script:
    """An engine that says this at once."""

    async def write(request: Any, emit: Emit) -> StepCompleted:
        emit(Progress(text_delta=pb.TextDelta(text=text)))
        emit(Progress(token_progress=pb.TokenProgress(tokens=4, tokens_per_second=8)))
        usage = Usage(engine="scripted", model="script", input_tokens=3, output_tokens=4)
        usage.generate_duration.FromMilliseconds(500)
        return StepCompleted(text=text, usage=usage)

    return write


class HalfWay:
    """An engine that stands still after half of the text, until it is opened or asked again."""

    def __init__(self, engines: Engines) -> None:
        self.came = asyncio.Event()
        self.opened = asyncio.Event()
        engines.text = self.write

    async def write(self, request: Any, emit: Emit) -> StepCompleted:
        """Writes on at once where there is a beginning."""
        if request.prefix or self.opened.is_set():
            return await write_text(request, emit)
        words = TEXT.split(" ")
        half = " ".join(words[: len(words) // 2])
        emit(Progress(text_delta=pb.TextDelta(text=half)))
        gauge = pb.TokenProgress(tokens=len(words) // 2, tokens_per_second=50)
        emit(Progress(token_progress=gauge))
        self.came.set()
        await self.opened.wait()
        rest = TEXT.removeprefix(half)
        emit(Progress(text_delta=pb.TextDelta(text=rest)))
        usage = Usage(engine="scripted", model="script", output_tokens=len(words))
        return StepCompleted(text=TEXT, usage=usage)
