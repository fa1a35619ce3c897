"""A companion hatches in a browser, over grpc-web through Envoy, with the embedded engines."""

import json
from typing import Any

import pytest
from google.protobuf import json_format
from hatchery.progress.v1.progress_pb2 import Progress
from playwright.async_api import Page, expect

from tests.e2e.browser.conftest import PATIENCE, Visitor
from tests.e2e.conftest import Stack
from tests.e2e.test_story import assert_hatched
from tests.support.oracle import assert_story, kinds

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(300)]
expect.set_options(timeout=PATIENCE)

# The bar as it moved, and how many lines of the persona were there at each of its places.
_WATCH = """
() => {
  window.seen = [];
  const look = () => {
    const bar = document.querySelector("[role=progressbar]");
    if (bar) {
      const now = [
        Number(bar.getAttribute("aria-valuenow")),
        document.querySelectorAll(".persona-line").length,
        document.querySelector(".meter-gauge")?.textContent ?? "",
      ];
      const last = window.seen.at(-1);
      if (!last || last.join() !== now.join()) window.seen.push(now);
    }
    requestAnimationFrame(look);
  };
  look();
}
"""


def log_of(stack: Stack, generation: str) -> list[Progress]:
    """The whole log of a generation, as the command hears it."""
    told = stack.hatchery("watch", "--json", "--after", "0", generation).stdout.splitlines()
    return [json_format.Parse(line, Progress()) for line in told]


async def hatched(page: Page) -> None:
    """Waits for the end."""
    await expect(page.get_by_role("link", name="Meet your companion")).to_be_visible()


async def events_shown(page: Page) -> list[dict[str, Any]]:
    """The raw events behind the curtain, all of a story."""
    await page.get_by_text("Behind the curtain").click()
    count = page.get_by_text("events", exact=False).locator("visible=true").last
    await count.click()
    # After a reload they are read again, and that takes a while.
    await expect(page.locator(".events code").last).to_contain_text('"completed"')
    return [json.loads(text) for text in await page.locator(".events code").all_inner_texts()]


async def test_a_companion_hatches_before_ones_eyes(visitor: Visitor) -> None:
    """Events arrive one by one: the bar climbs, words are added, layers are counted."""
    page = await visitor.open()
    await page.emulate_media(reduced_motion="no-preference")
    generation = await visitor.hatch(page, "a shy water dragon who loves books")
    await page.evaluate(_WATCH)
    await hatched(page)
    seen = await page.evaluate("window.seen")
    bars = [bar for bar, _, _ in seen]
    assert sorted(bars) == bars
    assert len(set(bars)) > 10
    assert len({lines for _, lines, _ in seen}) > 5
    gauges = " ".join(gauge for _, _, gauge in seen)
    assert "tokens/s" in gauges
    assert "layer 3 of " in gauges
    log = log_of(visitor.stack, generation)
    assert_hatched(log)
    shown = await events_shown(page)
    assert [event.sequence for event in log] == [int(event["sequence"]) for event in shown]
    name = next(e.step_completed.persona.name for e in log if e.step_completed.persona.name)
    await expect(page.get_by_role("heading", level=1)).to_have_text(name)
    await page.get_by_role("link", name="Meet your companion").click()
    await expect(page.get_by_role("img", name=f"Portrait of {name}")).to_be_visible()


async def test_reloading_in_the_middle_shows_the_same_truth(visitor: Visitor) -> None:
    """What was written is there again at once, and it goes on from there; also after the end."""
    page = await visitor.open()
    generation = await visitor.hatch(page, "a robot gardener who whispers to tomatoes")
    await expect(page.locator(".persona-traits dd")).not_to_be_empty()
    name = await page.locator(".persona-name dd").inner_text()
    await page.reload()
    await expect(page.locator(".persona-name dd")).to_have_text(name)
    await hatched(page)
    await page.reload()
    await hatched(page)
    shown = await events_shown(page)
    log = log_of(visitor.stack, generation)
    assert_hatched(log)
    assert [event.sequence for event in log] == [int(event["sequence"]) for event in shown]


async def test_two_tabs_show_one_stream(visitor: Visitor) -> None:
    """A second tab sees what the first sees, the first page lists it; none has its own stream."""
    streams = list[str]()
    visitor.context.on("request", lambda request: streams.append(request.url))
    page = await visitor.open()
    generation = await visitor.hatch(page, "an owl who keeps the time")
    other, first_page = await visitor.open(f"/{generation}"), await visitor.open("/")
    await expect(first_page.locator(".card-under-way")).to_contain_text("an owl who keeps the time")
    for tab in (page, other):
        await hatched(tab)
    await expect(first_page.locator(".card-under-way")).to_contain_text("Hatched!")
    assert await page.locator("h1").inner_text() == await other.locator("h1").inner_text()
    watched = [url for url in streams if "Watch" in url]
    assert [] == watched, "a tab opened a stream of its own"


async def test_stopping_and_trying_again(visitor: Visitor) -> None:
    """It stops within any step, says so, and goes on as a new generation from what is kept."""
    page = await visitor.open()
    generation = await visitor.hatch(page, "a ghost who is afraid of the dark")
    await expect(page.locator(".persona-name dd")).not_to_be_empty()
    await page.get_by_role("button", name="Stop").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Stopped")
    assert "cancelled" == kinds(log_of(visitor.stack, generation))[-1]
    await page.get_by_role("button", name="Try again").click()
    await page.wait_for_url(lambda url: "/generations/" in url and generation not in url)
    await expect(page.locator(".portrait-sketch img")).to_be_visible()
    await page.get_by_role("button", name="Stop").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Stopped")
    await expect(page.locator(".persona-name dd")).not_to_be_empty()
    await expect(page.locator(".egg-chick")).to_have_count(0)
    await page.get_by_role("button", name="Try again from here").click()
    await hatched(page)
    again = assert_story(log_of(visitor.stack, page.url.removeprefix(f"{visitor.address}/")))
    kept = {e.step for e in again if e.step_completed.reused}
    assert ({"persona"}, "completed") == (kept, kinds(again)[-1])


async def test_without_a_shared_worker_a_tab_watches_by_itself(visitor: Visitor) -> None:
    """As on browsers that have none."""
    await visitor.context.add_init_script("delete window.SharedWorker")
    streams = list[str]()
    visitor.context.on("request", lambda request: streams.append(request.url))
    page = await visitor.open()
    generation = await visitor.hatch(page, "a tortoise who collects clouds")
    await expect(page.locator(".persona-name dd")).not_to_be_empty()
    await page.reload()
    await expect(page.locator(".persona-traits dd")).not_to_be_empty()
    await page.get_by_role("button", name="Stop").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Stopped")
    assert_story(log_of(visitor.stack, generation))
    assert any(url.endswith("/WatchGenerations") for url in streams)


async def test_pausing_and_going_on(visitor: Visitor) -> None:
    """Paused, nothing moves; going on, it hatches."""
    page = await visitor.open()
    generation = await visitor.hatch(page, "a fox who sells weather from a cart")
    await expect(page.locator(".persona-name dd")).not_to_be_empty()
    await page.get_by_role("button", name="Pause").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Paused")
    await page.get_by_role("button", name="Go on").click()
    await hatched(page)
    told = kinds(log_of(visitor.stack, generation))
    assert (1, 1) == (told.count("paused"), told.count("resumed"))
