"""Tries of steps that failed, for the statistics."""

import uuid
from dataclasses import dataclass

from services.gateway.store.database import Database


@dataclass(frozen=True, slots=True)
class Failure:
    """A try of a step that failed, for a reason of `hatchery.errors.v1`."""

    generation: uuid.UUID
    step: str
    attempt: int
    engine: str
    model: str
    reason: str


_COLUMNS = list(Failure.__dataclass_fields__)


class Failures:
    """The table of failed tries."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, failure: Failure) -> None:
        """Keeps one, once: its runner may have been followed by another that tells the same."""
        places = ", ".join(f"${place}" for place, _ in enumerate(_COLUMNS, 1))
        async with self._database.connection() as connection:
            await connection.execute(
                f"INSERT INTO failures ({', '.join(_COLUMNS)}) VALUES ({places})"
                " ON CONFLICT DO NOTHING",
                *(getattr(failure, name) for name in _COLUMNS),
            )
