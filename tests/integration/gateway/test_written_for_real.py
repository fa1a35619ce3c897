"""Texts that real engines write, all the way: gateway, llm service, and llama.cpp or Ollama."""

import json
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from hatchery.gateway.v1 import generation_service_pb2 as pb
from hatchery.progress.v1.progress_pb2 import Progress

from deploy.local.checks import grpc_serving
from tests.integration.gateway.test_control import halted
from tests.support.gateway import Client, gateway
from tests.support.oracle import assert_story
from tests.support.ports import free_port
from tests.support.process import module_process
from tests.support.scripted import Engines
from tests.tools.ollama_server import OllamaServer

ENGINES = ("llamacpp", "ollama")
SHORT = "What is bread? Answer in one sentence."


@asynccontextmanager
async def text_service(engine: str, ollama: OllamaServer) -> AsyncIterator[str]:
    """The llm service with a real engine; where it listens."""
    llm = f"127.0.0.1:{free_port()}"
    settings = {"HATCHERY_LLM_ENGINE": engine, "HATCHERY_OLLAMA_URL": ollama.url}
    with module_process("services.llm", HATCHERY_LISTEN=llm, **settings):
        await grpc_serving(llm)
        yield llm


@asynccontextmanager
async def writing(
    engine: str, database_url: str, engines: Engines, folder: Path, ollama: OllamaServer
) -> AsyncIterator[Client]:
    """A gateway whose texts a real engine writes."""
    async with (
        text_service(engine, ollama) as engines.llm_target,
        gateway(database_url, engines, folder) as client,
    ):
        yield client


def _asked_directly(ollama: OllamaServer, prompt: str, seed: int) -> dict[str, int]:
    """What Ollama itself says of the same question: its counts at the end."""
    body = {
        "model": "smollm2",
        "messages": [{"role": "user", "content": prompt}],
        "stream": False,
        "options": {"temperature": 0, "seed": seed, "num_predict": 200},
    }
    asked = urllib.request.Request(f"{ollama.url}/api/chat", json.dumps(body).encode())
    with urllib.request.urlopen(asked, timeout=120) as answer:
        told: dict[str, int] = json.load(answer)
    return told


def _end(story: list[Progress]) -> Progress:
    (ended,) = [e for e in story if e.step == "write" and e.HasField("step_completed")]
    return ended


async def test_the_numbers_are_the_engines_own(
    database_url: str, engines: Engines, tmp_path: Path, ollama_server: OllamaServer
) -> None:
    """Tokens that were read and written, as Ollama counts them when it is asked directly."""
    async with writing("ollama", database_url, engines, tmp_path, ollama_server) as client:
        story = assert_story(await client.write(SHORT, temperature=0.0, seed=3, max_tokens=200))
    own, usage = _asked_directly(ollama_server, SHORT, 3), _end(story).step_completed.usage
    assert (own["prompt_eval_count"], own["eval_count"]) == (
        usage.input_tokens,
        usage.output_tokens,
    )
    rate = usage.output_tokens / (usage.generate_duration.ToNanoseconds() / 1e9)
    gauge = [e.token_progress for e in story if e.HasField("token_progress")][-1]
    assert (usage.output_tokens, rate) == (
        gauge.tokens,
        pytest.approx(gauge.tokens_per_second, rel=0.01),
    )


@pytest.mark.parametrize("engine", ENGINES)
async def test_a_text_is_paused_and_goes_on(
    database_url: str, engines: Engines, tmp_path: Path, ollama_server: OllamaServer, engine: str
) -> None:
    """The engine goes on after what stands there; nothing of it is said again, or lost."""
    async with writing(engine, database_url, engines, tmp_path, ollama_server) as client:
        prompt = "Write a long story about a lighthouse keeper."
        name = await client.begin_writing(prompt, seed=5, max_tokens=120)

        def some(event: Progress) -> bool:
            return event.token_progress.tokens >= 20

        await client.watch(name, until=some)
        await client.pause(name)
        await halted(client, name)
        kept = (await client.get(name)).texts[0].text
        await client.resume(name)
        story = assert_story(await client.watch(name))
        made = await client.artifact(story[-1].completed.resource)
    starts = [e for e in story if e.step == "write" and e.HasField("step_started")]
    assert [(1, False), (1, True)] == [(e.attempt, e.step_started.continues) for e in starts]
    written = _end(story).step_completed
    assert made.content == "".join(e.text_delta.text for e in story) == written.text
    assert made.content.startswith(kept)
    added = made.content.removeprefix(kept)
    assert added.strip()
    assert not added.strip().startswith(kept.strip()[:40])
    assert "  " not in kept[-1:] + added[:1]
    assert 20 <= written.usage.kept_tokens < written.usage.output_tokens <= 121


async def test_a_small_model_writes_no_app_and_says_so(
    database_url: str, engines: Engines, tmp_path: Path, ollama_server: OllamaServer
) -> None:
    """It fails, typed, with the reason of its last try; or what it wrote stands alone."""
    async with writing("llamacpp", database_url, engines, tmp_path, ollama_server) as client:
        story = assert_story(await client.write("a todo list", kind=2, seed=1, max_tokens=300))
        generation = await client.get(story[0].generation)
        if generation.state == pb.Generation.STATE_COMPLETED:
            assert "<html" in (await client.artifact(generation.artifact)).content
        else:
            (step,) = [step for step in generation.steps if step.step == "write"]
            assert 2 == step.attempt
            reason = generation.error.message
            assert any(word in reason for word in ("HTML", "limit", "repeated", "script", "alone"))
