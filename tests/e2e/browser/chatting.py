"""How a test talks with a companion in a browser, and waits for what it says."""

import re

from playwright.async_api import Locator, Page, expect

from tests.e2e.browser.conftest import Visitor

TEA = "Let us have tea, then: I shall put the kettle on, and you choose the cups."


async def say(page: Page, text: str) -> None:
    """Says something, by the key that sends."""
    await page.get_by_role("textbox", name=re.compile("^Say something")).fill(text)
    await page.keyboard.press("Enter")


async def begin(visitor: Visitor, agent: str, text: str) -> Page:
    """Begins a conversation; returns the page when it has a name."""
    page = await visitor.open(f"/{agent}/chat/new")
    await say(page, text)
    await page.wait_for_url("**/conversations/*")
    return page


def replies(page: Page) -> Locator:
    """What the companion has said, its greeting left out."""
    return page.locator(".turn[id] .bubble:not(.bubble-mine)")


async def answered(page: Page) -> None:
    """Waits until the latest message is answered, and nothing is under way."""
    await expect(page.get_by_role("button", name="Another answer")).to_be_visible()


async def generation_of(page: Page) -> str:
    """The run that the open thinking tells of."""
    link = page.get_by_role("link", name="All of it, behind the curtain").last
    return (await link.get_attribute("href") or "").removeprefix("/")


async def unfold(page: Page) -> Locator:
    """Opens the latest thinking, if it is not; returns it."""
    thinking = page.locator(".thinking").last
    line = thinking.get_by_role("button").first
    if await line.get_attribute("aria-expanded") == "false":
        await line.click()
    return thinking
