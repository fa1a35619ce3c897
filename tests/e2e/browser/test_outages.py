"""Gateways that are killed, engines that are not there, and many at once: the page holds."""

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress

import aiohttp
import grpc
import pytest
from hatchery.gateway.v1.generation_service_pb2 import (
    CancelGenerationRequest,
    WatchGenerationRequest,
)
from hatchery.gateway.v1.generation_service_pb2_grpc import GenerationServiceStub
from playwright.async_api import Browser, Page, expect

from tests.e2e.browser.conftest import PATIENCE, visiting
from tests.e2e.browser.test_hatching import hatched, log_of
from tests.e2e.conftest import Stack, running_stack
from tests.e2e.test_story import assert_hatched
from tests.support.oracle import assert_story, kinds
from tests.support.ports import free_port

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(300)]
expect.set_options(timeout=PATIENCE)
_MANY = 15
# A stack does not wait long for an engine that will not come.
_BRIEFLY = {"HATCHERY_START_TIMEOUT": "30"}


@pytest.fixture(scope="module")
def pair() -> Iterator[Stack]:
    """Two gateways, with leases that run out soon."""
    settings = {"REPLICAS": "2", "LEASE": "1", "ENVOY_ADMIN_PORT": str(free_port())}
    with running_stack(**{f"HATCHERY_{name}": value for name, value in settings.items()}) as stack:
        yield stack


async def _open_calls(stack: Stack) -> int:
    """How many calls Envoy has under way, as it counts them itself."""
    port = stack.environment["HATCHERY_ENVOY_ADMIN_PORT"]
    address = f"http://127.0.0.1:{port}/stats?filter=^cluster.gateway.upstream_rq_active$"
    async with aiohttp.ClientSession() as session, session.get(address) as answer:
        return int((await answer.text()).rpartition(":")[2])


@asynccontextmanager
async def frozen(stack: Stack, name: str) -> AsyncIterator[None]:
    """A process of the stack stands still: what waits for it goes on waiting."""
    process = stack.pids()[name]
    os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(process, signal.SIGCONT)


@contextmanager
def without(stack: Stack, name: str) -> Iterator[None]:
    """A process of the stack is gone, and whoever would start it again stands still."""
    supervisor = json.loads((stack.state / "stack.json").read_text())["supervisor"]["pid"]
    os.kill(supervisor, signal.SIGSTOP)
    try:
        os.kill(stack.pids()[name], signal.SIGKILL)
        yield
    finally:
        os.kill(supervisor, signal.SIGCONT)


async def test_killed_gateways_are_not_noticed(pair: Stack, chromium: Browser) -> None:
    """Both are killed in the middle, one after the other: the page shows the whole story."""
    async with visiting(chromium, pair) as visitor:
        page = await visitor.open()
        generation = await visitor.hatch(page, "a brave mouse knight")
        for name, line in (("gateway", ".persona-name"), ("gateway-2", ".persona-backstory")):
            await expect(page.locator(f"{line} dd")).not_to_be_empty()
            os.kill(pair.pids()[name], signal.SIGKILL)
        await hatched(page)
        log = log_of(pair, generation)
        assert_hatched(log)
        assert "recovered" in kinds(log)
        persona = next(e.step_completed.persona for e in log if e.step_completed.persona.name)
        await expect(page.get_by_role("heading", level=1)).to_have_text(persona.name)
        await expect(page.locator(".persona-backstory dd")).to_have_text(persona.backstory)
        visitor.seen.complaints.clear()  # the browser's own, of connections that broke


