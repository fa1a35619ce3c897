"""A generation as it is stored."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Row:
    """A generation as it is stored."""

    id: uuid.UUID
    owner: str
    recipe: str
    state: str
    rpc: str
    request_id: uuid.UUID
    request: bytes
    description: str
    resource: uuid.UUID
    epoch: int
    last_sequence: int
    snapshot: bytes
    leases_lost: int
    cancel_requested_by: str | None
    pause_requested_by: str | None
    retry_of: uuid.UUID | None
    retry_from: str
    origin: uuid.UUID | None
    asked: bytes | None
    template: str
    comparison: uuid.UUID | None
    place: int
    prices: str | None
    conversation: uuid.UUID | None
    turn: int
    message: int
    caused_by: uuid.UUID | None
    # Where it belongs, as `traceparent` has it.
    trace: str | None
    create_time: dt.datetime
    start_time: dt.datetime | None
    end_time: dt.datetime | None

    @property
    def intent(self) -> "Intent | None":
        """What its owner wants of its runner."""
        return intent(self.cancel_requested_by, self.pause_requested_by)


@dataclass(frozen=True, slots=True)
class Intent:
    """What somebody wants of the runner: that it ends, or halts."""

    kind: Literal["cancel", "pause"]
    by: str


def intent(cancel_by: str | None, pause_by: str | None) -> Intent | None:
    """What is wanted in the end: to cancel is more than to pause."""
    if cancel_by:
        return Intent("cancel", cancel_by)
    return Intent("pause", pause_by) if pause_by else None


ENDED = ("COMPLETED", "FAILED", "CANCELLED")

COLUMNS = ", ".join(Row.__dataclass_fields__)
RETURNING = ", ".join(f"g.{column}" for column in Row.__dataclass_fields__)


def as_row(record: Any) -> Row:
    """A record of all columns as a row."""
    return Row(**dict(record))
