"""Traces over real processes: takeovers, collectors that are not there, logs that join."""

import asyncio
import json
import signal
import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from hatchery.gateway.v1 import agent_service_pb2 as agents
from hatchery.progress.v1.progress_pb2 import Progress

from tests.support.claimed import wait_out
from tests.support.collector import Collector, collecting
from tests.support.gateway import Client, gateway
from tests.support.gateway_process import gateway_process, service_process
from tests.support.oracle import assert_prefix, assert_story
from tests.support.ports import free_port
from tests.support.scripted import Engines, Gate, scripted_engines
from tests.support.waiting import until

TRACE, SPAN = "ab" * 16, "cd" * 8
TRACED = (("traceparent", f"00-{TRACE}-{SPAN}-01"),)
RUN, HERE = "generation create_agent", "hatchery-gateway"
UNDELIVERED = "traces cannot be delivered, and are dropped"


async def _begin(client: Client) -> str:
    """Begins a generation within the test's trace, and leaves; its name."""
    request = agents.CreateAgentRequest(description="a shy water dragon")
    call = client.agents.CreateAgent(request, metadata=TRACED)
    first = await call.read()
    assert isinstance(first, Progress)
    call.cancel()
    return first.generation


def _runs(collector: Collector) -> Sequence[tuple[str, Any, Any]]:
    """Of each run of a generation its trace, epoch and outcome."""
    return [
        (run.trace, run.attributes["hatchery.epoch"], run.attributes["hatchery.outcome"])
        for run in collector.named(RUN)
    ]


async def test_a_handover_stays_in_the_trace(database_url: str, tmp_path: Path) -> None:
    """Two replicas, one after the other: each run is a part of the call that asked for it."""
    async with collecting() as collector, scripted_engines() as engines:
        gate, traced = Gate(engines), collector.endpoint
        async with gateway(database_url, engines, tmp_path, traces=traced) as first:
            name = await _begin(first)
            await gate.came.wait()
        gate.opened.set()
        async with gateway(database_url, engines, tmp_path, traces=traced) as second:
            assert_story(await second.watch(name))
        assert [(TRACE, 1, "handed_over"), (TRACE, 2, "completed")] == _runs(collector)
        runs = collector.named(RUN)
        call = collector.one("hatchery.gateway.v1.AgentService/CreateAgent")
        assert [call.id, call.id] == [run.parent for run in runs]
        replicas = [run.attributes["hatchery.replica"] for run in runs]
        assert len(set(replicas)) == len(replicas)
        drawn = collector.named("step avatar")
        assert [runs[0].id, runs[1].id] == [step.parent for step in drawn]


async def test_a_killed_replica_is_followed_in_the_trace(database_url: str, tmp_path: Path) -> None:
    """After SIGKILL its own open spans are lost, and its successor's are where they would be."""
    async with collecting() as collector, scripted_engines() as engines:
        gate = Gate(engines)
        async with gateway_process(
            database_url, engines, tmp_path / "log", traces=collector.endpoint, lease="60"
        ) as (process, first):
            name = await _begin(first)
            await gate.came.wait()
            seen = assert_prefix(await first.watch(name, until=lambda e: e.step == "avatar"))
            process.send_signal(signal.SIGKILL)
            await asyncio.to_thread(process.wait)
        await wait_out(database_url, 60)
        gate.opened.set()
        async with gateway(
            database_url, engines, tmp_path, traces=collector.endpoint, lease=60.0
        ) as second:
            assert_story([*seen, *await second.watch(name, seen[-1].sequence)])
        assert [(TRACE, 2, "completed")] == _runs(collector)


