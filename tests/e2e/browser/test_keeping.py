"""What hatched is kept: found, renamed, drawn anew, deleted, undeleted; and text is only text."""

import base64
import json
import re
from pathlib import Path

import grpc
import pytest
from hatchery.gateway.v1.agent_service_pb2 import Agent, ListAgentsRequest, UpdateAgentRequest
from hatchery.gateway.v1.agent_service_pb2_grpc import AgentServiceStub
from hatchery.types.v1.persona_pb2 import Persona
from playwright.async_api import Page, expect

from tests.e2e.browser.conftest import Visitor
from tests.e2e.browser.test_hatching import hatched
from tests.e2e.conftest import Stack
from tests.support import cards

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def companion(stack: Stack) -> str:
    """One that hatched; each test leaves it where it was."""
    done = stack.hatchery("hatch", "--json", "a hedgehog baker with flour on every spine")
    return str(json.loads(done.stdout.splitlines()[-1])["completed"]["resource"])


async def _kept(visitor: Visitor, companion: str) -> Page:
    """The page of a companion."""
    page = await visitor.open(f"/{companion}")
    await expect(page.get_by_role("button", name="Edit")).to_be_visible()
    return page


async def test_a_companion_is_renamed_found_deleted_and_brought_back(
    visitor: Visitor, companion: str
) -> None:
    """Each in the way that a person would, with what the page offers."""
    page = await _kept(visitor, companion)
    await page.get_by_role("button", name="Edit").click()
    await page.get_by_label("Name").fill("Quillan the Baker")
    await page.get_by_label("Outfit").fill("a tall white hat")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Quillan the Baker")
    await page.reload()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Quillan the Baker")

    await expect(page.get_by_text("a tall white hat")).to_be_visible()
    await page.get_by_role("link", name="Companions").click()
    search = page.get_by_role("searchbox", name="Search")
    await search.fill("xyzzy")
    await expect(page.get_by_text("Nobody like that is here.")).to_be_visible()
    await search.fill("quillan FLOUR")
    card = page.locator(".gallery .card")
    await expect(card).to_have_count(1)
    await card.click()
    await page.get_by_role("button", name="Delete").click()
    await page.wait_for_url("**/agents")
    await expect(page.get_by_text("Quillan the Baker is gone.")).to_be_visible()
    await page.get_by_role("button", name="Undo").click()
    await expect(page.get_by_text("It is back.")).to_be_visible()
    await expect(page.locator(".gallery")).to_contain_text("Quillan the Baker")


async def test_what_is_changed_in_one_tab_shows_in_the_other(
    visitor: Visitor, companion: str
) -> None:
    """Who edits there meanwhile is told, keeps what is typed, and may put it in its place."""
    page, other = await _kept(visitor, companion), await _kept(visitor, companion)
    await page.get_by_role("button", name="Edit").click()
    await page.get_by_label("Greeting").fill("Mind the flour.")
    await other.get_by_role("button", name="Edit").click()
    await other.get_by_label("Name").fill("Quillan of the Oven")
    await other.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Quillan of the Oven")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("It was changed elsewhere in the meantime.")).to_be_visible()
    await expect(page.get_by_label("Greeting")).to_have_value("Mind the flour.")
    await page.get_by_role("button", name="Save").click()
    for tab in (page, other):
        await expect(tab.get_by_text("Mind the flour.")).to_be_visible()
        await expect(tab.get_by_role("heading", level=1)).to_have_text("Quillan of the Oven")


async def test_a_look_elsewhere_loses_nothing_that_was_typed(
    visitor: Visitor, companion: str
) -> None:
    """The sentence, and what was searched for, are there for who comes back."""
    page = await visitor.open()
    sentence = page.get_by_label("Your companion, in a sentence")
    await sentence.fill("a heron who")
    await page.get_by_role("link", name="Companions").click()
    await page.get_by_role("searchbox", name="Search").fill("flour spine")
    await page.locator(".gallery .card").first.click()
    await expect(page.get_by_role("button", name="Edit")).to_be_visible()
    await page.go_back()
    await expect(page.get_by_role("searchbox", name="Search")).to_have_value("flour spine")
    await page.get_by_role("link", name="Hatch", exact=True).click()
    await expect(sentence).to_have_value("a heron who")


async def test_the_portrait_is_downloaded_and_drawn_anew(
    visitor: Visitor, companion: str, tmp_path: Path
) -> None:
    """The persona is kept, and both generations stand in the companion's history."""
    page = await _kept(visitor, companion)
    name = await page.get_by_role("heading", level=1).inner_text()
    async with page.expect_download() as download:
        await page.get_by_role("link", name="Download portrait").click()
    first = tmp_path / "first.png"
    await (await download.value).save_as(first)
    assert first.read_bytes().startswith(b"\x89PNG")

    await page.get_by_role("button", name="New portrait").click()
    await page.get_by_label("Size of the portrait").select_option("256")
    await page.get_by_label("Seed").fill("7")
    await page.get_by_role("button", name="Draw").click()
    await page.wait_for_url("**/generations/*")
    await hatched(page)
    await expect(page.get_by_role("heading", level=1)).to_have_text(name)
    await expect(page.locator(".persona-greeting dd")).not_to_be_empty()
    await page.get_by_role("link", name="Meet your companion").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text(name)
    history = page.locator(".history li")
    await expect(history).to_have_count(2)
    await expect(history.first).to_contain_text("A new portrait")
    portrait = page.get_by_role("img", name=f"Portrait of {name}")
    await expect(portrait).to_be_visible()
    assert 256 == await portrait.evaluate("image => image.naturalWidth")


