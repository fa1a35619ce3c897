"""A chat in a browser: thinking that shows, stop, another answer, queues, reloads, two tabs."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from itertools import pairwise

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, Route, expect

from tests.e2e.browser.conftest import PATIENCE, Visitor, visiting
from tests.e2e.browser.mind import PERSONA, Mind
from tests.e2e.browser.pen import desk, pen
from tests.e2e.browser.test_hatching import log_of
from tests.e2e.browser.test_outages import frozen
from tests.e2e.conftest import Stack
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
_TEA = "Let us have tea, then: I shall put the kettle on, and you choose the cups."
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


@pytest.fixture(scope="module")
def mind() -> Iterator[Mind]:
    """A model that plans, and says what a test wants."""
    with pen() as holding:
        yield Mind(holding)


@pytest.fixture(scope="module")
def house(mind: Mind, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The stack that it thinks for."""
    with desk(mind.pen, tmp_path_factory.mktemp("desk"), budget="") as stack:
        yield stack


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def agent(chromium: Browser, house: Stack, mind: Mind) -> str:
    """A companion that has hatched there."""
    async with visiting(chromium, house) as visitor:
        return await hatch(visitor)


@pytest_asyncio.fixture(loop_scope="module")
async def guest(chromium: Browser, house: Stack, mind: Mind) -> AsyncIterator[Visitor]:
    """Somebody who talks with it; whatever it thought before is forgotten."""
    mind.forget()
    async with visiting(chromium, house) as somebody:
        yield somebody
    mind.pen.go_on()


async def hatch(visitor: Visitor) -> str:
    """Hatches a companion; returns its name."""
    page = await visitor.open()
    await visitor.hatch(page, "a shy water dragon who loves books")
    await page.get_by_role("link", name="Meet your companion").click()
    await page.wait_for_url("**/agents/*")
    return "/".join(page.url.split("/")[-2:])


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


async def test_a_companion_thinks_before_ones_eyes(guest: Visitor, agent: str, mind: Mind) -> None:
    """The eight steps with what came of each; the reply word by word; then all of it in a line."""
    mind.reply, mind.intent, mind.request = _TEA, "request", "have tea together"
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
    said = [text for text in await page.evaluate("window.said") if _TEA.startswith(text.strip())]
    assert len(set(said)) > 8
    for earlier, later in pairwise(said):
        assert later.startswith(earlier)
    await expect(replies(page).last.locator("p")).to_have_text(_TEA)
    await expect(replies(page).last).to_contain_text("remembered: They like smoky tea.")
    log = assert_story(log_of(guest.stack, generation))
    assert "completed" == kinds(log)[-1]
    begun = [event.step_started.title for event in log if event.HasField("step_started")]
    assert _STEPS == begun


async def test_thinking_is_seen_before_its_message_is_read_back(
    guest: Visitor, agent: str, mind: Mind
) -> None:
    """Also where a conversation begins; once it is read, it is the same row, as it was left."""
    mind.reply = _TEA
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
    mind.reply = _TEA
    mind.pen.hold(7)
    page = await begin(guest, agent, "Shall we have tea?")
    await expect(replies(page).last).to_contain_text("then: I shall")
    await page.get_by_role("button", name="Stop", exact=True).click()
    await expect(page.get_by_text("It was stopped.", exact=True)).to_be_visible()
    half = await replies(page).last.locator("p").inner_text()
    assert _TEA.startswith(half)
    assert half
    await page.reload()
    await expect(page.get_by_text("It was stopped.", exact=True)).to_be_visible()
    assert half == await replies(page).last.locator("p").inner_text()
    mind.pen.hold(None)
    mind.pen.go_on()
    await page.get_by_role("button", name="Try again").click()
    await answered(page)
    await expect(replies(page)).to_have_count(1)
    await expect(replies(page).last.locator("p")).to_have_text(_TEA)


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
    mind.reply = _TEA
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
    await expect(replies(page).last.locator("p")).to_have_text(_TEA)
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
    mind.reply = _TEA
    mind.pen.hold(7)
    await say(page, "Shall we have tea?")
    for tab in (other, page):
        await expect(replies(tab).last.locator("p")).to_have_text("Let us have tea, then: I shall")
    await other.get_by_role("button", name="Stop", exact=True).click()
    for tab in (page, other):
        await expect(tab.get_by_text("It was stopped.", exact=True)).to_be_visible()
    assert [] == [url for url in asked if "Watch" in url], "a tab opened a stream of its own"


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


async def test_a_keyboard_and_ears_are_enough(guest: Visitor, agent: str, mind: Mind) -> None:
    """A line break does not send; each step is said once, and the reply once it is whole."""
    mind.reply = _TEA
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
    await expect(heard).to_have_text(f"{PERSONA['name']}: {_TEA}")
