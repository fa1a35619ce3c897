"""What is seen in a chat of a companion's thinking: its steps, and how plain an answer is."""

import asyncio
import re
from itertools import pairwise

import pytest
from playwright.async_api import Route, expect

from tests.e2e.browser.chatting import TEA, answered, begin, generation_of, replies, say, unfold
from tests.e2e.browser.conftest import PATIENCE, Visitor, hatch
from tests.e2e.browser.mind import PERSONA, Mind
from tests.e2e.browser.test_hatching import log_of
from tests.support.oracle import assert_story, kinds

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(300)]
expect.set_options(timeout=PATIENCE)

_STEPS = [
    "Taking your message in",
    "Remembering what was said",
    "Understanding what you want",
    "Planning",
    "Looking the plan over",
    "Answering",
    "Keeping what matters",
    "Done",
]
# What the reply said with each frame.
_WATCH = """
() => {
  window.said = [];
  const look = () => {
    const bubble = document.querySelector(".turn:last-child .bubble:not(.bubble-mine) p");
    if (bubble && window.said.at(-1) !== bubble.textContent) window.said.push(bubble.textContent);
    requestAnimationFrame(look);
  };
  look();
}
"""


async def test_a_companion_thinks_before_ones_eyes(guest: Visitor, agent: str, mind: Mind) -> None:
    """The eight steps with what came of each; the reply word by word; then all of it in a line."""
    mind.reply, mind.intent, mind.request = TEA, "request", "have tea together"
    mind.pen.beat = 0.08
    mind.acts = [("remember", {"text": "They like smoky tea."}), ("change", {"field": "wings"})]
    mind.reasons = {"remember": "they asked for it"}
    mind.pen.hold(11)
    page = await begin(guest, agent, "Let us have tea. Remember that I like the smoky kind.")
    await page.evaluate(_WATCH)
    await expect(replies(page).last).to_contain_text("kettle")
    thinking = page.locator(".thinking").last
    titles = await thinking.locator(".step-head strong").all_inner_texts()
    assert _STEPS == titles
    told = await thinking.inner_text()
    for words in (
        "You want something done: have tea together",
        "they asked for it",
        "“They like smoky tea.”",
        "cannot be done",
        "remembered: They like smoky tea.",
    ):
        assert words in told, words
    await expect(page.get_by_role("button", name="Stop", exact=True)).to_be_visible()
    generation = await generation_of(page)
    mind.pen.go_on()
    await answered(page)
    await expect(thinking.locator(".step")).to_have_count(0)
    await expect(thinking.get_by_role("button").first).to_contain_text("Answered in")
    said = [text for text in await page.evaluate("window.said") if TEA.startswith(text.strip())]
    assert len(set(said)) > 8
    for earlier, later in pairwise(said):
        assert later.startswith(earlier)
    await expect(replies(page).last.locator("p")).to_have_text(TEA)
    await expect(replies(page).last).to_contain_text("remembered: They like smoky tea.")
    log = assert_story(log_of(guest.stack, generation))
    assert "completed" == kinds(log)[-1]
    begun = [event.step_started.title for event in log if event.HasField("step_started")]
    assert _STEPS == begun


async def test_thinking_is_seen_before_its_message_is_read_back(
    guest: Visitor, agent: str, mind: Mind
) -> None:
    """Also where a conversation begins; once it is read, it is the same row, as it was left."""
    mind.reply = TEA
    mind.pen.hold(7)
    answers = asyncio.Event()

    async def hold(route: Route) -> None:
        await answers.wait()
        await route.continue_()

    page = await guest.open(f"/{agent}/chat/new")
    await page.route(re.compile("ConversationService/(ListMessages|GetConversation)$"), hold)
    for turn, text in enumerate(("Shall we have tea?", "And cake?")):
        answers.clear()
        await say(page, text)
        row = page.locator(".turn", has=page.get_by_text(text, exact=True))
        await expect(row.locator(".step-running")).to_contain_text("Answering")
        assert _STEPS == await row.locator(".step-head strong").all_inner_texts()
        await expect(row.locator(".bubble").last).to_contain_text("I shall")
        await row.evaluate("row => { window.row = row; }")
        line = row.locator(".thinking").get_by_role("button").first
        await line.click()
        await page.evaluate("scrollTo(0, 0)")
        async with page.expect_response("**/ListMessages") as read:
            answers.set()
        await (await read.value).finished()
        await expect(page.get_by_role("button", name="Rename")).to_be_visible()
        await expect(row).to_have_id(f"message-{2 * turn + 1}")
        assert await row.evaluate("row => row === window.row")
        await expect(line).to_be_focused()
        await expect(line).to_have_attribute("aria-expanded", "false")
        assert 0 == await page.evaluate("scrollY")
        mind.pen.go_on()
        await answered(page)
        assert await row.evaluate("row => row === window.row")
        await expect(line).to_be_focused()
        await expect(page.locator(".bubble-mine")).to_have_count(turn + 1)
        mind.pen.hold(7)


async def test_a_plan_that_does_not_hold_falls_back_and_says_so(
    guest: Visitor, agent: str, mind: Mind
) -> None:
    """A plain answer is an answer; why it is plain stands with the step."""
    mind.acts = [("recall", {"query": "tea"})]
    mind.broken = {"actions": "{"}
    mind.reply = "I cannot say, but I am here."
    page = await begin(guest, agent, "What do you know of tea?")
    await answered(page)
    await expect(replies(page).last.locator("p")).to_have_text("I cannot say, but I am here.")
    thinking = await unfold(page)
    await expect(thinking).to_contain_text("It answers plainly, without a plan of its own.")


async def test_a_small_model_answers_plainly_and_says_so(visitor: Visitor) -> None:
    """The model that comes along cannot plan: each step that it is too small for says that."""
    agent = await hatch(visitor)
    page = await begin(visitor, agent, "Hello! My name is Ida, and I like smoky tea.")
    await answered(page)
    await expect(replies(page).last.locator("p").first).to_contain_text(re.compile(r"\w{3}"))
    thinking = await unfold(page)
    await expect(thinking.get_by_role("button").first).to_contain_text("a plain answer")
    for words in (
        "by simple rules",
        "is too small",
        "without a plan of its own",
        "Rules, as above",
    ):
        await expect(thinking).to_contain_text(words)
    await page.get_by_text("What it remembers").click()
    await expect(page.locator(".memory").first).to_contain_text("smoky tea")
    assert_story(log_of(visitor.stack, await generation_of(page)))


async def test_a_keyboard_and_ears_are_enough(guest: Visitor, agent: str, mind: Mind) -> None:
    """A line break does not send; each step is said once, and the reply once it is whole."""
    mind.reply = TEA
    mind.pen.hold(5)
    page = await guest.open(f"/{agent}/chat/new")
    box = page.get_by_role("textbox", name=re.compile("^Say something"))
    await expect(box).to_be_focused()
    await page.keyboard.type("Two lines:")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("this is the other")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/conversations/*")
    await expect(page.locator(".bubble-mine p")).to_have_text("Two lines:\nthis is the other")
    heard = page.locator("p.hidden[role=status]")
    await expect(heard).to_have_text("Step 6 of 8: Answering")
    mind.pen.go_on()
    await expect(heard).to_have_text(f"{PERSONA['name']}: {TEA}")
