"""What one running generation has said and the log does not have yet."""

import asyncio
import uuid
from collections.abc import Callable, Sequence

from hatchery.gateway.v1.generation_service_pb2 import Generation
from hatchery.progress.v1.progress_pb2 import Progress

from services.gateway.reducer.pace import Pace
from services.gateway.reducer.snapshot import fold
from services.gateway.store.log import Batch
from services.runtime.folding import FOLDABLE, fold_into

# A gauge alone waits this many times longer than text: nobody reads it as fast, and each is a row.
_GAUGES_PAUSE = 4
# So many events are folded at once. A message frees nothing of what it held before while it lives,
# so that the snapshot is made anew each time.
_FOLDED = 256
# A moved queue position is told at most this often, in seconds.
_QUEUED_PAUSE = 1.0


class Fenced(Exception):
    """Somebody else holds the generation now: its runner must stop and write nothing more."""


class Outbox:
    """Folds what waits, and numbers it when it is taken, by the runner's own count.

    `pause` is the time in seconds for which text gathers after each batch; gauges alone gather a
    few times longer, and facts never wait. `snapshot` is what is committed already, folded. After
    each `take`, and before the next, comes `accept` when the store has the batch, or `restore`
    when it refused it.
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
        self.last_sequence = snapshot.last_sequence
        # The latest event that is committed.
        self.latest = snapshot.latest
        self.fenced = asyncio.Event()
        # How far apart the events of its latest step come.
        self.pace = Pace()
        # Held while a batch of this generation is on its way to the store.
        self.turn = asyncio.Lock()
        self._snapshot = snapshot
        self._unfolded: list[Progress] = []
        self._pause = pause
        self._clock = clock
        self._pending: list[Progress] = []
        self._taken: list[Progress] = []
        self._own = 0
        self._ephemeral: dict[str, Progress] = {}
        self._taken_at = float("-inf")
        self._queued_at = float("-inf")

    def put(self, event: Progress) -> None:
        """Adds an event, folding it into those that wait. It ends any waiting for an engine."""
        self._ephemeral.pop("queued", None)
        fold_into(self._pending, event)

    def put_ephemeral(self, event: Progress) -> None:
        """Adds an event that gets no number; the latest of each kind goes out after the facts."""
        self._ephemeral[event.WhichOneof("event") or ""] = event

    def due_in(self) -> float | None:
        """Seconds until what waits may go out; None when nothing waits."""
        waits = []
        kinds = {event.WhichOneof("event") for event in self._pending}
        if kinds - FOLDABLE:
            waits.append(0.0)
        elif kinds:
            longer = 1 if "text_delta" in kinds else _GAUGES_PAUSE
            waits.append(self._taken_at + self._pause * longer)
        waits += [
            self._queued_at + _QUEUED_PAUSE if kind == "queued" else 0.0 for kind in self._ephemeral
        ]
        return max(min(waits) - self._clock(), 0.0) if waits else None

    def take(self, *more: Progress) -> Batch:
        """Numbers and encodes everything that waits, and `more` after it."""
        assert not self._taken, "a batch is under way already"
        last = self.last_sequence
        self._taken = [*self._pending, *more]
        self._own = len(self._pending)
        self._pending = []
        for sequence, event in enumerate(self._taken, last + 1):
            event.sequence = sequence
            self.pace.hear(event)
        if self._taken:
            self._taken_at = self._clock()
        return Batch(
            self.generation, self.epoch, last, [event.SerializeToString() for event in self._taken]
        )

    def folded(self) -> Generation:
        """The snapshot as it will be once what was taken is committed."""
        ahead = Generation()
        ahead.CopyFrom(self._snapshot)
        fold(ahead, *self._unfolded, *self._taken)
        return ahead

    def accept(self) -> None:
        """What was taken is committed."""
        if self._taken:
            self.latest = self._taken[-1]
            self.last_sequence = self.latest.sequence
        self._unfolded += self._taken
        self._taken = []
        if len(self._unfolded) >= _FOLDED:
            self._snapshot, self._unfolded = self.folded(), []

    def restore(self) -> None:
        """What was taken was refused: what waited waits again, and `more` is forgotten."""
        waited = self._taken[: self._own]
        for event in waited:
            event.sequence = 0
        later, self._pending, self._taken = self._pending, waited, []
        for event in later:
            self.put(event)

    def take_ephemeral(self) -> Sequence[tuple[str, bytes]]:
        """The ephemeral events that are due, as far along as the log is now.

        So their fraction never goes back; what tells of an attempt that is over is dropped.
        """
        latest, now = self.latest, self._clock()
        taken, kept = [], {}
        for kind, event in self._ephemeral.items():
            if kind == "queued" and now < self._queued_at + _QUEUED_PAUSE:
                kept[kind] = event
            elif (event.step, event.attempt) == (latest.step, latest.attempt) or kind == "queued":
                event.fraction = latest.fraction
                taken.append((kind, event.SerializeToString()))
                if kind == "queued":
                    self._queued_at = now
        self._ephemeral = kept
        return taken