async def test_a_card_goes_out_and_others_come_in(
    visitor: Visitor, companion: str, tmp_path: Path
) -> None:
    """As a picture and as JSON; those of another program too; what is none is named."""
    page = await _kept(visitor, companion)
    name = await page.get_by_role("heading", level=1).inner_text()
    async with page.expect_download() as download:
        await page.get_by_role("button", name="Export card").click()
    card = tmp_path / "card.png"
    await (await download.value).save_as(card)
    assert name == cards.told(card.read_bytes())["ccv3"]["data"]["name"]
    async with page.expect_download() as download:
        await page.get_by_role("button", name="Export as JSON").click()
    text = tmp_path / "card.json"
    await (await download.value).save_as(text)
    assert name == json.loads(text.read_text())["data"]["name"]

    await page.get_by_role("link", name="Companions").click()
    chooser = page.get_by_label("Import cards")
    await chooser.set_input_files(card)
    await page.wait_for_url("**/agents/*-*")
    await expect(page.get_by_role("heading", level=1)).to_have_text(name)
    await expect(page.get_by_role("img", name=f"Portrait of {name}")).to_be_visible()

    await page.get_by_role("link", name="Companions").click()
    other, wrong, large = (tmp_path / file for file in ("other.png", "wrong.json", "large.png"))
    other.write_bytes(cards.as_png([("chara", cards.packed(cards.v2()))]))
    wrong.write_text("<script>alert(1)</script>")
    # More than a message takes.
    large.write_bytes(cards.as_png([("chara", cards.packed(cards.v3()))], size=(1600, 1600)))
    assert large.stat().st_size > 512 * 1024
    await chooser.set_input_files([other, wrong, large])
    await expect(page.get_by_text("2 cards imported.")).to_be_visible()
    problem = page.get_by_role("alert")
    await expect(problem).to_contain_text("neither a PNG nor a card's JSON")
    await expect(page.locator(".card-drop")).to_contain_text("wrong.json")
    seraphinas = page.locator(".gallery .card", has_text="Seraphina")
    await expect(seraphinas).to_have_count(2)

    dropped = await page.evaluate_handle(_DROP, base64.b64encode(other.read_bytes()).decode())
    await page.locator(".card-drop").dispatch_event("drop", {"dataTransfer": dropped})
    await expect(page.get_by_role("heading", level=1)).to_have_text("Seraphina")
    await expect(page.locator(".history")).to_contain_text("Imported from a character card")


# What a drag brings along, with a card in it.
_DROP = """
(packed) => {
  const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
  const transfer = new DataTransfer();
  transfer.items.add(new File([bytes], "dropped.png", {type: "image/png"}));
  return transfer;
}
"""
_SCRIPT = "<script>window.hurt = 1</script><img src=x onerror='window.hurt = 1'>"
_TURNED = "\u202egnp.exe\u202c\u2066"


async def test_hostile_words_are_only_words(visitor: Visitor) -> None:
    """Markup, letters that turn others around, and ten thousand letters break no page."""
    page = await visitor.open()
    generation = await visitor.hatch(page, f"a {_SCRIPT} dragon {_TURNED}")
    await expect(page.locator(".description")).to_contain_text(_SCRIPT)
    await hatched(page)
    async with grpc.aio.insecure_channel(visitor.stack.gateway) as channel:
        agents = AgentServiceStub(channel)
        newest = (await agents.ListAgents(ListAgentsRequest(page_size=1))).agents[0]
        assert generation == newest.generation
        persona = Persona(
            name=f"{_SCRIPT}{_TURNED}"[:200],
            species=_TURNED * 10,
            traits=[_SCRIPT] * 20,
            backstory=f"{_SCRIPT} {'W' * 7000}",
            greeting="\n".join(_TURNED for _ in range(100)),
        )
        await agents.UpdateAgent(UpdateAgentRequest(agent=Agent(name=newest.name, persona=persona)))
    for path in (f"/{newest.name}", "/agents", f"/{generation}"):
        await page.goto(visitor.address + path)
        await expect(page.locator("bdi", has_text=re.compile("window.hurt")).first).to_be_visible()
        assert await page.evaluate("window.hurt") is None
        width = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert 0 == await page.evaluate(width), f"{path} is wider than its window"


async def test_a_name_that_nobody_has_is_said_so(visitor: Visitor) -> None:
    """As is an address that leads nowhere."""
    missing = "00000000-0000-4000-8000-000000000000"
    page = await visitor.open(f"/generations/{missing}")
    await expect(page.get_by_text("There is no such generation.")).to_be_visible()
    await page.goto(f"{visitor.address}/agents/{missing}")
    await expect(page.get_by_text("There is no such companion.")).to_be_visible()
    for nowhere in ("/agents/nobody/else", "/elsewhere"):
        await page.goto(visitor.address + nowhere)
        await expect(page.get_by_text("There is nothing here")).to_be_visible()
    assert all("404" in complaint for complaint in visitor.seen.complaints)
    visitor.seen.complaints.clear()  # the browser's own, of the document that is answered with 404
