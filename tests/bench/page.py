"""How soon the page is there, how much it weighs, and whether its memory climbs."""

import gzip
import statistics
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psutil

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
async def watched(envoy: str, generation: str) -> AsyncIterator[list[psutil.Process]]:
    """Two tabs, at all that is under way and at one generation; yields the browser's processes.

    Fails where they do not follow to the end.
    """
    before = set(psutil.Process().children(recursive=True))
    async with running_chromium() as browser:
        context = await browser.new_context()
        for path in ("", generation):
            page = await context.new_page()
            await page.goto(f"http://{envoy}/{path}")
        yield [
            process
            for process in set(psutil.Process().children(recursive=True)) - before
            if any("--type=renderer" in part for part in process.cmdline())
        ]
        for page in context.pages:
            bar = page.get_by_role("progressbar").first
            now = await bar.get_attribute("aria-valuenow")
            assert int(now or 0) > 0, f"{page.url} does not move"
