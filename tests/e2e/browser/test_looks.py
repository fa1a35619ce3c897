"""How each view looks, at both sizes and in both modes: pictures to look at, and axe's opinion."""

from contextlib import AsyncExitStack
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from tests.bench.page import weight
from tests.e2e.browser.conftest import Visitor, folder, visiting
from tests.e2e.browser.test_hatching import hatched
from tests.e2e.conftest import ROOT, Stack
from tests.support.require import require

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(300)]

_AXE = ROOT / "clients" / "web" / "node_modules" / "axe-core" / "axe.min.js"
_SIZES = {"desktop": {"width": 1200, "height": 860}, "phone": {"width": 390, "height": 844}}
# Bytes, compressed, of all that a page may load.
_WEIGHT = 150_000


async def _look(page: Page, name: str) -> None:
    """Takes a picture, and asks axe, at each size once and in each mode once."""
    wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    assert not await page.evaluate(wide), f"{name} is wider than its window"
    await page.screenshot(path=folder("looks") / f"{name}.png")
    if not name.endswith(("desktop-light", "phone-dark")):
        return
    # The page's own policy lets no script in; the one of the test comes in beside it.
    found: Any = await page.evaluate(_AXE.read_text() + "; axe.run()")
    told = [
        f"{name}: {one['id']}: {one['help']}: {node['target']}"
        for one in found["violations"]
        for node in one["nodes"]
    ]
    assert [] == told


async def _by_each(chromium: Browser, stack: Stack, visits: AsyncExitStack) -> dict[str, Visitor]:
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


async def test_each_view_is_looked_at(chromium: Browser, stack: Stack) -> None:
    """Nothing is wider than its window, and axe finds nothing: names, contrast, order, roles."""
    require(_AXE.exists(), "axe-core is not there: make page")
    async with AsyncExitStack() as visits:
        visitors = await _by_each(chromium, stack, visits)
        pages = {name: await visitor.open() for name, visitor in visitors.items()}

        async def look(view: str) -> None:
            for name, page in pages.items():
                await _look(page, f"{view}-{name}")

        for page in pages.values():
            await page.get_by_text("Models, size and seed").click()
            await expect(page.get_by_label("Text model")).to_be_enabled()
        await look("choosing")
        for page in pages.values():
            await page.get_by_text("Models, size and seed").click()
            await page.get_by_text("Begin with a template").click()
            await page.get_by_role("button", name="The knight").click()
        await look("templates")
        for page in pages.values():
            await page.get_by_role("button", name="Without it").click()
            await page.get_by_text("Begin with a template").click()
            await page.evaluate("scrollTo(0, 0)")
        await look("home")

        first, first_page = next(iter(visitors.values())), next(iter(pages.values()))
        generation = await first.hatch(first_page, "a shy water dragon who loves books")
        for page in pages.values():
            await page.goto(f"{first.address}/{generation}")
            await expect(page.locator(".persona-traits dd")).not_to_be_empty()
        await look("hatching")
        for page in pages.values():
            await hatched(page)
        await look("hatched")
        for name, page in pages.items():
            # Each draws one of its own, so that none is over before it is looked at.
            await page.get_by_role("button", name="Another portrait").click()
            await expect(page.locator(".portrait-sketch img")).to_be_visible()
            await _look(page, f"drawing-{name}")
            await hatched(page)
        for page in pages.values():
            await page.get_by_text("Behind the curtain").click()
            await expect(page.locator("tbody tr")).to_have_count(3)
            await page.locator(".curtain").evaluate("curtain => curtain.scrollIntoView()")
        await look("curtain")
        for page in pages.values():
            await page.get_by_role("link", name="Meet your companion").click()
            await expect(page.locator(".portrait img")).to_be_visible()
        await look("agent")
        for page in pages.values():
            await page.get_by_role("button", name="Edit").click()
        await look("editing")
        for page in pages.values():
            await page.goto(f"{first.address}/agents")
            await expect(page.locator(".portrait img").first).to_be_visible()
        await look("gallery")
        for page in pages.values():
            await page.goto(f"{first.address}/statistics")
            await expect(page.locator("tbody tr").first).to_be_visible()
        await look("statistics")
        for page in pages.values():
            await page.goto(f"{first.address}/agents/00000000-0000-4000-8000-000000000000")
            await expect(page.get_by_role("alert")).to_be_visible()
        await look("missing")


async def test_a_keyboard_is_enough(visitor: Visitor) -> None:
    """From the first page to a stopped generation without a mouse; each step is announced."""
    page = await visitor.open()
    await expect(page.get_by_label("Your companion, in a sentence")).to_be_focused()
    await page.keyboard.type("a frog who wants to be a lighthouse keeper")
    await page.keyboard.press("Control+Enter")
    await page.wait_for_url("**/generations/*")
    await expect(page.locator("p.hidden[role=status]")).to_contain_text("Step 1 of 3")
    stop = page.get_by_role("button", name="Stop")
    await expect(stop).to_be_visible()
    for _ in range(12):
        await page.keyboard.press("Tab")
        if await stop.evaluate("button => button === document.activeElement"):
            break
    await page.keyboard.press("Enter")
    await expect(page.locator("p.hidden[role=status]")).to_have_text("Stopped")


async def test_who_looks_elsewhere_is_told_when_it_is_done(chromium: Browser, stack: Stack) -> None:
    """Where it is allowed, a hidden tab says so, once."""
    async with visiting(chromium, stack, permissions=["notifications"]) as visitor:
        page = await visitor.open()
        await page.evaluate(
            "() => { window.told = []; window.Notification = class { static permission = 'granted';"
            " constructor(title, options) { window.told.push([title, options.body]); } } }"
        )
        await visitor.hatch(page, "an owl who keeps the time for a whole village")
        hide = "Object.defineProperty(document, 'hidden', {value: true})"
        await page.evaluate(hide)
        await hatched(page)
        await page.wait_for_function("window.told.length > 0")
        expected = [["Hatched!", "an owl who keeps the time for a whole village"]]
        assert expected == await page.evaluate("window.told")


async def test_the_page_is_light() -> None:
    """All that is built, compressed as it travels."""
    assert weight() < _WEIGHT