async def test_a_lost_network_is_told_and_mended(pair: Stack, chromium: Browser) -> None:
    """Who is cut off is told so, and shown the same truth when they are back."""
    async with visiting(chromium, pair) as visitor:
        page = await visitor.open()
        generation = await visitor.hatch(page, "a cheerful penguin who repairs old radios")
        await expect(page.locator(".persona-name dd")).not_to_be_empty()
        # The worker has a network of its own: what is cut is the server's side, until it shows.
        gone = page.get_by_text("The connection is gone.")
        async with asyncio.timeout(60):
            while not await gone.is_visible():
                with suppress(ProcessLookupError):
                    os.kill(pair.pids()["envoy"], signal.SIGKILL)
                await asyncio.sleep(0.1)
        await expect(gone).to_be_hidden()
        await hatched(page)
        assert_hatched(log_of(pair, generation))
        # What a page asks for itself is asked for again, too.
        await visitor.context.set_offline(True)
        await page.get_by_role("link", name="Companions").click()
        await expect(page.get_by_text("Hatchery cannot be reached.")).to_be_visible()
        await visitor.context.set_offline(False)
        await expect(page.locator(".gallery .card").first).to_be_visible()
        visitor.seen.complaints.clear()


async def test_fifteen_are_open_at_once(pair: Stack, chromium: Browser) -> None:
    """Each in a tab of its own, all over one stream, and each tab can still call."""
    async with visiting(chromium, pair) as visitor, frozen(pair, "llm"):
        nest, names, pages = await visitor.open(), list[str](), list[Page]()
        for number in range(_MANY):
            pages.append(await visitor.open())
            names.append(await visitor.hatch(pages[-1], f"companion number {number}"))
        assert _MANY == len(set(names))
        await expect(nest.locator(".card-under-way")).to_have_count(_MANY)
        assert 1 == await _open_calls(pair)
        # One that runs may have failed by now: nobody writes.
        async with grpc.aio.insecure_channel(pair.gateway) as channel:
            stub = GenerationServiceStub(channel)
            for name in names:
                await stub.CancelGeneration(CancelGenerationRequest(name=name))
            for page, name in zip(pages, names, strict=True):
                await expect(page.get_by_role("link", name="Hatch another")).to_be_visible()
                log = stub.WatchGeneration(WatchGenerationRequest(name=name))
                assert_story([event async for event in log])


async def test_a_portrait_that_is_a_substitute_says_so(pair: Stack, chromium: Browser) -> None:
    """The companion hatches without its illustrator, who draws it when they are back."""
    async with visiting(chromium, pair) as visitor:
        page = await visitor.open()
        with without(pair, "avatar"):
            generation = await visitor.hatch(page, "a moth who reads by candlelight")
            await hatched(page)
            await expect(page.get_by_text("This portrait is a placeholder only.")).to_be_visible()
            await expect(page.locator(".stage img")).to_be_visible()
            assert "completed" == kinds(assert_story(log_of(pair, generation)))[-1]
        name = await page.locator("h1").inner_text()
        await page.get_by_role("button", name="Try the portrait again").click()
        await page.wait_for_url(lambda url: "/generations/" in url and generation not in url)
        await hatched(page)
        await expect(page.locator("h1")).to_have_text(name)
        await expect(page.get_by_text("placeholder")).to_be_hidden()
        again = log_of(pair, page.url.removeprefix(f"{visitor.address}/"))
        assert "completed" == kinds(assert_story(again))[-1]


async def test_an_engine_that_is_not_there_is_explained(chromium: Browser) -> None:
    """With the command that starts it, never a code; and it can be tried again from there."""
    missing = {"HATCHERY_LLM_ENGINE": "ollama", "HATCHERY_OLLAMA_URL": "http://127.0.0.1:9"}
    with running_stack(**missing, **_BRIEFLY) as stack:
        async with visiting(chromium, stack) as visitor:
            page = await visitor.open()
            generation = await visitor.hatch(page, "a sleepy cat who captains a paper ship")
            await expect(page.locator(".meter-setback")).to_have_text("Ollama does not answer.")
            problem = page.get_by_role("alert")
            await expect(problem).to_contain_text("Ollama does not answer.")
            await expect(problem.locator("code")).to_have_text("ollama serve")
            assert "failed" == kinds(assert_story(log_of(stack, generation)))[-1]
            await expect(page.get_by_role("button", name="Try again")).to_be_enabled()
