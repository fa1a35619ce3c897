"""A chat in a browser: stop, another answer, queues, reloads, two tabs."""

import re

import pytest
from playwright.async_api import expect

from tests.e2e.browser.chatting import TEA, answered, begin, generation_of, replies, say, unfold
from tests.e2e.browser.conftest import PATIENCE, Visitor
from tests.e2e.browser.mind import Mind
from tests.e2e.browser.test_hatching import log_of
from tests.e2e.browser.test_outages import frozen
from tests.support.oracle import assert_story

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(300)]
expect.set_options(timeout=PATIENCE)


async def test_what_is_written_while_a_conversation_begins_belongs_to_it(
    guest: Visitor, agent: str, mind: Mind
) -> None:
    """A second message at once is one of the same conversation, and a draft stays where it is."""
    page = await guest.open(f"/{agent}/chat/new")
    await say(page, "first")
    await say(page, "second")
    box = page.get_by_role("textbox", name=re.compile("^Say something"))
    await page.keyboard.type("and a third")
    await page.wait_for_url("**/conversations/*")
    await answered(page)
    await expect(replies(page)).to_have_count(2)
    assert ["first", "second"] == await page.locator(".bubble-mine p").all_inner_texts()
    await expect(box).to_have_value("and a third")
    await expect(box).to_be_focused()
    await page.get_by_role("link", name="New conversation").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Talk with")
    await expect(page.locator(".turn .bubble-mine")).to_have_count(0)
    await expect(box).to_have_value("")


async def test_who_stops_it_keeps_what_was_said(guest: Visitor, agent: str, mind: Mind) -> None:
    """The half-written reply stays, also over a reload; trying again answers in its place."""
    mind.reply = TEA
    mind.pen.hold(7)
    page = await begin(guest, agent, "Shall we have tea?")
    await expect(replies(page).last).to_contain_text("then: I shall")
    await page.get_by_role("button", name="Stop", exact=True).click()
    await expect(page.get_by_text("It was stopped.", exact=True)).to_be_visible()
    half = await replies(page).last.locator("p").inner_text()
    assert TEA.startswith(half)
    assert half
    await page.reload()
    await expect(page.get_by_text("It was stopped.", exact=True)).to_be_visible()
    assert half == await replies(page).last.locator("p").inner_text()
    mind.pen.hold(None)
    mind.pen.go_on()
    await page.get_by_role("button", name="Try again").click()
    await answered(page)
    await expect(replies(page)).to_have_count(1)
    await expect(replies(page).last.locator("p")).to_have_text(TEA)


async def test_another_answer_takes_the_place_of_the_first(
    guest: Visitor, agent: str, mind: Mind
) -> None:
    """It begins where answering does: what was thought before is kept, and says so."""
    mind.reply = "I would rather read."
    page = await begin(guest, agent, "What shall we do?")
    await answered(page)
    mind.reply = "Let us go out into the rain."
    await page.get_by_role("button", name="Another answer").click()
    await expect(replies(page).last.locator("p")).to_have_text("Let us go out into the rain.")
    await answered(page)
    await expect(replies(page)).to_have_count(1)
    thinking = await unfold(page)
    await expect(thinking.get_by_text("kept from the try before")).to_have_count(5)
    log = assert_story(log_of(guest.stack, await generation_of(page)))
    reused = [event.step for event in log if event.step_completed.reused]
    assert ["start", "context", "analyzing", "planning", "validation"] == reused


async def test_several_messages_are_answered_in_their_order(
    guest: Visitor, agent: str, mind: Mind
) -> None:
    """Those that wait say so; one can be left unanswered, and the others still are answered."""
    mind.reply = "One after the other, please."
    mind.pen.hold(3)
    page = await begin(guest, agent, "first")
    for text in ("second", "third", "fourth"):
        await say(page, text)
    await expect(page.get_by_text("In line: answered after the one before it")).to_be_visible()
    await expect(page.get_by_text("In line: 2 are answered before it")).to_be_visible()
    await expect(page.get_by_text("In line: 3 are answered before it")).to_be_visible()
    third = page.locator(".turn", has=page.get_by_text("third", exact=True))
    await third.get_by_role("button", name="Leave it unanswered").click()
    await expect(third).to_contain_text("It was stopped before it said anything.")
    mind.pen.hold(None)
    mind.pen.go_on()
    await answered(page)
    said = await page.locator(".bubble-mine p").all_inner_texts()
    assert ["first", "second", "third", "fourth"] == said
    await expect(replies(page)).to_have_count(3)


