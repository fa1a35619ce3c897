"""Generations that have ended."""

import uuid

from hatchery.progress.v1.progress_pb2 import Progress

from tests.support.postgres import connected


async def long_log(url: str, size: int) -> uuid.UUID:
    """A generation that has ended after `size` events, each of about a kilobyte."""
    id_ = uuid.uuid4()
    events = []
    for sequence in range(1, size + 1):
        event = Progress(generation=f"generations/{id_}", sequence=sequence)
        event.emit_time.GetCurrentTime()
        event.text_delta.text = "x" * 1000
        if sequence == 1:
            event.queued.SetInParent()
        if sequence == size:
            event.completed.SetInParent()
        events.append((id_, sequence, event.SerializeToString()))
    async with connected(url) as connection:
        await connection.execute(
            "INSERT INTO generations (id, owner, recipe, state, rpc, request_id, request,"
            " description, resource, snapshot, last_sequence, epoch, end_time)"
            " VALUES ($1, 'local', 'r', 'COMPLETED', 'x', $1, '', 'd', $1, '', $2, 1, now())",
            id_,
            size,
        )
        await connection.copy_records_to_table("progress", records=events)
    return id_
