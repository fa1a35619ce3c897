"""What a service says of its engine, over a real port, whatever the engine's checks come to."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

from services.llm.__main__ import follow
from services.runtime.errors import PromptTooLong
from services.runtime.serving import running_server
from services.runtime.settings import ServerSettings
from tests.contract.llm.scripted import ScriptedEngine
from tests.support.waiting import until


@dataclass
class Checked(ScriptedEngine):
    """Its checks raise one after the other what a test wants; None passes, "hang" never ends."""

    checks: list[Exception | str | None] = field(default_factory=list)
    done: int = 0

    async def check(self) -> None:
        """Does the next one; the last one again and again."""
        check = self.checks[min(self.done, len(self.checks) - 1)]
        self.done += 1
        if isinstance(check, Exception):
            raise check
        if check is not None:
            await asyncio.Event().wait()


async def test_a_check_that_fails_in_any_way_means_not_ready_and_ends_nothing() -> None:
    """Nor does one that never ends; and what can work again is ready again."""
    engine = Checked(checks=[None, PromptTooLong("no"), TypeError("no"), "hang", None])
    said = list[int]()
    serving, not_serving = (
        health_pb2.HealthCheckResponse.SERVING,
        health_pb2.HealthCheckResponse.NOT_SERVING,
    )

    async def heard() -> bool:
        return bool(said)

    async def restored() -> bool:
        return [serving, not_serving, serving] == said[-3:]

    async def listen(stub: Any) -> None:
        async for answer in stub.Watch(health_pb2.HealthCheckRequest()):
            said.append(answer.status)

    settings = ServerSettings(listen="127.0.0.1:0")
    async with (
        running_server(settings, lambda _: None, []) as server,
        grpc.aio.insecure_channel(f"127.0.0.1:{server.port}") as channel,
        asyncio.TaskGroup() as tasks,
    ):
        listening = tasks.create_task(listen(health_pb2_grpc.HealthStub(channel)))
        await until(heard, 10)
        following = tasks.create_task(follow(engine, server, interval=0.1))
        await until(restored, 10)
        following.cancel()
        listening.cancel()
    assert 5 <= engine.done
