"""Texts of the model that comes along, in a browser: before one's eyes, paused, side by side."""

import re
from itertools import pairwise

import pytest
from playwright.async_api import expect

from tests.e2e.browser.conftest import PATIENCE, Visitor
from tests.e2e.browser.test_hatching import log_of
from tests.e2e.browser.writing import ask, card, write_of, written
from tests.support.oracle import assert_story

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(300)]
expect.set_options(timeout=PATIENCE)

# How far it was, how much was there to read, and what stood on the cards.
_WATCH = """
() => {
  window.seen = [];
  const look = () => {
    const bar = document.querySelector("[role=progressbar]");
    const facts = document.querySelector(".facts");
    if (bar && facts) {
      const texts = [...document.querySelectorAll(".prose p")].map((text) => text.textContent);
      const text = texts.join("\\n\\n").trimEnd();
      window.seen.push([Number(bar.getAttribute("aria-valuenow")), text, facts.innerText]);
    }
    requestAnimationFrame(look);
  };
  look();
}
"""


async def test_a_text_is_written_before_ones_eyes(visitor: Visitor) -> None:
    """The bar climbs, words are added, cards count; in the end they say what the log says."""
    page = await visitor.open("/workbench")
    generation = await ask(page, "Write a story about a snail, in about 150 words.")
    await page.evaluate(_WATCH)
    await written(page)
    seen = await page.evaluate("window.seen")
    bars = [bar for bar, _, _ in seen]
    assert sorted(bars) == bars
    assert len(set(bars)) > 5
    texts = [text for _, text, _ in seen]
    for earlier, later in pairwise(texts):
        assert later.startswith(earlier)
    assert len(set(texts)) > 10
    cards = " ".join({facts for _, _, facts in seen})
    for word in ("Tokens", "of about", "Speed", "tokens/s", "Elapsed", "Remaining"):
        assert word in cards
    log = assert_story(log_of(visitor.stack, generation))
    done = write_of(log)
    usage = done.usage
    assert f"{usage.input_tokens:,}" == await card(page, "Tokens in")
    assert f"{usage.output_tokens:,}" == await card(page, "Tokens out")
    assert f"{usage.input_tokens + usage.output_tokens:,}" == await card(page, "In all")
    made = usage.generate_duration.ToNanoseconds() / 1e9
    assert f"{usage.output_tokens / made:.1f}\ntokens/s" == await card(page, "Speed")
    prose = page.get_by_role("region", name="The text")
    assert done.text.strip() == (await prose.inner_text()).strip()
    await page.reload()
    await written(page)
    assert done.text.strip() == (await prose.inner_text()).strip()


async def test_a_pause_keeps_what_is_written(visitor: Visitor) -> None:
    """It stays to be read, and the model goes on after it, word for word."""
    page = await visitor.open("/workbench")
    generation = await ask(page, "Write a long story about a lighthouse, in about 300 words.")
    prose = page.get_by_role("region", name="The text")
    await expect(prose).to_contain_text(re.compile(r"(\S+\s+){20}"))
    await page.get_by_role("button", name="Pause").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Paused")
    kept = await prose.inner_text()
    elapsed = await card(page, "Elapsed")
    await page.reload()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Paused")
    assert (kept, elapsed) == (await prose.inner_text(), await card(page, "Elapsed"))
    await page.get_by_role("button", name="Go on").click()
    await written(page)
    whole = await prose.inner_text()
    assert whole.startswith(kept.rstrip())
    await expect(page.locator(".fact", has_text="of them kept")).to_be_visible()
    log = assert_story(log_of(visitor.stack, generation))
    begun = [event for event in log if event.step == "write" and event.HasField("step_started")]
    assert [False, True] == [event.step_started.continues for event in begun]
    assert [1, 1] == [event.attempt for event in begun]


async def test_two_drafts_stand_side_by_side(visitor: Visitor) -> None:
    """Over one stream; the fastest is marked in the end; each leads to its own page and back."""
    streams = list[str]()
    visitor.context.on("request", lambda request: streams.append(request.url))
    page = await visitor.open("/workbench")
    await page.get_by_role("button", name="Another beside it").click()
    comparison = await ask(page, "a haiku about the first snow", button="Write side by side")
    assert comparison.startswith("comparisons/")
    columns = page.get_by_role("article")
    await expect(columns).to_have_count(2)
    await expect(columns.first).to_contain_text("draft 1")
    await expect(page.get_by_role("heading", level=1)).to_have_text("All of them are done")
    speeds = [
        float(re.findall(r"([\d.]+) tokens/s", text)[0]) for text in await columns.all_inner_texts()
    ]
    fastest = columns.nth(speeds.index(max(speeds)))
    await expect(fastest).to_contain_text("fastest")
    await expect(page.get_by_text("fastest")).to_have_count(1)
    assert [] == [url for url in streams if "Watch" in url], "a tab opened a stream of its own"
    text = await columns.first.get_by_role("region").inner_text()
    await columns.first.get_by_role("link").click()
    await written(page)
    assert text == await page.get_by_role("region", name="The text").inner_text()
    assert_story(log_of(visitor.stack, "/".join(page.url.split("/")[-2:])))
    await page.get_by_role("link", name="Side by side").click()
    await expect(columns).to_have_count(2)


async def test_a_comparison_that_is_not_there_is_said_so(visitor: Visitor) -> None:
    """As a missing artifact is."""
    page = await visitor.open("/comparisons/00000000-0000-4000-8000-000000000000")
    await expect(page.get_by_text("There is no such comparison.")).to_be_visible()
