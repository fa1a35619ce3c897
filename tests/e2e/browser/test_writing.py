"""What is written in a browser, by a model that writes what a test wants: kept, priced, limited."""

import re
from collections.abc import Iterator

import pytest
from playwright.async_api import Browser, expect

from tests.e2e.browser.conftest import PATIENCE, visiting
from tests.e2e.browser.pen import Pen, desk, pen
from tests.e2e.browser.test_hatching import log_of
from tests.e2e.browser.writing import ask, card, write_of, written
from tests.e2e.conftest import Stack
from tests.support.oracle import assert_story, kinds

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(300)]
expect.set_options(timeout=PATIENCE)

_TALE = "\n\n".join(f"Verse {number}: the snail was first, and told nobody." for number in range(9))


@pytest.fixture(scope="module")
def quill() -> Iterator[Pen]:
    """A model that writes what a test wants."""
    with pen() as holding:
        yield holding


@pytest.fixture(scope="module")
def house(quill: Pen, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The stack that it writes for."""
    with desk(quill, tmp_path_factory.mktemp("desk")) as stack:
        yield stack


async def test_what_is_written_is_listed_kept_and_deleted(
    house: Stack, quill: Pen, chromium: Browser
) -> None:
    """It is found again, taken along as a file, and gone only after a question."""
    quill.write(_TALE, beat=0.0)
    async with visiting(chromium, house) as visitor:
        page = await visitor.open("/workbench")
        await ask(page, "a story about a snail")
        await written(page)
        four = page.get_by_role("button", name="4 of 5 stars")
        await four.click()
        await expect(four).to_have_attribute("aria-pressed", "true")
        async with page.expect_download() as download:
            await page.get_by_role("button", name="Download").click()
        kept = await download.value
        assert re.fullmatch(r"Verse-0.*\.txt", kept.suggested_filename)
        assert _TALE == (await kept.path()).read_text()
        await page.goto(f"{visitor.address}/artifacts")
        await page.get_by_role("button", name="Apps").click()
        await expect(page.get_by_text("Nothing is here yet.")).to_be_visible()
        await page.get_by_role("button", name="Texts").click()
        await page.locator(".card", has_text="Verse 0").click()
        await expect(page.get_by_role("heading", level=1)).to_contain_text("Verse 0")
        assert "quill:latest\nollama" == await card(page, "Model")
        address = page.url
        await page.get_by_role("button", name="Delete").click()
        await expect(page.get_by_role("button", name="Keep it")).to_be_focused()
        await page.get_by_role("button", name="Keep it").click()
        await page.get_by_role("button", name="Delete").click()
        await page.get_by_role("button", name="Delete for good").click()
        await page.wait_for_url("**/artifacts")
        await expect(page.get_by_text("The text is gone.")).to_be_visible()
        await page.goto(address)
        await expect(page.get_by_text("There is no such text or app.")).to_be_visible()


async def test_what_a_model_says_is_only_words(house: Stack, quill: Pen, chromium: Browser) -> None:
    """Markup in a text is shown as it stands, on each page that shows it."""
    markup = "<script>window.hurt = 1</script><img src=x onerror='window.hurt = 1'>"
    quill.write(f"{markup} # Title {''.join(map(str, range(1000)))}")
    async with visiting(chromium, house) as visitor:
        page = await visitor.open("/workbench")
        await ask(page, f"a {markup} story")
        await written(page)
        pages = [page.url]
        await page.get_by_role("link", name="Open it").click()
        await expect(page.get_by_role("button", name="Delete")).to_be_visible()
        pages.append(page.url)
        for address in (*pages, f"{visitor.address}/artifacts"):
            await page.goto(address)
            await expect(page.get_by_text("window.hurt").first).to_be_visible()
            assert await page.evaluate("window.hurt") is None
            width = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            assert 0 == await page.evaluate(width), f"{address} is wider than its window"


async def test_what_it_costs_is_shown_and_limited(
    house: Stack, quill: Pen, chromium: Browser
) -> None:
    """The price stands at the model, the cost grows; what the budget does not hold is refused."""
    quill.write(_TALE)
    async with visiting(chromium, house) as visitor:
        page = await visitor.open("/workbench")
        await expect(page.get_by_text("0.5 in, 2 out, bricks per 1,000 tokens")).to_be_visible()
        await page.get_by_text("Length, time and seed").click()
        await page.get_by_label("Tokens at most").fill("32000")
        await page.get_by_label("What to write", exact=True).fill("a story about a snail")
        await page.get_by_role("button", name="Write", exact=True).click()
        refused = page.get_by_role("alert")
        await expect(refused).to_contain_text(
            re.compile(r"may cost 19\d.* bricks.*, and .* of your 60")
        )
        await page.get_by_label("Tokens at most").fill("500")
        quill.write(_TALE, halt=30)
        generation = await ask(page, "a story about a snail")
        await expect(page.locator(".fact", has_text="Cost")).to_contain_text("bricks")
        begun = float((await card(page, "Cost")).split()[0])
        quill.go_on()
        await written(page)
        log = assert_story(log_of(house, generation))
        cost = write_of(log).cost.amount_micros / 1e6
        assert f"{cost:.4f}\nbricks" == await card(page, "Cost")
        assert 0 < begun < cost
        visitor.seen.complaints.clear()


async def test_time_and_length_have_their_limits(
    house: Stack, quill: Pen, chromium: Browser
) -> None:
    """A text that takes too long fails and says so; one that is cut off says what it is."""
    quill.write(_TALE, beat=0.3)
    async with visiting(chromium, house) as visitor:
        page = await visitor.open("/workbench")
        await page.get_by_text("Length, time and seed").click()
        await page.get_by_label("Seconds at most").fill("2")
        generation = await ask(page, "a story about a slow snail")
        await expect(page.get_by_role("alert")).to_contain_text("It took as long as it may: 2.0 s.")
        await expect(page.get_by_role("region", name="The text")).to_contain_text("Verse 0")
        assert "failed" == kinds(assert_story(log_of(house, generation)))[-1]
        quill.write(_TALE, cut_off=True)
        await page.get_by_role("link", name="Write", exact=True).click()
        await page.get_by_text("Length, time and seed").click()
        await page.get_by_label("Seconds at most").fill("")
        await ask(page, "a story without an end")
        await written(page)
        await expect(page.get_by_text("This is the beginning only.")).to_be_visible()


async def test_the_first_page_shows_a_sheet_and_no_egg(
    house: Stack, quill: Pen, chromium: Browser
) -> None:
    """What is written stands among what hatches, with its own picture, and leads to its page."""
    quill.write(_TALE, halt=20)
    async with visiting(chromium, house) as visitor:
        page = await visitor.open("/workbench")
        await ask(page, "a story for the first page")
        await page.get_by_role("link", name="Hatch", exact=True).click()
        under_way = page.locator(".card-under-way", has_text="a story for the first page")
        await expect(under_way.locator(".leaf")).to_have_count(1)
        await expect(under_way.locator(".egg")).to_have_count(0)
        quill.go_on()
        await expect(under_way).to_contain_text("Written!")
        await under_way.click()
        await written(page)


async def test_who_looks_elsewhere_is_told_when_it_is_written(
    house: Stack, quill: Pen, chromium: Browser
) -> None:
    """Once for a text, and once for all that stand side by side."""
    async with visiting(chromium, house, permissions=["notifications"]) as visitor:
        page = await visitor.open("/workbench")
        for several, expected in ((False, "Written!"), (True, "All of them are done")):
            await page.goto(f"{visitor.address}/workbench")
            await page.evaluate(
                "() => { window.told = []; window.Notification = class {"
                " static permission = 'granted';"
                " constructor(title, { body }) { window.told.push([title, body]); } } }"
            )
            if several:
                await page.get_by_role("button", name="Another beside it").click()
            quill.write(_TALE, halt=20)
            button = "Write side by side" if several else "Write"
            await ask(page, "a story while I am away", button=button)
            await page.evaluate("Object.defineProperty(document, 'hidden', {value: true})")
            quill.go_on()
            await expect(page.get_by_role("heading", level=1)).to_have_text(expected)
            assert [[expected, "a story while I am away"]] == await page.evaluate("window.told")


async def test_a_keyboard_is_enough_to_have_something_written(
    house: Stack, quill: Pen, chromium: Browser
) -> None:
    """From the prompt to a stopped text without a mouse; what happens is announced."""
    quill.write(_TALE, halt=20)
    async with visiting(chromium, house) as visitor:
        page = await visitor.open("/workbench")
        await expect(page.get_by_label("What to write", exact=True)).to_be_focused()
        await page.keyboard.type("a story by keys")
        await page.keyboard.press("Control+Enter")
        await page.wait_for_url("**/generations/*")
        await expect(page.locator("p.hidden[role=status]")).to_contain_text("Step 1 of 2")
        stop = page.get_by_role("button", name="Stop")
        await expect(stop).to_be_visible()
        for _ in range(14):
            await page.keyboard.press("Tab")
            if await stop.evaluate("button => button === document.activeElement"):
                break
        await page.keyboard.press("Enter")
        await expect(page.locator("p.hidden[role=status]")).to_have_text("Stopped")
        await expect(page.get_by_role("region", name="The text")).to_contain_text("Verse 0")
