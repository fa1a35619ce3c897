"""How soon the page is there, how much it weighs, and whether its memory climbs."""

import asyncio
import gzip
import itertools
import json
import statistics
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from playwright.async_api import CDPSession

from deploy.envoy.page import BUILT
from tests.bench.figures import Figure, at_most
from tests.bench.house import a_house
from tests.support.chromium import running_chromium

VISITS = 15
PAINT_LIMIT = 1000.0
WEIGHT_LIMIT = 150.0

_PAINTED = """
new Promise((resolve) =>
  new PerformanceObserver((list) => {
    const painted = list.getEntriesByName("first-contentful-paint")[0];
    if (painted) resolve(painted.startTime);
  }).observe({ type: "paint", buffered: true }))
"""


async def measure() -> list[Figure]:
    """Visits by browsers that have nothing of the page yet, at an idle house."""
    painted: list[float] = []
    async with a_house() as house, running_chromium() as browser:
        for _ in range(VISITS):
            context = await browser.new_context()
            page = await context.new_page()
            await page.goto(f"http://{house.envoy}/")
            painted.append(await page.evaluate(_PAINTED))
            await context.close()
    return [
        at_most("first paint of the page: median", statistics.median(painted), "ms", PAINT_LIMIT),
        at_most("all of the page, compressed", weight() / 1000, "kB", WEIGHT_LIMIT),
    ]


def weight() -> int:
    """Bytes of all that a browser may load, compressed as Envoy does; fonts are that already."""
    return sum(
        file.stat().st_size if file.suffix == ".woff2" else len(gzip.compress(file.read_bytes(), 9))
        for file in BUILT.rglob("*")
        if file.is_file() and file.suffix != ".md"
    )


@asynccontextmanager
async def watched(envoy: str, generation: str) -> AsyncIterator[Callable[[], Awaitable[float]]]:
    """Two tabs, at all that is under way and at one generation.

    Yields what tells the bytes that live in both and in the worker that they share, garbage left
    out: what a process of a browser holds says more about when it cleans up. Telling fails where a
    tab has lost the server.
    """
    async with running_chromium() as browser:
        context = await browser.new_context()
        for path in ("", generation):
            page = await context.new_page()
            await page.goto(f"http://{envoy}/{path}")
            await page.get_by_role("progressbar").first.wait_for()
        heaps = [_Heap.of(await context.new_cdp_session(page)) for page in context.pages]
        heaps.append(await _Heap.of_worker(await browser.new_browser_cdp_session()))

        async def live() -> float:
            for page in context.pages:
                assert await page.get_by_text("The connection is gone.").count() == 0
            return sum([await heap.live() for heap in heaps])

        yield live


@dataclass
class _Heap:
    """The heap of one page or worker, asked over the debugging protocol."""

    ask: Callable[[str], Awaitable[Any]]

    @classmethod
    def of(cls, session: CDPSession) -> "_Heap":
        """That of a page."""
        return cls(session.send)

    @classmethod
    async def of_worker(cls, browser: CDPSession) -> "_Heap":
        """That of the only shared worker, to whom messages go in envelopes of the browser's."""
        targets = (await browser.send("Target.getTargets"))["targetInfos"]
        (worker,) = [one["targetId"] for one in targets if one["type"] == "shared_worker"]
        attached = await browser.send("Target.attachToTarget", {"targetId": worker})
        answers: dict[int, asyncio.Future[Any]] = {}

        def heard(event: dict[str, Any]) -> None:
            answer = json.loads(event["message"])
            if "id" in answer:
                answers.pop(answer["id"]).set_result(answer.get("result"))

        browser.on("Target.receivedMessageFromTarget", heard)
        numbers = itertools.count(1)

        async def ask(method: str) -> Any:
            number = next(numbers)
            answers[number] = answer = asyncio.get_running_loop().create_future()
            message = json.dumps({"id": number, "method": method})
            envelope = {"sessionId": attached["sessionId"], "message": message}
            await browser.send("Target.sendMessageToTarget", envelope)
            return await answer

        return cls(ask)

    async def live(self) -> float:
        """Bytes that are still referred to."""
        await self.ask("HeapProfiler.collectGarbage")
        return float((await self.ask("Runtime.getHeapUsage"))["usedSize"])
