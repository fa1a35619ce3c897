"""A real browser, Debian's Chromium or another one that is installed, before the real stack."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from tests.e2e.browser.mind import Mind
from tests.e2e.browser.pen import desk, pen
from tests.e2e.conftest import Stack
from tests.support.chromium import find_chromium, running_chromium
from tests.support.require import require

# Milliseconds for the embedded engines, on a machine with much else to do.
PATIENCE = 90_000


@dataclass
class Seen:
    """What a page complained of: exceptions, and errors in its console."""

    complaints: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Visitor:
    """A browser with storage and workers of its own, at a stack."""

    stack: Stack
    context: Any
    seen: Seen

    @property
    def address(self) -> str:
        """Where the page is."""
        return f"http://{self.stack.envoy}"

    async def open(self, path: str = "/") -> Page:
        """Another tab."""
        page: Page = await self.context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: self.seen.complaints.append(str(error)))
        page.on(
            "console",
            lambda message: message.type == "error" and self.seen.complaints.append(message.text),
        )
        await page.goto(self.address + path)
        return page

    async def hatch(self, page: Page, description: str) -> str:
        """Begins at the first page; returns the name of the generation."""
        await page.get_by_label("Your companion, in a sentence").fill(description)
        await page.get_by_role("button", name="Hatch", exact=True).click()
        await page.wait_for_url("**/generations/*")
        return page.url.removeprefix(f"{self.address}/")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def chromium() -> AsyncIterator[Browser]:
    """The browser."""
    require(find_chromium() is not None, "no Chromium is installed: apt-get install chromium")
    async with running_chromium() as browser:
        yield browser


@asynccontextmanager
async def visiting(chromium: Browser, stack: Stack, **options: Any) -> AsyncIterator[Visitor]:
    """A visitor whose pages complain of nothing until the block is left.

    Unless asked for, nothing moves: drawing it costs a machine without a GPU more than the rest.
    """
    context = await chromium.new_context(**{"reduced_motion": "reduce", **options})
    seen = Seen()
    yield Visitor(stack, context, seen)
    await context.close()
    assert [] == seen.complaints


@pytest_asyncio.fixture(loop_scope="module")
async def visitor(chromium: Browser, stack: Stack) -> AsyncIterator[Visitor]:
    """Somebody at a desktop."""
    async with visiting(chromium, stack) as somebody:
        yield somebody


@pytest.fixture(scope="module")
def mind() -> Iterator[Mind]:
    """A model that plans, and says what a test wants."""
    with pen() as holding:
        yield Mind(holding)


@pytest.fixture(scope="module")
def house(mind: Mind, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The stack that it thinks for."""
    with desk(mind.pen, tmp_path_factory.mktemp("desk"), budget="") as stack:
        yield stack


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def agent(chromium: Browser, house: Stack, mind: Mind) -> str:
    """A companion that has hatched there."""
    async with visiting(chromium, house) as visitor:
        return await hatch(visitor)


@pytest_asyncio.fixture(loop_scope="module")
async def guest(chromium: Browser, house: Stack, mind: Mind) -> AsyncIterator[Visitor]:
    """Somebody who talks with it; whatever it thought before is forgotten."""
    mind.forget()
    async with visiting(chromium, house) as somebody:
        yield somebody
    mind.pen.go_on()


async def hatch(visitor: Visitor) -> str:
    """Hatches a companion; returns its name."""
    page = await visitor.open()
    await visitor.hatch(page, "a shy water dragon who loves books")
    await page.get_by_role("link", name="Meet your companion").click()
    await page.wait_for_url("**/agents/*")
    return "/".join(page.url.split("/")[-2:])


def folder(name: str) -> Path:
    """Where pictures of a test run are kept."""
    path = Path(__file__).parents[3] / ".cache" / name
    path.mkdir(parents=True, exist_ok=True)
    return path
