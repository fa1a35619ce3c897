"""Talks with real engines, all the way: gateway, llm service, and llama.cpp or Ollama."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import grpc
import pytest
from grpc_status import rpc_status
from hatchery.llm.v1 import llm_service_pb2_grpc

from services.runtime.errors import ModelTooSmall, OutputCutOff, OutputInvalid, OutputLooping
from services.runtime.serving import running_server
from services.runtime.settings import ServerSettings
from services.runtime.status import from_status
from tests.integration.gateway.test_written_for_real import ENGINES, text_service, writing
from tests.support.gateway import gateway
from tests.support.oracle import assert_story
from tests.support.scripted import Engines
from tests.support.thinking import companion, conversation_of, memories, messages, result
from tests.tools.ollama_server import OllamaServer


@pytest.mark.parametrize("engine", ENGINES)
async def test_a_small_model_talks(
    database_url: str, engines: Engines, tmp_path: Path, ollama_server: OllamaServer, engine: str
) -> None:
    """It answers as the companion, says that it cannot plan, and remembers what it was told."""
    hatched = engines.llm_target
    async with gateway(database_url, engines, tmp_path) as scripted:
        agent = await companion(scripted)
    async with writing(engine, database_url, engines, tmp_path, ollama_server) as client:
        first = assert_story(await client.say("My cat is called Mio.", agent=agent, seed=3))
        conversation = conversation_of(first)
        second = assert_story(
            await client.say("What is my cat called?", conversation=conversation, seed=3)
        )
        said = await messages(client, conversation)
        kept = await memories(client, agent)
    assert hatched != engines.llm_target
    for story in (first, second):
        assert isinstance(from_status(result(story, "planning").fallback.error), ModelTooSmall)
        reply = result(story, "execution").reply.text
        assert 5 < len(reply) < 600
        assert (
            reply
            == "".join(
                e.text_delta.text
                for e in story
                if e.step == "execution" and e.HasField("text_delta")
            ).strip()
        )
        assert result(story, "execution").usage.output_tokens > 1
    assert [one.text for one in said[1::2]] == [
        result(story, "execution").reply.text for story in (first, second)
    ]
    assert ["My cat is called Mio."] == [one.text for one in kept]
    found = result(second, "context").context_reading.memories
    assert ["My cat is called Mio."] == [one.text for one in found]


class _Trusted(llm_service_pb2_grpc.LlmServiceServicer):
    """A text service whose models are all believed to hold a document together."""

    def __init__(self, channel: grpc.aio.Channel) -> None:
        self._real = llm_service_pb2_grpc.LlmServiceStub(channel)
        self.documents = 0
        self.target = ""

    async def Generate(self, request: Any, context: Any) -> None:  # type: ignore[override]
        self.documents += request.HasField("response_format")
        try:
            async for event in self._real.Generate(request):
                await context.write(event)
        except grpc.aio.AioRpcError as error:
            status = rpc_status.from_call(error)
            assert status is not None
            raise from_status(status) or error from error

    async def ListModels(self, request: Any, context: Any) -> Any:
        listed = await self._real.ListModels(request)
        for model in listed.models:
            model.documents = True
        return listed


@asynccontextmanager
async def _trusting(target: str) -> AsyncIterator[_Trusted]:
    async with grpc.aio.insecure_channel(target) as channel:
        trusted = _Trusted(channel)
        settings = ServerSettings(listen="127.0.0.1:0", stop_grace=0)
        add = llm_service_pb2_grpc.add_LlmServiceServicer_to_server
        async with running_server(settings, lambda s: add(trusted, s), []) as server:
            await server.set_ready()
            trusted.target = f"127.0.0.1:{server.port}"
            yield trusted


async def test_ollama_thinks_in_the_documents_that_it_is_asked_for(
    database_url: str, engines: Engines, tmp_path: Path, ollama_server: OllamaServer
) -> None:
    """It takes every schema, and whatever a small model makes of it, the companion answers."""
    async with gateway(database_url, engines, tmp_path) as scripted:
        agent = await companion(scripted)
    async with text_service("ollama", ollama_server) as real, _trusting(real) as trusted:
        engines.llm_target = trusted.target
        async with gateway(database_url, engines, tmp_path) as client:
            story = assert_story(
                await client.say(
                    "Please remember that I like tea, and draw a new portrait of you.",
                    agent=agent,
                    seed=3,
                )
            )
    assert trusted.documents >= 2
    assert story[-1].HasField("completed"), story[-1]
    assert result(story, "execution").reply.text
    for event in story:
        if event.HasField("step_retrying"):
            error = from_status(event.step_retrying.error)
            assert isinstance(error, OutputInvalid | OutputCutOff | OutputLooping)
