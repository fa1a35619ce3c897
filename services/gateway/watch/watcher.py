"""Following a log from a cursor: what is stored, then live, without a gap or a repeat."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable

from hatchery.progress.v1.progress_pb2 import Heartbeat, Progress

from services.gateway.names import generation_name
from services.gateway.store.log import Head, Log
from services.gateway.watch.hub import Channel, Hub
from services.runtime.errors import CursorBeyondLog, ResourceNotFound, StoreUnavailable
from services.runtime.folding import TERMINAL

Write = Callable[[bytes], Awaitable[None]]

# How many events are read from the store at once: a slow reader holds no more in memory.
_PAGE = 200


class Watcher:
    """Follows generations of this replica and of others."""

    def __init__(self, log: Log, hub: Hub, *, heartbeat: float, poll: float) -> None:
        self._log = log
        self._hub = hub
        self._heartbeat = heartbeat
        self._poll = poll

    async def watch(self, generation: uuid.UUID, after: int, write: Write) -> None:
        """Writes every event after the cursor, in order, and returns after the terminal one.

        Raises CursorBeyondLog. Whoever may see the generation is the caller's to decide.
        """
        with self._hub.follow(generation) as channel:
            head = await self._head(generation)
            if after > head.last_sequence:
                raise CursorBeyondLog(
                    f"the log ends at {head.last_sequence}; GetGeneration has the snapshot",
                    metadata={"last_sequence": str(head.last_sequence)},
                )
            if head.ended and after == head.last_sequence:
                return
            await self._follow(generation, channel, after, write)

    async def _follow(
        self, generation: uuid.UUID, channel: Channel, cursor: int, write: Write
    ) -> None:
        mark, latest = 0, b""
        while True:
            moved = channel.moved
            events = channel.after(cursor) if channel.last_sequence else None
            if events is None:
                events = [e for _, e in await self._log.read(generation, cursor, _PAGE)]
            for event in events:
                await write(event)
                cursor, latest = cursor + 1, event
            if events:
                if _ends(latest):
                    return
                continue
            mark, ephemeral = channel.ephemeral(mark)
            for event in ephemeral:
                await write(event)
            if moved.is_set():
                continue
            if not await _wait(moved, self._heartbeat):
                await write(_heartbeat(generation, latest))

    async def tail(self) -> None:
        """Looks for ever after what other replicas commit, and after wake-ups that were lost."""
        while True:
            await asyncio.sleep(self._poll)
            followed = self._hub.followed
            if not followed:
                continue
            try:
                heads = await self._log.heads(followed)
            except StoreUnavailable:
                continue
            for generation, head in heads.items():
                channel = self._hub.channel(generation)
                if channel and head.last_sequence > channel.last_sequence:
                    await self._catch_up(generation, channel, head)

    async def _catch_up(self, generation: uuid.UUID, channel: Channel, head: Head) -> None:
        """Puts the newest events, at most a page of them, into the channel of a generation."""
        start = max(channel.last_sequence, head.last_sequence - _PAGE)
        try:
            events = await self._log.read(generation, start, _PAGE)
        except StoreUnavailable:
            return
        # The writer of this replica may have published meanwhile.
        fresh = [event for sequence, event in events if sequence > channel.last_sequence]
        if fresh:
            last = events[-1][0]
            channel.publish(last - len(fresh) + 1, fresh)

    async def _head(self, generation: uuid.UUID) -> Head:
        heads = await self._log.heads([generation])
        if generation not in heads:
            raise ResourceNotFound(generation_name(generation))
        return heads[generation]


async def _wait(moved: asyncio.Event, timeout: float) -> bool:
    try:
        async with asyncio.timeout(timeout):
            await moved.wait()
    except TimeoutError:
        return False
    return True


def _ends(event: bytes) -> bool:
    return Progress.FromString(event).WhichOneof("event") in TERMINAL


def _heartbeat(generation: uuid.UUID, latest: bytes) -> bytes:
    beat = Progress(generation=generation_name(generation), heartbeat=Heartbeat())
    beat.fraction = Progress.FromString(latest).fraction
    beat.emit_time.GetCurrentTime()
    return beat.SerializeToString()
