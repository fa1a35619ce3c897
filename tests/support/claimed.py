"""Generations in a database that somebody runs."""

import uuid

from hatchery.progress.v1 import progress_pb2 as progress
from hatchery.progress.v1.progress_pb2 import Progress

from services.gateway.store.accepting import NewGeneration
from services.gateway.store.database import Database
from services.gateway.store.generations import Generations
from services.gateway.store.leases import Leases


async def claimed(
    database: Database, count: int, *, owner: str = "local", lease: float = 60
) -> list[uuid.UUID]:
    """Generations that are claimed with epoch 1 and stand at sequence 1."""
    table, ids = Generations(database), [uuid.uuid4() for _ in range(count)]
    for id_ in ids:
        new = NewGeneration(
            id=id_,
            owner=owner,
            recipe="r",
            rpc="CreateAgent",
            request_id=uuid.uuid4(),
            request=b"",
            description="x",
            resource=uuid.uuid4(),
            results={},
            asked=b"",
        )
        await table.accept([new], _first)
    assert count == len(await Leases(database).claim(count, lease, ["r"]))
    return ids


def _first(_new: NewGeneration, _ahead: int) -> tuple[bytes, bytes]:
    event = Progress(sequence=1, queued=progress.Queued())
    event.emit_time.GetCurrentTime()
    return event.SerializeToString(), b""
