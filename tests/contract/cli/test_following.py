"""A stream that falls silent while its connection stands, over a real port."""

import asyncio
from typing import Any

from hatchery.gateway.v1.agent_service_pb2 import CreateAgentRequest
from hatchery.progress.v1.progress_pb2 import StepCompleted

from clients.cli.commands.hatch import watching
from clients.cli.following import Following
from clients.cli.home import Home
from clients.cli.patience import Patience
from clients.cli.server import Server
from services.runtime.engine_stream import Emit
from tests.contract.cli.conftest import Place
from tests.support.oracle import assert_story
from tests.support.scripted import Engines, draw_portrait


async def test_silence_is_a_lost_connection(running: Place, engines: Engines) -> None:
    """Whoever hears not even a heartbeat comes back by itself, and the story is whole."""
    shown, silent = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    async def stall(request: Any, emit: Emit) -> StepCompleted:
        await shown.wait()
        return await draw_portrait(request, emit)

    def lost(_: float) -> None:
        loop.call_soon_threadsafe(silent.set)

    engines.image = stall
    server = Server(Home(), running.address, "")
    request = CreateAgentRequest(description="a dragon")
    connect = watching(server, lambda: server.agents.CreateAgent(request))
    following = Following(connect, lost=lost, patience=Patience(silence=0.5))
    telling = asyncio.create_task(asyncio.to_thread(lambda: list(following.events())))
    async with asyncio.timeout(20):
        await silent.wait()
        shown.set()
        assert_story(await telling)
    server.close()
