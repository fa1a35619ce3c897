"""Generations in a database that somebody runs."""

import datetime as dt
import uuid
from typing import Any

from hatchery.progress.v1 import progress_pb2 as progress
from hatchery.progress.v1.progress_pb2 import Progress

from services.gateway.store.accepting import NewGeneration
from services.gateway.store.database import Database
from services.gateway.store.generations import Generations
from services.gateway.store.leases import Leases
from tests.support.postgres import connected
from tests.support.waiting import until

# Clients of the database that asks.
_OTHERS = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
"""


def a_new_one(**fields: Any) -> NewGeneration:
    """A generation that nobody has stored yet; `fields` are what matters of it."""
    usual: dict[str, Any] = {
        "id": uuid.uuid4(),
        "owner": "local",
        "recipe": "r",
        "rpc": "r",
        "request_id": uuid.uuid4(),
        "request": b"",
        "description": "",
        "resource": uuid.uuid4(),
        "results": {},
        "asked": b"",
    }
    return NewGeneration(**usual | fields)


async def claimed(
    database: Database, count: int, *, owner: str = "local", lease: float = 60
) -> list[uuid.UUID]:
    """Generations that are claimed with epoch 1 and stand at sequence 1."""
    table, new = Generations(database), [a_new_one(owner=owner) for _ in range(count)]
    for one in new:
        await table.accept([one], _first)
    ids = [one.id for one in new]
    assert count == len(await Leases(database).claim(count, lease, ["r"]))
    return ids


async def wait_out(url: str, lease: float) -> None:
    """Lets so many seconds of every lease pass at once, when all who may renew one have left."""
    async with connected(url) as connection:

        async def have_left() -> bool:
            return not await connection.fetchval(_OTHERS)

        await until(have_left)
        await connection.execute(
            "UPDATE generations SET lease_expire_time = lease_expire_time - $1::interval",
            dt.timedelta(seconds=lease),
        )


def _first(_new: NewGeneration, _ahead: int) -> tuple[bytes, bytes]:
    event = Progress(sequence=1, queued=progress.Queued())
    event.emit_time.GetCurrentTime()
    return event.SerializeToString(), b""
