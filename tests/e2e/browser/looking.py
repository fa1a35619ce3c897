"""Pictures of views to look at, and axe's opinion of each."""

from contextlib import AsyncExitStack
from typing import Any

from playwright.async_api import Browser, Page

from tests.e2e.browser.conftest import Visitor, folder, visiting
from tests.e2e.conftest import ROOT, Stack
from tests.support.require import require

_AXE = ROOT / "clients" / "web" / "node_modules" / "axe-core" / "axe.min.js"
_SIZES = {"desktop": {"width": 1200, "height": 860}, "phone": {"width": 390, "height": 844}}


async def look_at(page: Page, name: str) -> None:
    """Takes a picture, and asks axe, at each size once and in each mode once."""
    wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not await page.evaluate(wide), f"{name} is wider than its window"
    await page.screenshot(path=folder("looks") / f"{name}.png")
    if not name.endswith(("desktop-light", "phone-dark")):
        return
    require(_AXE.exists(), "axe-core is not there: make page")
    # The page's own policy lets no script in; the one of the test comes in beside it.
    found: Any = await page.evaluate(_AXE.read_text() + "; axe.run()")
    told = [
        f"{name}: {one['id']}: {one['help']}: {node['target']}"
        for one in found["violations"]
        for node in one["nodes"]
    ]
    assert [] == told, told


async def by_each(chromium: Browser, stack: Stack, visits: AsyncExitStack) -> dict[str, Visitor]:
    """A visitor for each size and mode.

    Nothing moves: a picture is the same however long it took, and axe sees colours as they are.
    """
    return {
        f"{size}-{mode}": await visits.enter_async_context(
            visiting(chromium, stack, viewport=viewport, color_scheme=mode)
        )
        for size, viewport in _SIZES.items()
        for mode in ("light", "dark")
    }
