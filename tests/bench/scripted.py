"""An engine process that speaks at a steady rate: the time at which it speaks, or prose.

`python -m tests.bench.scripted` prints the ports of its llm and avatar service, and serves until
its standard input ends.
"""

import asyncio
import itertools
import re
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import uvloop
from hatchery.progress.v1.progress_pb2 import Progress, StepCompleted, TextDelta, TokenProgress
from hatchery.types.v1.usage_pb2 import Usage

from services.runtime import logs
from services.runtime.engine_stream import Emit
from tests.support.scripted import scripted_engines, write_persona

_ASKED = re.compile(r"(speak|tell) (\d+) (\d+)")
# What is told: the decisions of this project, so many characters at a time.
_PROSE = Path(__file__).parents[2] / "docs" / "adr"
_PIECE = 16
_THOUGHT = 0.25


async def perform(request: Any, emit: Emit) -> StepCompleted:
    """Does what a message asks for: "speak RATE COUNT" or "tell RATE COUNT", so many a second."""
    asked = next(filter(None, (_ASKED.search(m.content) for m in request.messages)))
    rate, count = float(asked[2]), int(asked[3])
    if asked[1] == "tell":
        # What a companion thinks of before it tells is a document, and takes a quick model so long.
        if request.HasField("response_format"):
            await asyncio.sleep(_THOUGHT)
            return await write_persona(request, emit)
        return await tell(rate, count, emit)
    await speak(rate, count, emit)
    return await write_persona(request, emit)


async def speak(rate: float, count: int, emit: Emit) -> None:
    """Says the time, over and over."""
    async for number, _ in _steadily(rate, count):
        # Fields take turns, so that nothing is folded away and every event is measured.
        said = TextDelta(field=f"/{number % 8}", text=str(time.monotonic_ns()))
        emit(Progress(text_delta=said, fraction=number / count))


async def tell(rate: float, count: int, emit: Emit) -> StepCompleted:
    """Writes prose as a model does, two pieces of text and then a gauge."""
    prose = "\n\n".join(file.read_text("utf-8") for file in sorted(_PROSE.glob("0*.md")))
    pieces = itertools.cycle(prose[at : at + _PIECE] for at in range(0, len(prose), _PIECE))
    said: list[str] = []
    async for number, elapsed in _steadily(rate, count):
        if number % 3 < 2:
            said.append(next(pieces))
            emit(Progress(text_delta=TextDelta(text=said[-1])))
        else:
            tokens = len(said) * _PIECE // 4
            gauge = TokenProgress(tokens=tokens, tokens_per_second=tokens / elapsed)
            gauge.elapsed.FromMilliseconds(int(elapsed * 1000))
            emit(Progress(token_progress=gauge))
    usage = Usage(engine="scripted", model="script", output_tokens=count)
    return StepCompleted(text="".join(said), usage=usage)


async def _steadily(rate: float, count: int) -> AsyncIterator[tuple[int, float]]:
    """Counts at a rate, and yields the seconds since it began as well."""
    start = time.monotonic()
    for number in range(count):
        await asyncio.sleep(max(start + number / rate - time.monotonic(), 0))
        yield number, time.monotonic() - start


async def main() -> None:
    """Serves."""
    logs.configure("json", "warning", "scripted")
    async with scripted_engines() as engines:
        engines.text = perform
        print(engines.llm_target, engines.avatar_target, flush=True)  # noqa: T201
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    uvloop.run(main())
