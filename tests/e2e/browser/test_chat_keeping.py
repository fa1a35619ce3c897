"""What a chat keeps: conversations, memories, portraits, and what it is allowed to do."""

import re

import pytest
from playwright.async_api import expect

from tests.e2e.browser.chatting import answered, begin, say, unfold
from tests.e2e.browser.conftest import PATIENCE, Visitor
from tests.e2e.browser.mind import Mind

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(300)]
expect.set_options(timeout=PATIENCE)


async def test_memories_are_found_and_forgotten(guest: Visitor, agent: str, mind: Mind) -> None:
    """What an exchange leaves behind is listed, found by what it says, and gone once forgotten."""
    mind.memories = ["They have a cat called Bismarck.", "They play the cello."]
    page = await begin(guest, agent, "I have a cat called Bismarck, and I play the cello.")
    await answered(page)
    await page.get_by_text("What it remembers").click()
    cat = page.locator(".memory", has_text="Bismarck")
    await expect(cat).to_be_visible()
    await page.get_by_label("Search its memories").fill("cello")
    await expect(cat).to_have_count(0)
    await expect(page.locator(".memory", has_text="cello")).to_be_visible()
    await page.get_by_label("Search its memories").fill("")
    await cat.get_by_role("button", name="Forget").click()
    await expect(cat.get_by_role("button", name="Keep it")).to_be_focused()
    await cat.get_by_role("button", name="Forget it").click()
    await expect(cat).to_have_count(0)
    mind.memories = []
    await say(page, "Do you remember my cello?")
    await answered(page)
    thinking = await unfold(page)
    await expect(thinking.get_by_role("list", name="Memories that matter")).to_contain_text("cello")
    await expect(thinking).not_to_contain_text("Bismarck")


async def test_what_is_not_allowed_is_not_done(guest: Visitor, agent: str, mind: Mind) -> None:
    """What may be done is chosen once, remembered over a reload, and holds against any plan."""
    page = await guest.open(f"/{agent}/chat/new")
    await page.get_by_text("How it answers").click()
    await page.get_by_label("Have a new portrait drawn").uncheck()
    await page.reload()
    await expect(page.get_by_text("allowed: recall, remember, change")).to_be_visible()
    mind.intent, mind.acts = "request", [("portrait", {"style": "with a hat"})]
    await say(page, "Draw yourself with a hat.")
    await page.wait_for_url("**/conversations/*")
    await answered(page)
    await expect(page.get_by_text("A new portrait is being drawn")).to_have_count(0)
    await expect(page.get_by_role("list", name="What it did")).to_have_count(0)


async def test_a_new_portrait_is_followed(guest: Visitor, agent: str, mind: Mind) -> None:
    """It is drawn beside the chat that asked for it, and then takes the old one's place."""
    mind.intent, mind.acts = "request", [("portrait", {"style": "with a hat"})]
    page = await guest.open(f"/{agent}/chat/new")
    portrait = page.locator(".companion .portrait img")
    old = await portrait.get_attribute("src")
    await say(page, "Draw yourself with a hat.")
    await expect(page.get_by_text("A new portrait is being drawn.")).to_be_visible()
    await expect(page.get_by_role("progressbar")).to_be_visible()
    await answered(page)
    await expect(page.get_by_text("A new portrait is being drawn.")).to_have_count(0)
    await expect(portrait).not_to_have_attribute("src", old or "")
    await page.get_by_role("list", name="What it did").get_by_role("link").click()
    await expect(page.locator(".portrait img")).to_be_visible()


async def test_a_conversation_is_named_corrected_and_deleted(
    guest: Visitor, agent: str, mind: Mind
) -> None:
    """Its title changes wherever it stands; deleting it asks first, and says what goes with it."""
    page = await begin(guest, agent, "A talk about nothing much")
    await answered(page)
    await page.get_by_role("button", name="Rename").click()
    await page.get_by_label("What to call it").fill("Nothing much")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Nothing much")
    shelf = page.get_by_role("navigation", name="Conversations")
    await expect(shelf.get_by_role("link", name=re.compile("Nothing much"))).to_be_visible()
    address = page.url
    await page.get_by_role("button", name="Delete").click()
    await expect(page.get_by_text("Its 2 messages, what it made your companion")).to_be_visible()
    await page.get_by_role("button", name="Delete for good").click()
    await expect(page.get_by_text("The conversation is gone.")).to_be_visible()
    await expect(shelf.get_by_role("link", name=re.compile("Nothing much"))).to_have_count(0)
    await page.goto(address)
    await expect(page.get_by_text("There is no such conversation.")).to_be_visible()


async def test_a_long_conversation_brings_earlier_messages_in(
    guest: Visitor, agent: str, mind: Mind
) -> None:
    """It opens at its end, its summary can be corrected, and what is earlier is brought in."""
    mind.reply, mind.pen.beat = "I see.", 0.0
    page = await begin(guest, agent, "message 0")
    for number in range(1, 24):
        await say(page, f"message {number}")
    await answered(page)
    await page.reload()
    await answered(page)
    assert await page.evaluate("innerHeight + scrollY + 9 > document.body.scrollHeight")
    summary = page.get_by_text("What was said before, in short")
    await summary.click()
    await page.get_by_role("button", name="Correct it").click()
    await page.get_by_label("The summary").fill("They counted messages.")
    await page.get_by_role("button", name="Save").click()
    await expect(page.locator(".summary-text")).to_have_text("They counted messages.")
    said = page.locator(".bubble-mine")
    await expect(said.get_by_text("message 23", exact=True)).to_be_visible()
    await expect(said.get_by_text("message 0", exact=True)).to_have_count(0)
    await page.get_by_role("button", name="Earlier messages").click()
    await expect(said.get_by_text("message 0", exact=True)).to_have_count(1)
    await expect(page.locator(".turn .bubble-mine")).to_have_count(24)
