"""A generation as a small pure model knows it: its log, fence and lease, and what is wanted."""

import uuid
from dataclasses import dataclass, field

from services.gateway.store.rows import ENDED


@dataclass
class Told:
    """One generation. The lease is none, live, or run out."""

    id: uuid.UUID
    origin: uuid.UUID
    retry: bool = False
    state: str = "QUEUED"
    epoch: int = 0
    lease: str = "none"
    leases_lost: int = 0
    wanted: set[str] = field(default_factory=set)
    log: list[bytes] = field(default_factory=list)

    @property
    def ended(self) -> bool:
        """Whether it is over for good."""
        return self.state in ENDED

    @property
    def free(self) -> bool:
        """Whether anybody may claim it."""
        return self.state in ("QUEUED", "RUNNING") and self.lease != "live"

    @property
    def intent(self) -> str | None:
        """What a renewal tells."""
        return next((kind for kind in ("cancel", "pause") if kind in self.wanted), None)

    def claim(self) -> "Runner":
        """Somebody took it, and maybe from somebody whose lease ran out."""
        self.leases_lost += self.lease == "out"
        self.state, self.lease, self.epoch = "RUNNING", "live", self.epoch + 1
        return Runner(self, self.epoch, len(self.log))

    def hand_back(self, epochs: set[int]) -> None:
        """Who lost the store under these epochs owns up to it: none of them counts."""
        if self.state == "RUNNING" and epochs:
            self.lease = "none" if self.epoch in epochs else self.lease
            followed = sum(epoch < self.epoch for epoch in epochs)
            self.leases_lost = max(self.leases_lost - followed, 0)

    def settle(self, state: str, event: bytes) -> None:
        """A control call did it, where nobody runs it."""
        self.log.append(event)
        self.state, self.lease, self.epoch = state, "none", self.epoch + 1
        if state == "PAUSED":
            self.wanted.discard("pause")


@dataclass
class Runner:
    """Who believes to run it, under which epoch and from which sequence."""

    told: Told
    epoch: int
    last: int

    @property
    def holds(self) -> bool:
        """Whether the fence lets it write."""
        now = (self.told.epoch, len(self.told.log), self.told.state)
        return now == (self.epoch, self.last, "RUNNING")

    @property
    def leased(self) -> bool:
        """Whether its lease can be renewed."""
        told = self.told
        return (told.epoch, told.state) == (self.epoch, "RUNNING") and told.lease != "none"

    def write(self, *events: bytes) -> None:
        """They are in the log."""
        self.told.log += events
        self.last += len(events)

    def put_down(self, state: str | None, *events: bytes) -> None:
        """It ends it, halts it, or hands it over, which leaves the state."""
        self.write(*events)
        self.told.lease = "none"
        self.told.state = state or self.told.state
        if state == "PAUSED":
            self.told.wanted.discard("pause")
