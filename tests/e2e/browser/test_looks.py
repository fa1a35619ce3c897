"""How each view looks, at both sizes and in both modes, and whether a keyboard is enough for it."""

from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from deploy.envoy.page import BUILT
from tests.bench.page import weight
from tests.e2e.browser.chatting import answered, say
from tests.e2e.browser.conftest import Visitor, hatch, visiting
from tests.e2e.browser.looking import by_each, look_at
from tests.e2e.browser.mind import Mind
from tests.e2e.browser.pen import desk, pen
from tests.e2e.browser.samples import RAIN, TALE, TIMER
from tests.e2e.browser.test_hatching import hatched
from tests.e2e.browser.writing import ask, written
from tests.e2e.conftest import Stack

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(300)]

# Bytes, compressed, of all that a page may load.
_WEIGHT = 150_000
# Bytes of the worker, without what it imports.
_WORKER = 1000


async def test_each_view_is_looked_at(chromium: Browser, stack: Stack) -> None:
    """Nothing is wider than its window, and axe finds nothing: names, contrast, order, roles."""
    async with AsyncExitStack() as visits:
        visitors = await by_each(chromium, stack, visits)
        pages = {name: await visitor.open() for name, visitor in visitors.items()}

        async def look(view: str) -> None:
            for name, page in pages.items():
                await look_at(page, f"{view}-{name}")

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
            await look_at(page, f"drawing-{name}")
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
            await page.goto(f"{first.address}/statistics?range=day")
            await expect(page.get_by_role("figure", name="How long it took")).to_be_visible()
        await look("statistics")
        for page in pages.values():
            await page.goto(f"{first.address}/agents/00000000-0000-4000-8000-000000000000")
            await expect(page.get_by_role("alert")).to_be_visible()
        await look("missing")


async def test_what_is_written_is_looked_at(chromium: Browser, tmp_path: Path) -> None:
    """The same for texts and apps, by a model that the test plays, and so at any speed."""
    with pen() as quill, desk(quill, tmp_path) as house:
        async with AsyncExitStack() as visits:
            visitors = await by_each(chromium, house, visits)
            pages = {name: await visitor.open() for name, visitor in visitors.items()}
            first, first_page = next(iter(visitors.values())), next(iter(pages.values()))

            async def at(path: str, there: str) -> None:
                for page in pages.values():
                    await page.goto(f"{first.address}/{path}")
                    await expect(page.locator(there).first).to_be_visible()

            async def look(view: str) -> None:
                for name, page in pages.items():
                    await look_at(page, f"{view}-{name}")

            await at("workbench", "fieldset.models:enabled")
            await look("workbench")
            for page in pages.values():
                await page.get_by_role("button", name="Another beside it").click()
                await page.get_by_text("Length, time and seed").click()
            await look("several")
            tale = "a bedtime story about a lighthouse that is afraid of the dark"
            quill.write(TALE, halt=150)
            # A window of its own: the first one's wish has two models.
            generation = await ask(await first.open("/workbench"), tale)
            await at(generation, ".prose")
            for page in pages.values():
                await expect(page.get_by_text("So Ottoline turned")).to_be_visible()
            await look("writing")
            quill.go_on()
            for page in pages.values():
                await written(page)
            await look("written")
            quill.write(TIMER, beat=0.005)
            timer = await first.open("/workbench")
            await timer.get_by_text("An app on one page").click()
            generation = await ask(timer, "a timer that works in rounds of 25 minutes")
            await at(generation, "iframe")
            for page in pages.values():
                await written(page)
                app = page.frame_locator("iframe[title='The app']")
                await expect(app.get_by_text("Round 1 of 4")).to_be_visible()
            await look("app")
            quill.write(TALE, halt=90)
            await first_page.goto(f"{first.address}/workbench")
            await first_page.get_by_role("button", name="Another beside it").click()
            comparison = await ask(first_page, tale, button="Write side by side")
            await at(comparison, ".prose")
            await look("comparison")
            quill.go_on()
            for page in pages.values():
                await expect(page.get_by_text("All of them are done").first).to_be_visible()
            await look("compared")
            await at("artifacts", ".card")
            await look("artifacts")
            for page in pages.values():
                await page.locator(".card", has_text="Round and round").click()
                # By key: a click just after a scroll may go to where the app's frame was.
                await page.get_by_role("button", name="Delete").press("Enter")
                await expect(page.get_by_role("button", name="Keep it")).to_be_visible()
            await look("artifact")


