"""Following a log from a cursor: what is stored, then live, without a gap or a repeat."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from hatchery.progress.v1.progress_pb2 import Heartbeat, Progress

from services.gateway.names import generation_name
from services.gateway.store.log import Head, Log
from services.gateway.watch.hub import Channel, Hub
from services.gateway.watch.stamps import stamp
from services.runtime.errors import (
    CursorBeyondLog,
    CursorTrimmed,
    ResourceNotFound,
    StoreUnavailable,
)
from services.runtime.tracing import unseen

Write = Callable[[bytes], Awaitable[None]]

# A heartbeat comes up to this part of its time early.
_LOOKS = 4
# How often one looks whether what is silent is still there, in seconds.
_GONE = 60.0
# How many events are read from the store at once: a slow reader holds no more in memory.
_PAGE = 200


@dataclass(eq=False, slots=True)
class _Place:
    """How far somebody has read a log."""

    channel: Channel
    cursor: int


class Watcher:
    """Follows generations of this replica and of others."""

    def __init__(self, log: Log, hub: Hub, *, heartbeat: float) -> None:
        self._log = log
        self._hub = hub
        self._heartbeat = heartbeat
        self._places: set[_Place] = set()

    async def settle(self, seconds: float) -> None:
        """Returns when everybody was told all that is known here, or after so long."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self._anybody_is_behind():  # noqa: ASYNC110  # everybody at their own pace
                    await asyncio.sleep(0.01)

    def _anybody_is_behind(self) -> bool:
        return any(one.cursor < one.channel.last_sequence for one in self._places)

    async def watch(
        self,
        generation: uuid.UUID,
        after: int,
        write: Write,
        *,
        heartbeats: bool = True,
        caught_up: Callable[[], None] = lambda: None,
    ) -> None:
        """Writes every event after the cursor, in order, and returns after the terminal one.

        Between them come ephemeral ones, and heartbeats where they are wanted. `caught_up` is
        called whenever there is nothing more to write for now. Raises CursorBeyondLog,
        CursorTrimmed, and ResourceNotFound, also where it is deleted meanwhile. Whoever may see the
        generation is the caller's to decide.
        """
        with self._hub.follow(generation) as channel:
            if await self._is_over(generation, channel, after):
                return
            silence = self._heartbeat * (1 - 1 / _LOOKS) if heartbeats else float("inf")
            place = _Place(channel, after)
            self._places.add(place)
            try:
                await self._follow(generation, place, write, silence=silence, caught_up=caught_up)
            finally:
                self._places.discard(place)

    async def _is_over(self, generation: uuid.UUID, channel: Channel, after: int) -> bool:
        """Whether nothing can come after a cursor. Raises what `watch` documents.

        The store need not be asked where memory has all that does and it has not ended: nothing was
        let go of then.
        """
        if after <= channel.last_sequence and channel.after(after) is not None:
            ended, _ = stamp(channel.latest)
            if not ended:
                return False
        head = await self._head(generation)
        if after > head.last_sequence:
            raise CursorBeyondLog(
                f"the log ends at {head.last_sequence}; GetGeneration has the snapshot",
                metadata={
                    "generation": generation_name(generation),
                    "last_sequence": str(head.last_sequence),
                },
            )
        if after < head.trimmed:
            raise _trimmed(generation)
        return head.ended and after == head.last_sequence

    async def run(self) -> None:
        """Lets everybody look for ever whether it is time for a heartbeat: one clock for all.

        One generation after another, so that not everybody looks at once.
        """
        while True:
            followed = self._hub.followed
            for generation in followed:
                if channel := self._hub.channel(generation):
                    channel.wake()
                await asyncio.sleep(self._heartbeat / _LOOKS / len(followed))
            if not followed:
                await asyncio.sleep(self._heartbeat / _LOOKS)

    async def _follow(
        self,
        generation: uuid.UUID,
        place: _Place,
        write: Write,
        *,
        silence: float,
        caught_up: Callable[[], None],
    ) -> None:
        channel, loop = place.channel, asyncio.get_running_loop()
        mark, latest, written = 0, b"", loop.time()
        looked = written
        while True:
            moved = channel.moved
            events = await self._after(generation, channel, place.cursor)
            for event in events:
                await write(event)
                latest, written = event, loop.time()
                place.cursor += 1
            if events:
                ends, _ = stamp(latest)
                if ends:
                    return
                continue
            caught_up()
            mark, ephemeral = channel.ephemeral(mark)
            for event in ephemeral:
                await write(event)
                written = loop.time()
            if not ephemeral and loop.time() >= written + silence:
                latest = latest or await self._at(generation, place.cursor)
                if latest:
                    await write(_heartbeat(generation, latest))
                written = loop.time()
            if loop.time() >= looked + _GONE:
                looked = loop.time()
                with suppress(StoreUnavailable), unseen():
                    await self._head(generation)  # it may have been deleted with all of its log
            await moved.wait()

    async def _after(self, generation: uuid.UUID, channel: Channel, cursor: int) -> Sequence[bytes]:
        """Events after the cursor; none while the store is lost, they come when it is back."""
        events = channel.after(cursor)
        if events is None:
            try:
                read = await self._log.read(generation, cursor, _PAGE)
            except StoreUnavailable:
                channel.stale = True
                return []
            if read and read[0][0] != cursor + 1:
                raise _trimmed(generation)
            events = [event for _, event in read]
        return events

    async def _at(self, generation: uuid.UUID, sequence: int) -> bytes:
        """The event of a sequence; nothing while the store is lost."""
        try:
            events = await self._log.read(generation, sequence - 1, 1)
        except StoreUnavailable:
            return b""
        return events[0][1] if events else b""

    async def _head(self, generation: uuid.UUID) -> Head:
        heads = await self._log.heads([generation])
        if generation not in heads:
            raise ResourceNotFound(generation_name(generation))
        return heads[generation]


def _trimmed(generation: uuid.UUID) -> CursorTrimmed:
    return CursorTrimmed(
        f"events of {generation_name(generation)} after this cursor are no longer kept;"
        " GetGeneration has the snapshot",
        metadata={"generation": generation_name(generation)},
    )


def _heartbeat(generation: uuid.UUID, latest: bytes) -> bytes:
    beat = Progress(generation=generation_name(generation), heartbeat=Heartbeat())
    beat.fraction = Progress.FromString(latest).fraction
    beat.emit_time.GetCurrentTime()
    return beat.SerializeToString()
