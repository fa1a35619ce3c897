"""A model that a test plays over Ollama's HTTP: it writes what it is told, when it is told to."""

import asyncio
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.e2e.conftest import Stack, running_stack
from tests.integration.llm.ollama_double import OllamaDouble, end, ollama_double, piece

PRICES = """\
unit = "bricks"

[models."*"]
input = 0.5
output = 2
"""
BUDGET = """
[budget]
limit = 60
period = "1d"
"""

_MODELS = ("quill:latest", "ink:latest")


@dataclass
class Pen:
    """What it writes, and when; any thread may change it."""

    double: OllamaDouble
    loop: asyncio.AbstractEventLoop
    # Seconds before each word.
    beat: float = 0.02
    # From this word on it waits until it is let go on; None: it does not wait.
    halt: int | None = None
    free: asyncio.Event = field(default_factory=asyncio.Event)

    def write(
        self, text: str, *, beat: float = 0.02, halt: int | None = None, cut_off: bool = False
    ) -> None:
        """From now on it writes this, and ends; where it is cut off, as at a limit of tokens."""
        words = re.findall(r"\s*\S+|\s+$", text)
        ending = end("length" if cut_off else "stop", eval_count=len(words))
        self.double.lines = [*map(piece, words), ending]
        self.beat = beat
        self.hold(halt)

    def hold(self, halt: int | None) -> None:
        """From now on it waits from this word on."""
        self.halt = halt
        self.loop.call_soon_threadsafe(self.free.clear)

    def go_on(self) -> None:
        """Lets it go on."""
        self.loop.call_soon_threadsafe(self.free.set)

    async def wait(self, index: int) -> None:
        """Waits before a word."""
        await asyncio.sleep(self.beat)
        if self.halt is not None and index >= self.halt:
            await self.free.wait()


@contextmanager
def pen() -> Iterator[Pen]:
    """One in a thread of its own: who waits for a stack to be ready answers nobody."""
    made: list[Pen] = []
    ready, done = threading.Event(), threading.Event()

    async def serve() -> None:
        async with ollama_double(models=_MODELS, loaded=_MODELS) as double:
            holding = Pen(double, asyncio.get_running_loop())
            double.pause = holding.wait
            made.append(holding)
            ready.set()
            await asyncio.to_thread(done.wait)
            # Answers that were left end as well.
            holding.free.set()
            if others := asyncio.all_tasks() - {asyncio.current_task()}:
                await asyncio.wait(others, timeout=5)

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    assert ready.wait(10)
    try:
        yield made[0]
    finally:
        done.set()
        thread.join(10)


@contextmanager
def desk(holding: Pen, folder: Path, budget: str = BUDGET) -> Iterator[Stack]:
    """A stack whose texts it writes, two at once, at a price and within a budget."""
    prices = folder / "prices.toml"
    prices.write_text(PRICES + budget)
    # Whoever the gateway runs as reads it.
    folder.chmod(0o755)
    with running_stack(
        HATCHERY_LLM_ENGINE="ollama",
        HATCHERY_OLLAMA_URL=holding.double.url,
        HATCHERY_LLM_CONCURRENCY="4",
        HATCHERY_LLM_SLOTS="4",
        HATCHERY_PRICES=str(prices),
    ) as stack:
        yield stack
