"""What a service costs over its bare engine: both in turn, in one run, as a ratio of medians."""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from typing import Any

import grpc
from hatchery.avatar.v1 import avatar_service_pb2 as avatar
from hatchery.avatar.v1.avatar_service_pb2_grpc import AvatarServiceStub
from hatchery.llm.v1 import llm_service_pb2 as llm
from hatchery.llm.v1.llm_service_pb2_grpc import LlmServiceStub

from deploy.local.checks import grpc_serving
from services.avatar.engines.sketch.engine import SketchEngine
from services.avatar.port import PortraitRequest
from services.llm.engines.llamacpp.engine import sampling
from services.llm.engines.llamacpp.loading import load
from services.llm.settings import LlmSettings
from tests.bench.figures import Figure, at_least, at_most
from tests.support.ports import free_port
from tests.support.process import module_process

# Even, as each of the two goes first in every other round.
ROUNDS = 12
TOKENS = 120
PROMPT = "Tell me a very long story about a dragon and the sea."
SAMPLING = llm.SamplingOptions(temperature=0.0, top_k=1, repeat_penalty=1.3, max_tokens=TOKENS)
SENTENCE = "a shy water dragon who loves books"


async def measure() -> list[Figure]:
    """Tokens a second through LlmService, and time per portrait through AvatarService."""
    with ExitStack() as running:
        targets = []
        for service in ("llm", "avatar"):
            targets.append(f"127.0.0.1:{free_port()}")
            running.enter_context(
                module_process(f"services.{service}", HATCHERY_LISTEN=targets[-1])
            )
        for target in targets:
            await grpc_serving(target)
        return [*await _text(targets[0]), *await _portrait(targets[1])]


async def _text(target: str) -> list[Figure]:
    bare = load(LlmSettings())
    request = llm.GenerateRequest(
        messages=[llm.Message(role=llm.Message.ROLE_USER, content=PROMPT)],
        sampling=SAMPLING,
        seed=1,
    )
    body = {
        **sampling(request),  # the same work for both
        "max_tokens": TOKENS,
        "messages": [{"role": "user", "content": PROMPT}],
        "seed": 1,
        "stream": True,
        "timings_per_token": True,
        "cache_prompt": True,
    }

    async def alone() -> float:
        tokens = 0

        def hear(raw: Any) -> bool:
            nonlocal tokens
            for chunk in raw if isinstance(raw, list) else [raw]:
                tokens = (chunk.get("timings") or {}).get("predicted_n", tokens)
            return False

        began = time.monotonic()
        await asyncio.to_thread(bare.handle_chat_completions, body, hear)
        assert tokens == TOKENS
        return tokens / (time.monotonic() - began)

    async with grpc.aio.insecure_channel(target) as channel:
        stub = LlmServiceStub(channel)

        async def served() -> float:
            tokens, began = 0, time.monotonic()
            try:
                async for event in stub.Generate(request):
                    tokens = event.token_progress.tokens or tokens
            except grpc.aio.AioRpcError as error:
                # The text is cut off on purpose, at the same token for both.
                if error.code() is not grpc.StatusCode.ABORTED:
                    raise
            assert tokens == TOKENS
            return tokens / (time.monotonic() - began)

        bare_rate, served_rate, ratio = await _in_turn(alone, served)
    return [
        Figure("llamacpp, bare", bare_rate, "tokens/s"),
        Figure("llamacpp, through LlmService", served_rate, "tokens/s"),
        at_least("LlmService to bare engine, tokens/s", ratio, "", 0.95),
    ]


async def _portrait(target: str) -> list[Figure]:
    engine = SketchEngine()

    async def alone() -> float:
        began = time.monotonic()
        await engine.draw(PortraitRequest(SENTENCE, seed=1), lambda _: None)
        return time.monotonic() - began

    async with grpc.aio.insecure_channel(target) as channel:
        stub = AvatarServiceStub(channel)

        async def served() -> float:
            began = time.monotonic()
            async for _ in stub.Generate(avatar.GenerateRequest(prompt=SENTENCE, seed=1)):
                pass
            return time.monotonic() - began

        bare_time, served_time, ratio = await _in_turn(alone, served)
    await engine.close()
    return [
        Figure("sketch, bare", bare_time * 1000, "ms"),
        Figure("sketch, through AvatarService", served_time * 1000, "ms"),
        at_most("AvatarService to bare engine, time", ratio, "", 1.05),
    ]


async def _in_turn(
    bare: Callable[[], Awaitable[float]], served: Callable[[], Awaitable[float]]
) -> tuple[float, float, float]:
    """The medians of both, and of their ratio round by round.

    What a busy machine does to one it does to its neighbour in time, so that the ratio of a round
    says more than that of the medians.
    """
    await bare(), await served()
    rounds = []
    for number in range(ROUNDS):
        if number % 2:
            other, one = await served(), await bare()
        else:
            one, other = await bare(), await served()
        rounds.append((one, other, other / one))
    one, other, ratio = (statistics.median(column) for column in zip(*rounds, strict=True))
    return one, other, ratio
