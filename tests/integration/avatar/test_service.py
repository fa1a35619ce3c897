"""`python -m services.avatar` as a process: ready, drawing, stopped without a trace."""

import asyncio
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import grpc
import psutil
import pytest
from google.protobuf.duration_pb2 import Duration
from grpc_health.v1 import health_pb2, health_pb2_grpc
from hatchery.avatar.v1.avatar_service_pb2 import GenerateRequest, PreviewOptions
from hatchery.avatar.v1.avatar_service_pb2_grpc import AvatarServiceStub

from tests.support.logged import SAID, discreet, told_until_its_end
from tests.support.oracle import assert_story, kinds
from tests.support.waiting import until

NAME = "hatchery.avatar.v1.AvatarService"


@asynccontextmanager
async def service(**variables: str) -> AsyncIterator[tuple[asyncio.subprocess.Process, Any]]:
    """A running service and a channel to it."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "services.avatar",
        env={"HATCHERY_LISTEN": "127.0.0.1:0", "HATCHERY_STOP_GRACE": "2"} | variables,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        port = await _port(process)
        async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
            yield process, channel
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _port(process: asyncio.subprocess.Process) -> int:
    assert process.stderr is not None
    async for line in process.stderr:
        if found := re.search(rb'"port": (\d+).*"listening"|"listening".*"port": (\d+)', line):
            return int(found[1] or found[2])
    raise AssertionError("the service did not start")


async def ready(channel: grpc.aio.Channel) -> None:
    """Waits until the service says that it serves."""
    health: Any = health_pb2_grpc.HealthStub(channel)
    async for answer in health.Watch(health_pb2.HealthCheckRequest(service=NAME)):
        if answer.status == health_pb2.HealthCheckResponse.SERVING:
            return


def assert_gone(family: list[psutil.Process]) -> None:
    """Every process of a family ends, and is collected, within a moment."""
    _, alive = psutil.wait_procs(family, timeout=5)
    assert [] == alive


@pytest.mark.parametrize("engine", ["sketch", "mflux"])
async def test_a_service_draws_and_stops(engine: str, request: pytest.FixtureRequest) -> None:
    """Ready by its health, a whole story with a PNG at its end, exit 0, and no process left."""
    variables = {"HATCHERY_AVATAR_ENGINE": engine}
    if engine == "mflux":
        folder: Path = request.getfixturevalue("tiny_flux")
        variables["HATCHERY_MFLUX_MODEL"] = str(folder)
    async with service(**variables) as (process, channel):
        async with asyncio.timeout(60):
            await ready(channel)
        stub: Any = AvatarServiceStub(channel)
        asked = GenerateRequest(
            prompt="a shy hen who loves books",
            species="hen",
            width=64,
            height=64,
            seed=7,
            preview=PreviewOptions(min_interval=Duration()),
        )
        events = [event async for event in stub.Generate(asked)]
        family = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(10):
            status = await process.wait()
    assert_story(events)
    assert {"step_progress", "step_completed", "completed"} <= set(kinds(events))
    assert any(event.HasField("preview") for event in events)
    done = events[-2].step_completed
    assert done.image.data.startswith(b"\x89PNG")
    assert (64, 64) == (done.image.width, done.image.height)
    assert (engine, 7) == (done.usage.engine, done.usage.seed)
    assert 0 == status
    assert family
    assert_gone(family)


async def test_sigterm_while_the_engine_starts_ends_it_cleanly(tmp_path: Path) -> None:
    """The signal is heard before it is ready; the exit status is 0, and no process is left."""
    for name in ("mflux.py", "mlx.py"):
        (tmp_path / name).write_text("import time; time.sleep(60)")
    engine = {"HATCHERY_AVATAR_ENGINE": "mflux", "PYTHONPATH": str(tmp_path)}
    async with service(**engine) as (process, _):
        parent = psutil.Process(process.pid)

        async def begun() -> bool:
            return bool(parent.children())

        await until(begun)
        family = parent.children(recursive=True)
        process.send_signal(signal.SIGTERM)
        assert process.stderr is not None
        async with asyncio.timeout(10):
            told = (await process.stderr.read()).decode()
            assert 0 == await process.wait()
    assert '"ready"' not in told
    assert "Traceback" not in told
    assert_gone(family)


@pytest.mark.parametrize("engine", ["sketch", "mflux"])
async def test_its_log_has_no_words(engine: str, request: pytest.FixtureRequest) -> None:
    """Neither of what it draws nor of what it refuses; each line is JSON, a worker's as well."""
    variables = {"HATCHERY_AVATAR_ENGINE": engine}
    if engine == "mflux":
        variables["HATCHERY_MFLUX_MODEL"] = str(request.getfixturevalue("tiny_flux"))
    refused = set[grpc.StatusCode]()
    async with service(**variables) as (process, channel):
        async with asyncio.timeout(60):
            await ready(channel)
        stub: Any = AvatarServiceStub(channel)
        small = {"width": 64, "height": 64}
        for asked in (
            GenerateRequest(prompt=SAID, species=SAID, style=SAID, **small),
            GenerateRequest(prompt=SAID, model=SAID, **small),
            GenerateRequest(prompt=SAID, width=63),
        ):
            try:
                assert_story([event async for event in stub.Generate(asked)])
            except grpc.aio.AioRpcError as error:
                refused.add(error.code())
        told = await told_until_its_end(process)
    assert {grpc.StatusCode.INVALID_ARGUMENT} == refused
    lines = discreet(told, "avatar")
    assert {"ready", "call refused", "stopped"} <= {line["event"] for line in lines}


async def test_killing_the_service_leaves_no_painter() -> None:
    """The processes that rasterise end when the one they belong to is gone."""
    async with service() as (process, channel):
        stub: Any = AvatarServiceStub(channel)
        asked = GenerateRequest(prompt="a hen", width=64, height=64)
        assert_story([event async for event in stub.Generate(asked)])
        family = psutil.Process(process.pid).children(recursive=True)
        process.kill()
        await process.wait()
    assert family
    assert_gone(family)


async def test_an_engine_that_cannot_work_ends_the_service(tmp_path: Path) -> None:
    """One line says why, and the status is not zero."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "services.avatar",
        env={
            "HATCHERY_AVATAR_ENGINE": "mflux",
            "HATCHERY_MFLUX_MODEL": str(tmp_path / "none"),
        },
        stderr=asyncio.subprocess.PIPE,
    )
    _, told = await process.communicate()
    assert process.returncode == 2
    assert b"Traceback" not in told
    assert b"cannot serve" in told.splitlines()[-1]
