"""An engine process that speaks at a steady rate, each event with the time at which it was said.

`python -m tests.bench.scripted` prints the ports of its llm and avatar service, and serves until
its standard input ends.
"""

import asyncio
import re
import sys
import time
from typing import Any

import uvloop
from hatchery.progress.v1.progress_pb2 import Progress, StepCompleted, TextDelta

from services.runtime import logs
from services.runtime.engine_stream import Emit
from tests.support.scripted import scripted_engines, write_persona

_ASKED = re.compile(r"speak (\d+) (\d+)")


async def speak(request: Any, emit: Emit) -> StepCompleted:
    """Says things at a rate, as a message asks: "speak RATE COUNT"."""
    asked = next(filter(None, (_ASKED.search(m.content) for m in request.messages)))
    rate, count = float(asked[1]), int(asked[2])
    start = time.monotonic()
    for number in range(count):
        await asyncio.sleep(max(start + number / rate - time.monotonic(), 0))
        # Fields take turns, so that nothing is folded away and every event is measured.
        said = TextDelta(field=f"/{number % 8}", text=str(time.monotonic_ns()))
        emit(Progress(text_delta=said, fraction=number / count))
    return await write_persona(request, emit)


async def main() -> None:
    """Serves."""
    logs.configure("json", "warning", "scripted")
    async with scripted_engines() as engines:
        engines.text = speak
        print(engines.llm_target, engines.avatar_target, flush=True)  # noqa: T201
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    uvloop.run(main())
