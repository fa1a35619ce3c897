"""A browser's trace goes on behind Envoy, over grpc-web."""

import asyncio
from pathlib import Path

from hatchery.gateway.v1.agent_service_pb2 import CreateAgentRequest
from hatchery.progress.v1.progress_pb2 import Progress

from deploy.envoy import program
from deploy.envoy.render import EnvoyConfig, render
from deploy.local import binaries
from deploy.local.checks import grpc_serving
from deploy.local.process import Process, ProcessSpec
from deploy.local.state import StateFolder
from tests.integration.local.edge import Edge
from tests.support.collector import collecting
from tests.support.gateway import gateway
from tests.support.grpc_web import GrpcWebCall
from tests.support.oracle import assert_story
from tests.support.ports import free_port
from tests.support.scripted import scripted_engines

TRACE, SPAN = "ab" * 16, "cd" * 8
CREATE = "hatchery.gateway.v1.AgentService/CreateAgent"


def _envoy(folder: Path, port: int, target: str) -> Process:
    """Envoy before a gateway, configured as in the local stack."""
    state = StateFolder(folder)
    state.prepare()
    state.envoy_config.write_text(render(EnvoyConfig.for_loopback(port=port, gateways=(target,))))

    async def ready() -> None:
        await grpc_serving(f"127.0.0.1:{port}")

    argv = program.command(binaries.find_envoy(), state.envoy_config)
    return Process(ProcessSpec("envoy", argv, ready, env={}), state)


def _check_preflight(edge: Edge) -> None:
    """A browser asks before it sends a header of its own, and is told that it may."""
    headers = {
        "Origin": edge.origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "traceparent,tracestate",
    }
    answer = edge.request("OPTIONS", f"/{CREATE}", headers)
    allowed = answer.headers["access-control-allow-headers"].split(",")
    assert {"traceparent", "tracestate"} <= set(allowed)


async def test_a_browsers_call_joins_its_trace(database_url: str, tmp_path: Path) -> None:
    """It may send the header, and the call, the generation and the engines are in its trace."""
    port = free_port()
    async with (
        collecting() as collector,
        scripted_engines(traces=collector.endpoint) as engines,
        gateway(database_url, engines, tmp_path, traces=collector.endpoint) as client,
    ):
        envoy = _envoy(tmp_path / "state", port, client.target)
        await envoy.start()
        try:
            await asyncio.to_thread(_check_preflight, Edge(port, envoy))
            sent = {"traceparent": f"00-{TRACE}-{SPAN}-01", "tracestate": "vendor=1"}
            request = CreateAgentRequest(description="a shy water dragon")
            async with GrpcWebCall(
                f"127.0.0.1:{port}", f"/{CREATE}", request.SerializeToString(), sent=sent
            ) as call:
                assert_story([Progress.FromString(event) async for event in call])
        finally:
            await envoy.stop()
    assert {TRACE} == {span.trace for span in collector.spans}
    created = collector.one(CREATE)
    assert (SPAN, "vendor=1") == (created.parent, created.span.trace_state)
    assert {"hatchery-gateway", "hatchery-llm", "hatchery-avatar"} == {
        span.service for span in collector.spans
    }
