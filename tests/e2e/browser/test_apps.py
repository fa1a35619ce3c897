"""Apps in a browser: seen while they are written, used when they are done, and shut in."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from tests.e2e.browser.conftest import PATIENCE, visiting
from tests.e2e.browser.pen import Pen, desk, pen
from tests.e2e.browser.test_hatching import log_of
from tests.e2e.browser.ways_out import LEAVING, STAYING, counting, open_house
from tests.e2e.browser.writing import ask, written
from tests.e2e.conftest import Stack
from tests.support.chromium import find_chromium
from tests.support.oracle import assert_story, kinds
from tests.support.require import require

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(300)]
expect.set_options(timeout=PATIENCE)

_COUNTER = """\
Here is a counter.

```html
<!DOCTYPE html>
<html lang="en">
<head><title>A counter</title></head>
<body>
<h1>Counting sheep</h1>
<p>So far: <output id="so-far">0</output></p>
<button id="one">One more</button>
<script>
document.getElementById("one").onclick = () => {
  const kept = Number(localStorage.getItem("sheep")) + 1;
  localStorage.setItem("sheep", kept);
  document.getElementById("so-far").textContent = kept;
};
</script>
</body>
</html>
```

It counts sheep."""
# What a page of another origin must not get at.
_PRYING = """
<pre id="told"></pre>
<script>
  const pried = {};
  const pry = (name, what) => {
    try { pried[name] = String(what()); } catch (error) { pried[name] = error.name; }
  };
  pry("parent", () => parent.document.title);
  pry("top", () => top.location.href);
  pry("cookie", () => document.cookie);
  pry("storage", () => localStorage.getItem("secret"));
  pry("database", () => indexedDB.open("x"));
  pry("origin", () => origin);
  document.getElementById("told").textContent = JSON.stringify(pried);
</script>"""
# What a checker that reads an app's words does not see.
_DISGUISED = """
<script>
  const ask = window["fe" + "tch"];
  ask("{http}/").catch(() => 0);
  const picture = new Image();
  picture["sr" + "c"] = "{http}/";
  document.body.append(picture);
  navigator["send" + "Beacon"]("{http}/", "x");
  document.getElementById("said").textContent = "ran to its end";
