"""How soon whoever talks with a companion sees each step of its thinking begin."""

import time
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

import grpc
from hatchery.gateway.v1.agent_service_pb2 import CreateAgentRequest
from hatchery.gateway.v1.agent_service_pb2_grpc import AgentServiceStub
from hatchery.gateway.v1.conversation_service_pb2 import SendMessageRequest
from hatchery.gateway.v1.conversation_service_pb2_grpc import ConversationServiceStub
from hatchery.gateway.v1.generation_service_pb2 import (
    ListGenerationsRequest,
    WatchGenerationRequest,
)
from hatchery.gateway.v1.generation_service_pb2_grpc import GenerationServiceStub
from hatchery.progress.v1.progress_pb2 import Progress
from playwright.async_api import Page

from tests.bench.figures import Figure, at_most, percentile
from tests.bench.house import House, a_house
from tests.support.chromium import running_chromium
from tests.support.grpc_web import GrpcWebCall
from tests.support.oracle import assert_story

# So many messages each way, of eight steps each; a reply is so many words at so many a second.
MESSAGES, WORDS, RATE = 60, 12, 40
# On the page, so many make a conversation.
SPOKEN = 6
# What the systems that this replaces claim, in milliseconds.
CLAIMED = 100.0
_SEND = "/hatchery.gateway.v1.ConversationService/SendMessage"

_ALWAYS_OPEN = """
localStorage.setItem("chat", JSON.stringify({ model: "", forbidden: [], thinking: "open" }))
"""
# When each step of each turn was first seen to have begun: in the document, and in a frame of it.
# Turns are counted by what a person said, from 0: on its way, it has no number yet.
_WATCH = """
() => {
  window.begun = {};
  window.shown = {};
  const now = () => performance.timeOrigin + performance.now();
  const look = () => {
    for (const [turn, row] of document.querySelectorAll(".turn:has(.bubble-mine)").entries()) {
      const begun = (window.begun[turn] ??= {}), shown = (window.shown[turn] ??= {});
      for (const step of row.querySelectorAll(".step:not(.step-pending)")) {
        const title = step.querySelector("strong").textContent;
        if (title in begun) continue;
        begun[title] = now();
        requestAnimationFrame(() => {
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => { shown[title] = now(); };
          port2.postMessage("");
        });
      }
    }
  };
  const { body } = document;
  new MutationObserver(look).observe(body, { subtree: true, childList: true, attributes: true });
}
"""


async def measure() -> list[Figure]:
    """The same messages by gRPC, by grpc-web through Envoy, and typed into the page."""
    late: dict[str, list[float]] = {}
    async with a_house(HATCHERY_TEXT_PAUSE="0.05") as house, _direct(house) as channel:
        agent = await _hatched(channel)
        late["gRPC, at the gateway"] = await _by_grpc(channel, agent)
        late["grpc-web, through Envoy"] = await _by_grpc_web(house, agent)
        late |= await _on_the_page(house, channel, agent)
    figures = []
    for name, values in late.items():
        for of, share in (("median", 0.5), ("p99", 0.99)):
            figure = f"step started to {name}: {of}"
            figures.append(at_most(figure, percentile(values, share) * 1000, "ms", CLAIMED))
    return [Figure("steps, each way", MESSAGES * 8, ""), *figures]


@asynccontextmanager
async def _direct(house: House) -> AsyncIterator[grpc.aio.Channel]:
    async with grpc.aio.insecure_channel(house.gateways[0]) as channel:
        yield channel


async def _hatched(channel: grpc.aio.Channel) -> str:
    """A companion to talk with."""
    request = CreateAgentRequest(description="speak 100 2")
    story = assert_story([event async for event in AgentServiceStub(channel).CreateAgent(request)])
    return story[-1].completed.resource


def _saying(agent: str) -> SendMessageRequest:
    return SendMessageRequest(agent=agent, text=f"tell {RATE} {WORDS}")


async def _by_grpc(channel: grpc.aio.Channel, agent: str) -> list[float]:
    late = []
    for _ in range(MESSAGES):
        call = ConversationServiceStub(channel).SendMessage(_saying(agent))
        late += _late([(time.time(), event) async for event in call])
    return late


async def _by_grpc_web(house: House, agent: str) -> list[float]:
    late = []
    for _ in range(MESSAGES):
        story = []
        request = _saying(agent).SerializeToString()
        async with GrpcWebCall(house.envoy, _SEND, request) as call:
            async for message in call:
                heard = time.time()
                story.append((heard, Progress.FromString(message)))
        late += _late(story)
    return late


def _late(story: Iterable[tuple[float, Progress]]) -> list[float]:
    """How many seconds after it began each step was heard of; all of them were."""
    heard = list(story)
    assert_story([event for _, event in heard])
    late = [at - _emitted(event) for at, event in heard if event.HasField("step_started")]
    assert len(late) == 8
    return late


async def _on_the_page(
    house: House, channel: grpc.aio.Channel, agent: str
) -> dict[str, list[float]]:
    """Typed by a visitor whose thinking stays open, one message after the other."""
    late: dict[str, list[float]] = defaultdict(list)
    async with running_chromium() as browser:
        context = await browser.new_context(viewport={"width": 1280, "height": 900})
        await context.add_init_script(_ALWAYS_OPEN)
        page = await context.new_page()
        for message in range(MESSAGES):
            turn = message % SPOKEN
            if turn == 0:
                await page.goto(f"http://{house.envoy}/{agent}/chat/new")
                await page.evaluate(_WATCH)
            await _say(page, f"tell {RATE} {WORDS}")
            await page.wait_for_function(
                "turn => Object.keys(window.shown[turn] ?? {}).length === 8", arg=turn
            )
            emitted = await _started(channel)
            which = " that begins a conversation" if turn == 0 else ""
            for seen, where in (("begun", "document"), ("shown", "frame")):
                times = await page.evaluate(f"turn => window.{seen}[turn]", turn)
                late[f"the page{which}, in its {where}"] += [
                    times[title] / 1000 - at for title, at in emitted.items()
                ]
            await page.get_by_role("button", name="Another answer").wait_for()
    return late


async def _say(page: Page, text: str) -> None:
    await page.get_by_role("textbox", name="Say something").fill(text)
    await page.keyboard.press("Enter")


async def _started(channel: grpc.aio.Channel) -> dict[str, float]:
    """When each step of the latest generation began, by its title."""
    stub = GenerationServiceStub(channel)
    listed = await stub.ListGenerations(ListGenerationsRequest(page_size=1))
    watch = WatchGenerationRequest(name=listed.generations[0].name)
    story = assert_story([event async for event in stub.WatchGeneration(watch)])
    return {e.step_started.title: _emitted(e) for e in story if e.HasField("step_started")}


def _emitted(event: Progress) -> float:
    return event.emit_time.ToNanoseconds() / 1e9
