"""One trace a generation: from the call that asked for it to SQL and the engines."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from hatchery.gateway.v1 import agent_service_pb2 as agents
from hatchery.gateway.v1 import generation_service_pb2 as pb
from hatchery.progress.v1.progress_pb2 import Progress, StepCompleted, TextDelta

from services.runtime.engine_stream import Emit
from services.runtime.errors import EngineBusy, EngineFailed, OutputInvalid
from tests.support.collector import Collector, collecting
from tests.support.gateway import Client, gateway
from tests.support.oracle import assert_story
from tests.support.scripted import Engines, scripted_engines, write_persona
from tests.support.thinking import planned, result, thinks
from tests.support.waiting import until

TRACE, SPAN = "ab" * 16, "cd" * 8
PARENT = f"00-{TRACE}-{SPAN}-01"
HERE, LLM, AVATAR = "hatchery-gateway", "hatchery-llm", "hatchery-avatar"
CREATE = "hatchery.gateway.v1.AgentService/CreateAgent"
WATCH = "hatchery.gateway.v1.GenerationService/WatchGeneration"
WRITE = "hatchery.llm.v1.LlmService/Generate"
DRAW = "hatchery.avatar.v1.AvatarService/Generate"


@dataclass
class Traced:
    """A gateway and its engines, whose spans are collected once they are closed."""

    collector: Collector
    engines: Engines
    folder: Path
    database_url: str

    def gateway(self, **settings: Any) -> Any:
        """Runs a gateway until a block is left; all of its spans are there then."""
        traced = {"traces": self.collector.endpoint} | settings
        return gateway(self.database_url, self.engines, self.folder, **traced)


@pytest.fixture
async def traced(database_url: str, tmp_path: Path) -> AsyncIterator[Traced]:
    """Engines whose spans are collected, and a gateway to come."""
    async with collecting() as collector, scripted_engines(traces=collector.endpoint) as engines:
        yield Traced(collector, engines, tmp_path, database_url)


async def _hatch(client: Client, *metadata: tuple[str, str], **fields: Any) -> list[Progress]:
    request = agents.CreateAgentRequest(description="a shy water dragon", **fields)
    call = client.agents.CreateAgent(request, metadata=(*client.metadata, *metadata))
    return [event async for event in call]


async def _arrived(collector: Collector, *services: str) -> None:
    """Waits until the spans of engines, which are not closed yet, are there."""

    async def there() -> bool:
        return set(services) <= {span.service for span in collector.spans}

    await until(there, seconds=10)


async def test_a_callers_trace_leads_through_everything(traced: Traced) -> None:
    """From its parent to the call, the generation, its steps, the engines and every statement."""
    async with traced.gateway() as client:
        story = assert_story(await _hatch(client, ("traceparent", PARENT)))
    collector = traced.collector
    await _arrived(collector, LLM, AVATAR)
    assert {TRACE} == {span.trace for span in collector.spans}
    call, run = collector.one(CREATE), collector.one("generation create_agent")
    assert (SPAN, call.id) == (call.parent, run.parent)
    assert {
        "rpc.system.name": "grpc",
        "rpc.method": CREATE,
        "rpc.response.status_code": "OK",
        "hatchery.generation": story[0].generation.removeprefix("generations/"),
    } == call.attributes
    assert ("create_agent", 1, "completed") == tuple(
        run.attributes[f"hatchery.{name}"] for name in ("recipe", "epoch", "outcome")
    )
    step = ["step persona", "generation create_agent", CREATE]
    assert [WRITE, *step] == list(collector.lineage(collector.one(WRITE, LLM)))
    assert ["wait llm", *step][1:] == list(collector.lineage(collector.one("wait llm")))
    wrote = collector.one("step persona").attributes
    assert {
        "hatchery.recipe": "create_agent",
        "hatchery.step": "persona",
        "hatchery.attempt": 1,
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "scripted",
        "gen_ai.request.model": "script",
        "gen_ai.response.model": "script",
        "gen_ai.usage.input_tokens": 0,
        "gen_ai.usage.output_tokens": 9,
    } == wrote
    stored = collector.one("INSERT agents")
    assert ["transaction", "generation create_agent", CREATE] == list(collector.lineage(stored))
    assert ("postgresql", "INSERT agents") == tuple(
        stored.attributes[f"db.{name}"] for name in ("system.name", "query.summary")
    )
    assert not [span for span in collector.spans if span.failed]


async def test_a_span_is_no_event(traced: Traced) -> None:
    """However much is told, as many spans come of it: neither messages nor commits have any."""

    async def tell(many: int, request: Any, emit: Emit) -> StepCompleted:
        for count in range(many):
            # Only texts of one field would be told together.
            field = ("/name", "/species")[count % 2]
            emit(Progress(text_delta=TextDelta(field=field, text=f"{count}")))
            await asyncio.sleep(0.001)
        return await write_persona(request, emit)

    events = []
    for many in (1, 200):
        traced.engines.text = partial(tell, many)
        async with traced.gateway(text_pause=0.0) as client:
            events.append(len(assert_story(await _hatch(client))))
    own = [span for span in traced.collector.spans if span.service == HERE]
    # What a stream reads while it comes to the present is a matter of moments.
    told = [span for span in own if span.name != "SELECT progress"]
    spans = list(Counter(span.trace for span in told).values())
    assert events[0] + 150 < events[1]
    assert spans[0] == pytest.approx(spans[1], abs=9), Counter((s.trace[:3], s.name) for s in told)


async def test_without_a_parent_a_call_begins_a_trace(traced: Traced) -> None:
    """Two calls, two traces; what nobody asked for, as polls and health, is in none."""
    async with traced.gateway() as client:
        await _hatch(client)
        await _hatch(client)
        health = health_pb2_grpc.HealthStub(client.channel)
        await health.Check(health_pb2.HealthCheckRequest())
        await asyncio.sleep(0.5)
    roots = [span.name for span in traced.collector.spans if not span.parent]
    assert [CREATE, CREATE] == roots
    assert 2 == len({span.trace for span in traced.collector.spans})


async def test_a_try_that_failed_says_why(traced: Traced) -> None:
    """Each try is a span of its own, with its reason; the generation's has the last one's."""
    errors = [OutputInvalid("x"), EngineBusy("x", retry_after=0.01)]

    async def write(request: Any, emit: Emit) -> StepCompleted:
        if errors:
            raise errors.pop(0)
        return await write_persona(request, emit)

    async def never(request: Any, emit: Emit) -> StepCompleted:
        raise OutputInvalid("x")

    async with traced.gateway() as client:
        traced.engines.text = write
        assert "completed" == (await _hatch(client))[-1].WhichOneof("event")
        traced.engines.text = never
        assert "failed" == (await _hatch(client))[-1].WhichOneof("event")
    runs = traced.collector.named("generation create_agent")
    steps = traced.collector.named("step persona")
    of_first = [s for s in steps if s.trace == runs[0].trace]
    assert [(1, True), (2, False)] == [
        (s.attributes["hatchery.attempt"], s.failed) for s in of_first
    ]
    assert "OUTPUT_INVALID" == of_first[0].attributes["error.type"]
    waits = [s for s in traced.collector.named("wait llm") if s.parent == of_first[1].id]
    assert 2 == len(waits)  # for its slot, and for the engine that was busy
    called = [s for s in traced.collector.named(WRITE, HERE) if s.parent == of_first[1].id]
    assert [("RESOURCE_EXHAUSTED", "ENGINE_BUSY"), ("OK", None)] == [
        (s.attributes["rpc.response.status_code"], s.attributes.get("error.type")) for s in called
    ]
    assert [False, True] == [run.failed for run in runs]
    assert ("failed", "OUTPUT_INVALID") == (
        runs[1].attributes["hatchery.outcome"],
        runs[1].attributes["error.type"],
    )


async def test_an_answer_that_refuses_is_no_fault(traced: Traced) -> None:
    """What is missing is told with its code and reason, and the span has not failed."""
    async with traced.gateway() as client:
        with pytest.raises(grpc.aio.AioRpcError):
            await client.watch("generations/00000000-0000-4000-8000-000000000000")
    call = traced.collector.one(WATCH)
    assert ("NOT_FOUND", "RESOURCE_NOT_FOUND", False) == (
        call.attributes["rpc.response.status_code"],
        call.attributes["hatchery.reason"],
        call.failed,
    )


async def test_who_comes_later_points_at_the_generations_trace(traced: Traced) -> None:
    """A watch, the same request again, and a retry, whose generation does so itself."""

    async def fail(request: Any, emit: Emit) -> StepCompleted:
        raise EngineFailed("x")

    traced.engines.text = fail
    asked = "7a1ec53f-5b31-4a55-9d6b-3ad4a8f9d3c2"
    async with traced.gateway() as client:
        first = await _hatch(client, ("traceparent", PARENT), request_id=asked)
        await client.watch(first[0].generation)
        await _hatch(client, request_id=asked)
        traced.engines.text = write_persona
        request = pb.RetryGenerationRequest(name=first[0].generation)
        retried = [event async for event in client.generations.RetryGeneration(request)]
        assert "completed" == retried[-1].WhichOneof("event")
    collector = traced.collector
    again = collector.named(CREATE)[1]
    retry = collector.one("hatchery.gateway.v1.GenerationService/RetryGeneration")
    for call in (collector.one(WATCH), again, retry):
        assert [TRACE] == list(call.links)
        assert TRACE != call.trace
    _, run = collector.named("generation create_agent")
    assert (retry.trace, retry.id, [TRACE]) == (run.trace, run.parent, list(run.links))
    assert retried[0].generation.endswith(retry.attributes["hatchery.generation"])


async def test_a_generation_that_another_one_began_is_in_its_trace(traced: Traced) -> None:
    """A portrait that a companion has drawn anew: a part of the reply in which it did."""
    async with traced.gateway() as client:
        agent = assert_story(await client.hatch())[-1].completed.resource
        thinks(traced.engines, wanted=["portrait"], actions=[planned("portrait", style="")])
        story = assert_story(await client.say("Draw yourself.", agent=agent))
        assert_story(await client.watch(result(story, "execution").reply.actions[0].resource))
    collector = traced.collector
    reply = collector.one("generation send_message")
    run = collector.one("generation regenerate_avatar")
    assert reply.trace == run.trace
    assert ["step execution", "generation send_message"] == list(collector.lineage(run))[:2]
    sent = collector.one("hatchery.gateway.v1.ConversationService/SendMessage")
    assert reply.attributes["hatchery.generation"] == sent.attributes["hatchery.generation"]


@pytest.mark.parametrize("told", [(), (("traceparent", PARENT),)], ids=["alone", "asked-for"])
async def test_with_a_ratio_of_nothing_nothing_is_exported(
    database_url: str, tmp_path: Path, told: tuple[tuple[str, str], ...]
) -> None:
    """Nor by the engines, which do what the gateway says; the work is done all the same."""
    async with collecting() as collector:
        async with (
            scripted_engines(traces=collector.endpoint) as engines,
            gateway(
                database_url, engines, tmp_path, traces=collector.endpoint, trace_ratio=0
            ) as client,
        ):
            assert_story(await _hatch(client, *told))
        assert 0 == collector.asked


async def test_a_caller_who_records_nothing_is_not_recorded(traced: Traced) -> None:
    """At the gateway and at the engines, as its header says."""
    async with traced.gateway() as client:
        assert_story(await _hatch(client, ("traceparent", f"00-{TRACE}-{SPAN}-00")))
        given = [m["traceparent"] for m in traced.engines.metadata]
    assert 0 == traced.collector.asked
    assert {(TRACE, "00")} == {(one[3:35], one[-2:]) for one in given}


async def test_nobody_is_told_of_a_trace_where_none_are_made(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """A gateway without the setting keeps nothing of a caller's header, and hands nothing on."""
    async with gateway(database_url, engines, tmp_path) as client:
        assert_story(await _hatch(client, ("traceparent", PARENT)))
    assert engines.metadata
    assert all("traceparent" not in metadata for metadata in engines.metadata)
