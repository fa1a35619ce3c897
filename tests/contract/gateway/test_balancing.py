"""Replicas of an engine service: each of them takes load, and so does one that comes later."""

import asyncio
from collections import Counter
from contextlib import AsyncExitStack
from pathlib import Path

from tests.support.gateway import Client, gateway
from tests.support.names import Names, names
from tests.support.oracle import assert_story
from tests.support.ports import free_port
from tests.support.scripted import Engines, scripted_engines, scripted_texts

PLACES = ("127.0.0.2", "127.0.0.3", "127.0.0.4")
AGE = 1.0


async def calls(client: Client, replicas: list[Engines], count: int) -> Counter[str]:
    """Writes so many texts, one after the other; how many each replica got."""
    for replica in replicas:
        replica.text_calls.clear()
    for _ in range(count):
        assert_story(await client.write())
    return Counter(
        {
            place: len(one.text_calls)
            for place, one in zip(PLACES, replicas, strict=True)
            if one.text_calls
        }
    )


async def found(client: Client, replicas: list[Engines], wanted: int) -> None:
    """Returns once so many replicas get texts."""
    async with asyncio.timeout(30):
        while len(await calls(client, replicas, 2 * wanted)) != wanted:  # noqa: ASYNC110
            # Nobody tells when a name is looked up again.
            await asyncio.sleep(AGE / 4)


async def test_new_replicas_take_load(database_url: str, tmp_path: Path) -> None:
    """One of three replicas is there at first; all are used evenly soon after they have come.

    And nothing fails while one leaves.
    """
    port = free_port()
    replicas = [
        Engines(llm_target=f"{place}:{port}", settings={"connection_age": AGE}) for place in PLACES
    ]
    with names() as told:
        told.places["llm.hatchery"] = PLACES[:1]
        async with AsyncExitStack() as running:
            await running.enter_async_context(scripted_texts(replicas[0]))
            engines = await running.enter_async_context(scripted_engines())
            client = await running.enter_async_context(
                gateway(
                    database_url,
                    engines,
                    tmp_path,
                    llm_target=told.target("llm.hatchery", port),
                    plaintext=True,
                )
            )
            assert 1 == len(await calls(client, replicas, 3))
            last = AsyncExitStack()
            await running.enter_async_context(scripted_texts(replicas[1]))
            await last.enter_async_context(scripted_texts(replicas[2]))
            told.places["llm.hatchery"] = PLACES
            await found(client, replicas, 3)
            # Ten each, but for where the round begins anew as connections end.
            spread = await calls(client, replicas, 30)
            assert 3 == len(spread)
            assert 3 <= min(spread.values())
            await _leave(told, last, client)
            await found(client, replicas, 2)


async def _leave(told: Names, last: AsyncExitStack, client: Client) -> None:
    """Takes the third replica away, as a cluster does, while texts are written."""
    writing = asyncio.gather(*(client.write() for _ in range(6)))
    told.places["llm.hatchery"] = PLACES[:2]
    await last.aclose()
    for story in await writing:
        assert assert_story(story)[-1].HasField("completed")