async def test_a_reload_in_the_middle_comes_back_to_where_it_was(
    guest: Visitor, agent: str, mind: Mind
) -> None:
    """Nothing said is lost or said twice, the reply goes on, and a draft is still there."""
    mind.reply = TEA
    mind.pen.hold(7)
    page = await begin(guest, agent, "Shall we have tea?")
    await expect(replies(page).last).to_contain_text("I shall")
    await page.get_by_role("textbox", name=re.compile("^Say something")).fill("And cake")
    before = await replies(page).last.locator("p").inner_text()
    await page.reload()
    await expect(replies(page).last.locator("p")).to_have_text(before)
    await expect(page.locator(".step")).to_have_count(8)
    box = page.get_by_role("textbox", name=re.compile("^Say something"))
    await expect(box).to_have_value("And cake")
    mind.pen.go_on()
    await answered(page)
    await expect(replies(page).last.locator("p")).to_have_text(TEA)
    await expect(page.locator(".bubble-mine")).to_have_count(1)


async def test_much_to_say_has_room(guest: Visitor, agent: str, mind: Mind) -> None:
    """A long word is broken, and who says a lot at once sees the reply all the same."""
    page = await begin(guest, agent, "Hello!")
    await answered(page)
    box = page.get_by_role("textbox", name=re.compile("^Say something"))
    await box.fill("https://example.org/" + "lighthouse" * 40)
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await say(page, "hello there sea " * 120)
    await answered(page)
    await expect(replies(page)).to_have_count(2)
    await expect(replies(page).last).to_be_in_viewport()
    await expect(page.get_by_role("button", name="To the latest")).to_have_count(0)


async def test_what_is_on_its_way_arrives_once(guest: Visitor, agent: str, mind: Mind) -> None:
    """A message that nobody has taken yet is sent again after a reload, and is one message."""
    page = await begin(guest, agent, "Are you there?")
    await answered(page)
    async with frozen(guest.stack, "gateway"):
        await say(page, "And now?")
        await expect(page.get_by_text("sending …")).to_be_visible()
        await page.reload()
    await answered(page)
    await expect(page.locator(".bubble-mine")).to_have_count(2)
    await expect(replies(page)).to_have_count(2)


async def test_two_tabs_show_the_same(guest: Visitor, agent: str, mind: Mind) -> None:
    """What is said in one is seen in the other as it happens, over one stream that both share."""
    asked = list[str]()
    guest.context.on("request", lambda request: asked.append(request.url))
    mind.reply = "Here I am."
    page = await begin(guest, agent, "Are you there?")
    await answered(page)
    other = await guest.open("/" + "/".join(page.url.split("/")[-2:]))
    await expect(replies(other)).to_have_count(1)
    mind.reply = TEA
    mind.pen.hold(7)
    await say(page, "Shall we have tea?")
    for tab in (other, page):
        await expect(replies(tab).last.locator("p")).to_have_text("Let us have tea, then: I shall")
    await other.get_by_role("button", name="Stop", exact=True).click()
    for tab in (page, other):
        await expect(tab.get_by_text("It was stopped.", exact=True)).to_be_visible()
    assert [] == [url for url in asked if "Watch" in url], "a tab opened a stream of its own"


async def test_text_is_never_markup(guest: Visitor, agent: str, mind: Mind) -> None:
    """What a person, a model and a memory say is shown as it was said, and runs nothing."""
    hostile = "<img src=x onerror=\"document.title='taken'\"><script>alert(1)</script> **bold**"
    mind.reply, mind.request = f"You said: {hostile}", hostile
    mind.memories = [f"They said {hostile}"]
    page = await begin(guest, agent, hostile)
    await answered(page)
    await expect(page.locator(".bubble-mine p")).to_have_text(hostile)
    await expect(replies(page).last.locator("p")).to_have_text(f"You said: {hostile}")
    await unfold(page)
    await page.get_by_text("What it remembers").click()
    await expect(page.locator(".memory", has_text="They said <img")).to_be_visible()
    assert 0 == await page.locator("main img[src=x]").count()
    assert 0 == await page.locator("main script").count()
    assert "taken" != await page.title()
