"""What is stored together with events: results of steps, snapshots, and changes of state."""

import uuid
from typing import TYPE_CHECKING

from hatchery.gateway.v1.generation_service_pb2 import Generation

if TYPE_CHECKING:
    from services.gateway.store.database import Connection


class CancelWanted(Exception):
    """It cannot be paused, since somebody asked to cancel it."""


async def put_result(
    connection: "Connection", generation: uuid.UUID, step: str, result: bytes
) -> None:
    """Stores the end of a step, within the transaction that appends its event."""
    await connection.execute(
        "INSERT INTO steps (generation, step, result) VALUES ($1, $2, $3)",
        generation,
        step,
        result,
    )
    await connection.execute("UPDATE generations SET leases_lost = 0 WHERE id = $1", generation)


async def put_snapshot(
    connection: "Connection", generation: uuid.UUID, snapshot: Generation
) -> None:
    """Stores the folded log, within the transaction that appended its latest event."""
    await connection.execute(
        "UPDATE generations SET snapshot = $2, cost_micros = $3 WHERE id = $1",
        generation,
        snapshot.SerializeToString(),
        snapshot.cost.amount_micros,
    )


async def put_end(
    connection: "Connection", generation: uuid.UUID, state: str, reason: str = ""
) -> None:
    """Ends a generation, within the transaction that appended its terminal event.

    `reason` is why it failed, of `hatchery.errors.v1`.
    """
    await connection.execute("DELETE FROM previews WHERE generation = $1", generation)
    await connection.execute(
        "UPDATE generations SET state = $2, end_time = now(), lease_expire_time = NULL,"
        " error_reason = $3 WHERE id = $1",
        generation,
        state,
        reason,
    )


async def put_pause(connection: "Connection", generation: uuid.UUID) -> None:
    """Halts a generation, within the transaction of its event. Raises CancelWanted."""
    halted = await connection.fetchval(
        "UPDATE generations SET state = 'PAUSED', lease_expire_time = NULL,"
        " pause_requested_by = NULL WHERE id = $1 AND cancel_requested_by IS NULL RETURNING true",
        generation,
    )
    if not halted:
        raise CancelWanted


async def put_release(connection: "Connection", generation: uuid.UUID) -> None:
    """Hands the lease back, within the transaction of the last events: anybody may claim it."""
    await connection.execute(
        "UPDATE generations SET lease_expire_time = NULL WHERE id = $1", generation
    )


async def put_resume(connection: "Connection", generation: uuid.UUID) -> None:
    """Lets a generation wait for its turn, within the transaction of its event."""
    await connection.execute(
        "UPDATE generations SET state = 'QUEUED', lease_expire_time = NULL,"
        " pause_requested_by = NULL WHERE id = $1",
        generation,
    )
