"""The table of provocations, and what several of them share."""

from collections.abc import Awaitable, Callable
from typing import Any

from tests.contract.gateway.conftest import OWNER_UNFINISHED
from tests.contract.gateway.requests import refusal_of
from tests.support.calls import RPCS, Refusal, call
from tests.support.gateway import Client
from tests.support.scripted import HOLD
from tests.support.waiting import until

Provoke = Callable[[Client], Awaitable[Refusal]]
PROVOKED: dict[tuple[str, str], Provoke] = {}


def provokes(rpc: str, reason: str) -> Callable[[Provoke], Provoke]:
    """Enters a provocation into the table that is held against the protos."""

    def enter(provoke: Provoke) -> Provoke:
        PROVOKED[(rpc, reason)] = provoke
        return provoke

    return enter


async def long_after(client: Client, rpc: str, request: Any) -> Refusal:
    """Sends a request, and the same again when its generation has ended and was trimmed."""
    service, _, method = rpc.partition(".")
    stubs = {
        "AgentService": client.agents,
        "ArtifactService": client.artifacts,
        "ConversationService": client.conversations,
        "GenerationService": client.generations,
        "RecipeService": client.recipes,
    }
    async for _event in getattr(stubs[service], method)(request):
        pass
    return await once_trimmed(client, rpc, request)


async def once_trimmed(client: Client, rpc: str, request: Any) -> Refusal:
    """How a request is refused as soon as what ended was trimmed; until then it is answered."""
    answers = list[Any]()

    async def is_refused() -> bool:
        answers.append(await call(client.channel, RPCS[rpc], request, client.metadata))
        return isinstance(answers[-1], Refusal)

    await until(is_refused)
    refused: Refusal = answers[-1]
    return refused


async def when_full(owner: Client, rpc: str, request: Any) -> Refusal:
    """Sends a request of somebody who has as much under way as anybody may."""
    names = [await owner.start(f"{HOLD}full") for _ in range(OWNER_UNFINISHED)]
    refused = await refusal_of(owner, rpc, request)
    assert str(OWNER_UNFINISHED) == refused.info.metadata["limit"]
    assert refused.retry_after
    for name in names:
        await owner.cancel(name)
    return refused
