"""What a replica hands to those who follow a generation there."""

import asyncio
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from hatchery.progress.v1.progress_pb2 import Completed, Progress, Queued

from services.gateway.store.log import Head
from services.gateway.watch.hub import Hub
from services.gateway.watch.watcher import Watcher
from services.runtime.errors import CursorTrimmed
from tests.support.oracle import assert_story

GENERATION = uuid.UUID(int=1)
NAME = f"generations/{GENERATION}"


def queued() -> bytes:
    """The first event of a log."""
    event = Progress(generation=NAME, sequence=1, queued=Queued())
    event.emit_time.FromSeconds(1)
    return event.SerializeToString()


def completed() -> bytes:
    """The last one of a short log."""
    event = Progress(generation=NAME, sequence=2, completed=Completed(), fraction=1.0)
    event.emit_time.FromSeconds(2)
    return event.SerializeToString()


def held(hub: Hub) -> list[bytes] | None:
    """What memory has of the log, for who begins to follow it."""
    with hub.follow(GENERATION) as channel:
        events = channel.after(0)
        return None if events is None else list(events)


def test_who_follows_what_was_just_accepted_has_its_beginning() -> None:
    """Once: whoever comes later has to ask the store what there is."""
    hub, first = Hub(lambda _: None), queued()
    assert held(hub) is None
    hub.accepted(GENERATION, first)
    with hub.follow(GENERATION) as channel:
        assert [first] == channel.after(0) == held(hub)
    assert held(hub) is None


def moved_here(hub: Hub) -> None:
    """Its runner is of this replica."""
    hub.publish(GENERATION, 2, [completed()])


@pytest.mark.parametrize(
    "moved",
    [moved_here, lambda hub: hub.heard([GENERATION]), lambda hub: hub.heard(None)],
    ids=["here", "elsewhere", "perhaps"],
)
def test_what_moved_meanwhile_is_for_the_store_to_tell(moved: Callable[[Hub], None]) -> None:
    """Here, or at another replica."""
    hub = Hub(lambda _: None)
    hub.accepted(GENERATION, queued())
    moved(hub)
    assert held(hub) is None


def test_what_was_accepted_a_while_ago_may_have_moved() -> None:
    """A quarter of a second is a while: a wake-up may be lost."""
    now = 1000.0
    hub = Hub(lambda _: None, clock=lambda: now)
    hub.accepted(GENERATION, queued())
    now += 0.24
    assert [queued()] == held(hub)
    hub.accepted(GENERATION, queued())
    now += 0.26
    assert held(hub) is None


def test_so_many_beginnings_are_kept() -> None:
    """Those that nobody follows are let go, the oldest first."""
    hub, more = Hub(lambda _: None), uuid.UUID(int=2)
    hub.accepted(GENERATION, queued())
    hub.accepted(more, queued())
    for number in range(255):
        hub.accepted(uuid.UUID(int=1000 + number), queued())
    assert held(hub) is None
    with hub.follow(more) as channel:
        assert [queued()] == channel.after(0)


async def test_what_memory_has_needs_no_store() -> None:
    """From the first event to the last, for who was there when it was accepted and who joins."""

    class Nothing:
        def __getattr__(self, name: str) -> Any:
            raise AssertionError(name)

    hub = Hub(lambda _: None)
    watcher: Any = Watcher(Nothing(), hub, heartbeat=10)  # type: ignore[arg-type]
    stories: tuple[list[Progress], list[Progress]] = ([], [])

    async def follow(story: list[Progress], after: int) -> None:
        async def write(event: bytes) -> None:
            story.append(Progress.FromString(event))

        await watcher.watch(GENERATION, after, write)

    hub.accepted(GENERATION, queued())
    first = asyncio.ensure_future(follow(stories[0], 0))
    await asyncio.sleep(0)
    second = asyncio.ensure_future(follow(stories[1], 1))
    await asyncio.sleep(0)
    assert [1] == [event.sequence for event in stories[0]]
    with hub.follow(GENERATION):
        hub.publish(GENERATION, 2, [completed()])
        async with asyncio.timeout(5):
            await asyncio.gather(first, second)
    assert_story(stories[0])
    assert_story(stories[1], after=1)


async def test_what_has_ended_may_be_trimmed_whatever_memory_has() -> None:
    """The store is asked: every replica answers a cursor alike."""

    class Trimmed:
        async def heads(self, generations: list[uuid.UUID]) -> dict[uuid.UUID, Head]:
            return {one: Head(1, 2, "COMPLETED", trimmed=1) for one in generations}

    hub, written = Hub(lambda _: None), list[bytes]()

    async def write(event: bytes) -> None:
        written.append(event)

    hub.accepted(GENERATION, queued())
    with hub.follow(GENERATION):
        hub.publish(GENERATION, 2, [completed()])
        watcher: Any = Watcher(Trimmed(), hub, heartbeat=10)  # type: ignore[arg-type]
        with pytest.raises(CursorTrimmed):
            await watcher.watch(GENERATION, 0, write)
        await watcher.watch(GENERATION, 1, write)
        await watcher.watch(GENERATION, 2, write)
    assert [completed()] == written
