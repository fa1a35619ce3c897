"""What one running generation has said and the log does not have yet."""

import asyncio
import uuid
from collections.abc import Callable

from hatchery.gateway.v1.generation_service_pb2 import Generation
from hatchery.progress.v1.progress_pb2 import Progress

from services.gateway.reducer.snapshot import fold
from services.gateway.store.log import Batch
from services.runtime.folding import GAUGES, fold_into

_FOLDABLE = GAUGES | {"text_delta"}
# A gauge alone waits this many times longer than text: nobody reads it as fast, and each is a row.
_GAUGES_PAUSE = 4


class Fenced(Exception):
    """Somebody else holds the generation now: its runner must stop and write nothing more."""


class Outbox:
    """Folds what waits, and numbers it when it is taken, by the runner's own count.

    `pause` is the time in seconds for which text gathers after each batch; gauges alone gather a
    few times longer, and facts never wait. `snapshot` is the fold of everything that was taken.
    """

    def __init__(
        self,
        generation: uuid.UUID,
        epoch: int,
        snapshot: Generation,
        *,
        pause: float,
        clock: Callable[[], float],
    ) -> None:
        self.generation = generation
        self.epoch = epoch
        self.snapshot = snapshot
        self.fenced = asyncio.Event()
        # Held while a batch of this generation is on its way to the store.
        self.turn = asyncio.Lock()
        self._pause = pause
        self._clock = clock
        self._pending: list[Progress] = []
        self._ephemeral: dict[str, Progress] = {}
        self._taken_at = float("-inf")

    @property
    def last_sequence(self) -> int:
        """The number that was given last."""
        return self.snapshot.last_sequence

    def put(self, event: Progress) -> None:
        """Adds an event, folding it into those that wait."""
        fold_into(self._pending, event)

    def put_ephemeral(self, event: Progress) -> None:
        """Adds an event that gets no number; the latest of each kind goes out after the facts."""
        self._ephemeral[event.WhichOneof("event") or ""] = event

    def due_in(self) -> float | None:
        """Seconds until what waits may go out; None when nothing waits."""
        if not self._pending:
            return 0.0 if self._ephemeral else None
        if any(event.WhichOneof("event") not in _FOLDABLE for event in self._pending):
            return 0.0
        text = any(event.WhichOneof("event") == "text_delta" for event in self._pending)
        pause = self._pause if text else self._pause * _GAUGES_PAUSE
        return max(self._taken_at + pause - self._clock(), 0.0)

    def take(self, *more: Progress) -> Batch:
        """Numbers and encodes everything that waits, and `more` after it."""
        last = self.last_sequence
        events = []
        for event in (*self._pending, *more):
            event.sequence = self.last_sequence + 1
            fold(self.snapshot, event)
            events.append(event.SerializeToString())
        self._pending.clear()
        self._taken_at = self._clock()
        return Batch(self.generation, self.epoch, last, events)

    def take_ephemeral(self) -> list[tuple[str, bytes]]:
        """The ephemeral events, as far along as the log is now, so that no fraction goes back."""
        taken, self._ephemeral = self._ephemeral, {}
        for event in taken.values():
            event.fraction = self.snapshot.latest.fraction
        return [(kind, event.SerializeToString()) for kind, event in taken.items()]
