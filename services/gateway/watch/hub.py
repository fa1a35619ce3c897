"""What happens on this replica, handed to those who follow it here.

A channel keeps the last events of one generation in memory for as long as somebody follows or
runs it. It only ever holds what is committed. Followers pull: a slow one reads from the store
what the channel has let go, in its own time, and holds up nobody.
"""

import asyncio
import time
import uuid
from collections import deque
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager


class Channel:
    """The newest committed events of one generation, and its ephemeral ones."""

    def __init__(self, kept: int) -> None:
        self.last_sequence = 0
        # Whether the latest event came from a runner of this replica.
        self.local = False
        # The number of the latest stored preview that was looked at.
        self.preview_number = 0
        # Set by a follower who could not read the store: wake it when the store is back.
        self.stale = False
        self._recent: deque[bytes] = deque(maxlen=kept)
        self._ephemeral: dict[str, tuple[int, bytes]] = {}
        self._count = 0
        self._moved = asyncio.Event()

    def after(self, cursor: int) -> Sequence[bytes] | None:
        """The events after a cursor, or None when the store has to be asked."""
        missing = max(self.last_sequence - cursor, 0)
        if not self.last_sequence or missing > len(self._recent):
            return None
        return [self._recent[i] for i in range(len(self._recent) - missing, len(self._recent))]

    @property
    def latest(self) -> bytes:
        """The latest event, as far as there is any in memory."""
        return self._recent[-1] if self._recent else b""

    def ephemeral(self, since: int) -> tuple[int, list[bytes]]:
        """The latest ephemeral event of each kind that came after `since`, and the new mark."""
        new = sorted(item for item in self._ephemeral.values() if item[0] > since)
        return self._count, [event for _, event in new]

    @property
    def moved(self) -> asyncio.Event:
        """Set once, when anything is published after this was asked for."""
        return self._moved

    def publish(self, first: int, events: Sequence[bytes]) -> None:
        """Adds committed events, the first with the sequence `first`; older ones are known."""
        last = first + len(events) - 1
        if last <= self.last_sequence:
            return
        if first != self.last_sequence + 1:
            self._recent.clear()
        self._recent.extend(events)
        self.last_sequence = last
        self._ephemeral.clear()
        self.wake()

    def publish_ephemeral(self, kind: str, event: bytes) -> None:
        """Replaces the latest ephemeral event of a kind."""
        self._count += 1
        self._ephemeral[kind] = (self._count, event)
        self.wake()

    def wake(self) -> None:
        """Lets everybody who waits look again."""
        self._moved.set()
        self._moved = asyncio.Event()


# Of so many that were accepted here the first event is kept, for who follows one within so many
# seconds: later there may be more than that, of which nobody here has heard.
_ACCEPTED, _AT_ONCE = 256, 0.25


class Hub:
    """The channels of this replica."""

    def __init__(
        self,
        moved: Callable[[uuid.UUID], None],
        kept: int = 256,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`moved` is told of every generation that this replica brought further."""
        self._moved = moved
        self._kept = kept
        self._clock = clock
        self._channels: dict[uuid.UUID, tuple[Channel, int]] = {}
        self._accepted: dict[uuid.UUID, tuple[float, bytes]] = {}

    def accepted(self, generation: uuid.UUID, event: bytes) -> None:
        """Takes the first event of a generation that was accepted here, once it is committed."""
        if len(self._accepted) >= _ACCEPTED:
            del self._accepted[next(iter(self._accepted))]
        self._accepted[generation] = (self._clock(), event)

    def heard(self, generations: Collection[uuid.UUID] | None) -> None:
        """Other replicas moved these; None: any of them may have moved."""
        if generations is None:
            self._accepted.clear()
            return
        for generation in generations:
            self._accepted.pop(generation, None)

    @contextmanager
    def follow(self, generation: uuid.UUID) -> Iterator[Channel]:
        """The channel of a generation, which lasts as long as anybody is within such a block."""
        channel, users = self._channels.get(generation, (Channel(self._kept), 0))
        at, first = self._accepted.pop(generation, (float("-inf"), b""))
        if self._clock() < at + _AT_ONCE:
            channel.publish(1, [first])
        self._channels[generation] = (channel, users + 1)
        try:
            yield channel
        finally:
            channel, users = self._channels.pop(generation)
            if users > 1:
                self._channels[generation] = (channel, users - 1)

    @property
    def followers(self) -> int:
        """How many follow anything."""
        return sum(users for _, users in list(self._channels.values()))

    @property
    def followed(self) -> Sequence[uuid.UUID]:
        """The generations that have a channel."""
        return list(self._channels)

    def channel(self, generation: uuid.UUID) -> Channel | None:
        """The channel of a generation, where there is one."""
        found = self._channels.get(generation)
        return found[0] if found else None

    def publish(self, generation: uuid.UUID, first: int, events: Sequence[bytes]) -> None:
        """Hands events that were committed here to whoever follows the generation."""
        self._moved(generation)
        self._accepted.pop(generation, None)
        if channel := self.channel(generation):
            channel.local = True
            channel.publish(first, events)

    def publish_ephemeral(self, generation: uuid.UUID, kind: str, event: bytes) -> None:
        """Hands an ephemeral event to whoever follows the generation here."""
        if channel := self.channel(generation):
            channel.publish_ephemeral(kind, event)