@contextmanager
def _deaf() -> Iterator[str]:
    """An endpoint that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


async def _lines(log: Path) -> Sequence[Mapping[str, Any]]:
    told = await asyncio.to_thread(log.read_text)
    return [json.loads(line) for line in told.splitlines()]


@pytest.mark.parametrize("how", ["away", "deaf", "hangs"])
async def test_a_collector_that_takes_nothing_holds_nobody_up(
    database_url: str, engines: Engines, tmp_path: Path, how: str
) -> None:
    """Work goes on and ends in time, one line says that spans are dropped, and the end is soon."""
    log = tmp_path / "log"
    with ExitStack() as stack:
        endpoint = f"http://127.0.0.1:{free_port()}"
        if how == "deaf":
            endpoint = stack.enter_context(_deaf())
        async with collecting(hangs=True) as collector:
            if how == "hangs":
                endpoint = collector.endpoint
            async with gateway_process(
                database_url, engines, log, traces=endpoint, stop_grace="1"
            ) as (process, client):

                async def told() -> bool:
                    assert_story(await client.hatch())
                    return UNDELIVERED in {line["event"] for line in await _lines(log)}

                await until(told, seconds=20)
                for _ in range(3):
                    assert_story(await client.hatch())
                await asyncio.sleep(4)
                process.terminate()
                assert 0 == await asyncio.to_thread(process.wait, 10)
    events = [line["event"] for line in await _lines(log)]
    assert 1 == events.count(UNDELIVERED)
    assert all("traces" not in event for event in set(events) - {UNDELIVERED, "traces are sent"})


async def test_a_collector_that_comes_back_is_told_again(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """What ended meanwhile is gone; what ends from then on is there."""
    log, port = tmp_path / "log", free_port()
    async with gateway_process(database_url, engines, log, traces=f"http://127.0.0.1:{port}") as (
        _,
        client,
    ):

        async def told(event: str) -> bool:
            await client.hatch()
            return event in {line["event"] for line in await _lines(log)}

        await until(lambda: told(UNDELIVERED), seconds=20)
        async with collecting(port=port) as collector:
            await until(lambda: told("traces are delivered again"), seconds=30)
            assert collector.named(RUN)


async def test_logs_of_all_services_join(database_url: str, tmp_path: Path) -> None:
    """By generation, by request and by trace; a span that a line names is one that was exported."""
    logs = {name: tmp_path / f"{name}.log" for name in ("gateway", "avatar")}
    async with collecting() as collector, scripted_engines() as engines:
        engines.avatar_target = f"127.0.0.1:{free_port()}"
        common = {"traces": collector.endpoint, "log_level": "debug"}
        with service_process(
            "services.avatar", logs["avatar"], listen=engines.avatar_target, **common
        ) as avatar:
            async with gateway_process(database_url, engines, logs["gateway"], **common) as (
                process,
                client,
            ):
                request = agents.CreateAgentRequest(description="a shy water dragon")
                call = client.agents.CreateAgent(request, metadata=TRACED)
                story = assert_story([event async for event in call])
                process.terminate()
                assert 0 == await asyncio.to_thread(process.wait, 20)
            avatar.terminate()
            assert 0 == await asyncio.to_thread(avatar.wait, 20)
        spans = {span.id for span in collector.spans}
    generation = story[0].generation.removeprefix("generations/")
    here, there = await _lines(logs["gateway"]), await _lines(logs["avatar"])
    (claimed,) = [line for line in here if line["event"] == "claimed"]
    (called,) = [
        line
        for line in here
        if line["event"] == "call ended" and line["method"].endswith("/CreateAgent")
    ]
    (drawn,) = [
        line
        for line in there
        if line["event"] == "call ended" and line["method"].endswith("/Generate")
    ]
    assert [generation] * 3 == [line["generation"] for line in (claimed, called, drawn)]
    assert claimed["request_id"] == drawn["request_id"]
    assert [TRACE] * 2 == [line["trace_id"] for line in (called, drawn)]
    assert {line["span_id"] for line in (called, drawn)} <= spans
    assert ["gateway", "avatar"] == [line["service"] for line in (called, drawn)]