</script>"""
# Long enough for what comes over loopback to come, in seconds.
_A_WHILE = 1.5


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


@pytest_asyncio.fixture(loop_scope="module")
async def somebody(tmp_path: Path) -> AsyncIterator[BrowserContext]:
    """A browser as people have it: one of a test makes no connection before it is asked to."""
    program = find_chromium()
    require(program is not None, "no Chromium is installed: apt-get install chromium")
    async with async_playwright() as playwright:
        context = await playwright.chromium.launch_persistent_context(
            tmp_path,
            executable_path=program,
            # It finds nobody but this machine.
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
            ],
            ignore_default_args=["--disable-background-networking"],
        )
        try:
            yield context
        finally:
            await context.close()


async def open_workbench(context: BrowserContext, house: Stack) -> Page:
    """A new tab at the workbench, where an app is asked for."""
    page = await context.new_page()
    page.set_default_timeout(PATIENCE)
    await page.goto(f"http://{house.envoy}/workbench")
    await page.get_by_text("An app on one page").click()
    return page


def app(body: str) -> str:
    """An app with this in it."""
    return f"<!DOCTYPE html>\n<html><head><title>x</title></head><body>{body}\n<p id=said>said</p>"


async def test_an_app_is_seen_while_it_is_written_and_then_used(
    house: Stack, quill: Pen, chromium: Browser
) -> None:
    """Its page loads as slowly as it is written, without the talk; done, its button counts."""
    quill.write(_COUNTER, halt=18)
    async with visiting(chromium, house) as visitor:
        page = await visitor.open("/workbench")
        await page.get_by_text("An app on one page").click()
        generation = await ask(page, "a counter")
        preview = page.frame_locator("iframe[title='The app as it is being written']")
        await expect(preview.get_by_role("heading", name="Counting sheep")).to_be_visible()
        await expect(preview.locator("body")).not_to_contain_text("Here is a counter")
        await expect(preview.get_by_role("button")).to_have_count(0)
        await page.get_by_role("button", name="Source").click()
        await expect(page.get_by_role("region", name="The source")).to_contain_text("```html")
        await page.get_by_role("button", name="Preview").click()
        quill.go_on()
        await written(page)
        await expect(page.get_by_role("heading", level=1, name="A counter")).to_be_visible()
        await page.get_by_role("link", name="Open it").click()
        done = page.frame_locator("iframe[title='The app']")
        await done.get_by_role("button", name="One more").click(click_count=2)
        await expect(done.locator("#so-far")).to_have_text("2")
        await expect(done.locator("body")).not_to_contain_text("It counts sheep.")
        await page.get_by_role("button", name="Source").click()
        source = page.get_by_role("region", name="The source")
        await expect(source).to_contain_text("Content-Security-Policy")
        assert "completed" == kinds(assert_story(log_of(house, generation)))[-1]


async def test_a_model_that_cannot_write_apps_says_so(
    house: Stack, quill: Pen, chromium: Browser
) -> None:
    """It fails for a reason, and what it said instead can be read."""
    quill.write("I am only a small model, and know no HTML.", beat=0.0)
    async with visiting(chromium, house) as visitor:
        page = await visitor.open("/workbench")
        await page.get_by_text("An app on one page").click()
        await ask(page, "a counter")
        problem = page.get_by_role("alert")
        await expect(problem).to_contain_text("The model wrote something that cannot be used.")
        await expect(problem).to_contain_text("The model wrote no HTML document.")
        source = page.get_by_role("region", name="The source")
        await expect(source).to_contain_text("I am only a small model")


async def test_each_way_out_is_one(somebody: BrowserContext) -> None:
    """On a page that nothing shuts in, each of them reaches the server: what is tried is real."""
    async with counting() as server:
        ways = {name: server.filled(html) for name, html in (STAYING | LEAVING).items()}
        async with open_house(
            {name.replace(" ", "-"): html for name, html in ways.items()}
        ) as site:
            reached = {}
            for name in ways:
                server.came.clear()
                page = await somebody.new_page()
                await page.goto(f"{site}/{name.replace(' ', '-')}", wait_until="commit")
                for _ in range(1200):  # a minute
                    if server.came:
                        break
                    await asyncio.sleep(0.05)
                reached[name] = bool(server.came)
                # A page that is just leaving may never say that it is closed.
                with suppress(TimeoutError):
                    await asyncio.wait_for(page.close(), 5)
    assert dict.fromkeys(ways, True) == reached


async def test_an_app_that_is_written_reaches_nobody(
    house: Stack, quill: Pen, somebody: BrowserContext
) -> None:
    """Whatever it tries, unchecked as the model says it, and whether it stays or leaves."""
    documents = {"all that stays": "".join(STAYING.values()), **LEAVING}
    async with counting() as server:
        for name, body in documents.items():
            html = app(server.filled(body))
            quill.write(f"{html} and more of it", beat=0.0)
            # The page is there, and the end of it never comes while it is looked at.
            quill.halt = len(quill.double.lines) - 3
            page = await open_workbench(somebody, house)
            await ask(page, f"an app: {name}")
            frame = page.locator("iframe")
            await expect(frame).to_be_visible()
            if name in ("all that stays", "form", "top"):
                await expect(page.frame_locator("iframe").locator("#said")).to_be_visible()
            await asyncio.sleep(_A_WHILE)
            assert [] == server.came, name
            assert page.url.startswith(f"http://{house.envoy}/generations/"), name
            assert len(somebody.pages) <= len(documents) + 2, "it has opened a window"
            quill.go_on()
            await page.close()


async def test_a_finished_app_reaches_nobody(
    house: Stack, quill: Pen, somebody: BrowserContext
) -> None:
    """One that disguises what it asks for passes the checks, runs, and is alone all the same."""
    async with counting() as server:
        html = app("").replace("</p>", "</p>" + server.filled(_DISGUISED)) + "</body></html>"
        quill.write(html, beat=0.0)
        page = await open_workbench(somebody, house)
        await ask(page, "an app that would like to call home")
        await written(page)
        await page.get_by_role("link", name="Open it").click()
        done = page.frame_locator("iframe[title='The app']")
        await expect(done.locator("#said")).to_have_text("ran to its end")
        await asyncio.sleep(_A_WHILE)
        assert [] == server.came


async def test_an_app_sees_nothing_of_the_page(
    house: Stack, quill: Pen, somebody: BrowserContext
) -> None:
    """Neither the page around it, nor its cookies and storage; nor may it lead the page away."""
    quill.write(f"{app(_PRYING)} and more", beat=0.0)
    quill.halt = len(quill.double.lines) - 2
    page = await open_workbench(somebody, house)
    await page.evaluate("document.cookie = 'secret=1'; localStorage.setItem('secret', '1')")
    await ask(page, "an app that pries")
    told = page.frame_locator("iframe").locator("#told")
    await expect(told).to_have_text(re.compile("^{"))
    pried: dict[str, Any] = json.loads(await told.inner_text())
    assert {
        "parent": "SecurityError",
        "top": "SecurityError",
        "cookie": "SecurityError",
        "storage": "SecurityError",
        "database": "SecurityError",
        "origin": "null",
    } == pried
    quill.go_on()


async def test_what_a_page_says_to_the_frame_from_elsewhere_is_not_heard(
    house: Stack, chromium: Browser
) -> None:
    """The frame's page takes a document from the page that holds it, and from nobody else."""
    async with visiting(chromium, house) as visitor:
        page = await visitor.open("/workbench")
        await page.evaluate(_TWO_FRAMES)
        first, second = page.frames[1], page.frames[2]
        say = "parent.frames[1].postMessage({ html: '<p>foreign', whole: true }, '*')"
        await first.evaluate(say)
        await asyncio.sleep(0.3)
        assert "" == (await second.evaluate("document.body.innerText")).strip()
        await page.evaluate(say.replace("parent.", "").replace("foreign", "own"))
        await expect(page.frame_locator("iframe >> nth=1").get_by_text("own")).to_be_visible()


_TWO_FRAMES = """
async () => {
  for (const _ of [1, 2]) {
    const frame = document.createElement("iframe");
    frame.sandbox = "allow-scripts";
    frame.src = "/sandbox.html";
    const loaded = new Promise((resolve) => { frame.onload = resolve; });
    document.body.append(frame);
    await loaded;
  }
}
"""