async def test_a_chat_is_looked_at(chromium: Browser, tmp_path: Path) -> None:
    """The same for a companion that thinks, acts and remembers, by a model that the test plays."""
    with pen() as quill, desk(quill, tmp_path, budget="") as house:
        mind = Mind(quill)
        async with AsyncExitStack() as visits:
            visitors = await by_each(chromium, house, visits)
            pages = {name: await visitor.open() for name, visitor in visitors.items()}
            first, first_page = next(iter(visitors.values())), next(iter(pages.values()))
            agent = await hatch(first)

            async def at(path: str, there: str) -> None:
                for page in pages.values():
                    await page.goto(f"{first.address}/{path}")
                    await expect(page.locator(there).first).to_be_visible()

            async def look(view: str) -> None:
                for name, page in pages.items():
                    await look_at(page, f"{view}-{name}")

            await at(f"{agent}/chat/new", ".composer")
            for page in pages.values():
                await expect(page.locator(".portrait img")).to_be_visible()
            await look("begun")
            mind.reply = "The cello! I have only ever read about it. Is it as warm as it sounds?"
            mind.memories = ["They play the cello.", "They have a cat called Bismarck."]
            await first_page.goto(f"{first.address}/{agent}/chat/new")
            await say(first_page, "Hello! I am home at last: I play the cello, and the cat waits.")
            await first_page.wait_for_url("**/conversations/*")
            await answered(first_page)
            _plan_tea(mind)
            quill.hold(44)
            tea = (
                "It rains, and I left my cello at home. Tea by the window? Smoky, please: remember!"
            )
            await say(first_page, tea)
            await expect(first_page.locator(".caret")).to_be_visible()
            conversation = "/".join(first_page.url.split("/")[-2:])
            for page in pages.values():
                if page is not first_page:
                    await page.goto(f"{first.address}/{conversation}")
                await expect(page.get_by_text("but they")).to_be_visible()
                await expect(page.locator(".portrait img")).to_be_visible()
                await page.locator(".turn").last.evaluate("turn => turn.scrollIntoView()")
            await look("thinking")
            quill.go_on()
            for page in pages.values():
                await answered(page)
                if await page.locator(".shelf").is_visible():
                    await page.get_by_text("What it remembers").click()
                    await expect(page.locator(".memory").first).to_be_visible()
            await look("chat")
            for page in pages.values():
                await page.get_by_text("How it answers").click()
                await expect(page.get_by_label("Model")).to_be_visible()
            await look("allowing")
            for page in pages.values():
                await page.get_by_text("How it answers").click()
                line = page.locator(".thinking-line").last
                await line.click()
                await page.get_by_role("link", name="All of it, behind the curtain").click()
                await expect(page.get_by_role("heading", name="Answered!")).to_be_visible()
            await look("answered")


def _plan_tea(mind: Mind) -> None:
    """It plans to recall, to remember, and to change what cannot be changed."""
    mind.reply, mind.memories, mind.intent = RAIN, [], "request"
    mind.request, mind.keywords = "tea by the window, and to be remembered", ("cello", "tea")
    mind.acts = [
        ("recall", {"query": "cello"}),
        ("remember", {"text": "They like smoky tea."}),
        ("change", {"field": "tail", "value": "striped"}),
    ]
    mind.reasons = {"recall": "they speak of it", "remember": "they asked for it"}


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


async def test_what_page_and_worker_share_is_built_once() -> None:
    """The worker's own file holds no more than what no page needs."""
    (worker,) = (BUILT / "static").glob("worker-*.js")
    assert worker.stat().st_size < _WORKER
