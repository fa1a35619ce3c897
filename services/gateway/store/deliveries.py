"""How streams reached their clients: one row for each owner and hour, which all replicas add to."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from services.gateway.store.database import Database


@dataclass(frozen=True, slots=True)
class Delivered:
    """Streams that ended, those of them that their client left, and events by how late they were.

    `failures` counts the streams that each reason ended.
    """

    streams: int = 0
    gone: int = 0
    failures: Mapping[str, int] = field(default_factory=dict)
    latencies: Sequence[int] = ()


_ADD = """
INSERT INTO deliveries AS d (owner, hour, streams, gone, failures, latencies)
VALUES ($1, date_bin('1 hour', now(), 'epoch'::timestamptz), $2, $3, $4::jsonb, $5)
ON CONFLICT (owner, hour) DO UPDATE SET
    streams = d.streams + excluded.streams,
    gone = d.gone + excluded.gone,
    failures = (
        SELECT coalesce(jsonb_object_agg(reason, failures), '{}') FROM (
            SELECT key AS reason, sum(value::bigint) AS failures FROM (
                SELECT * FROM jsonb_each_text(d.failures)
                UNION ALL SELECT * FROM jsonb_each_text(excluded.failures)
            ) AS both_of_them GROUP BY key
        ) AS summed
    ),
    latencies = (
        SELECT array_agg(coalesce(before, 0) + coalesce(more, 0) ORDER BY place)
        FROM unnest(d.latencies, excluded.latencies)
            WITH ORDINALITY AS both_of_them (before, more, place)
    )
"""
# The hour in which it begins counts.
_SINCE = "($1::text IS NULL OR owner = $1) AND hour > $2::timestamptz - interval '1 hour'"
_STREAMS = f"""
SELECT coalesce(sum(streams), 0)::bigint AS streams, coalesce(sum(gone), 0)::bigint AS gone
FROM deliveries WHERE {_SINCE}
"""
_FAILURES = f"""
SELECT key AS reason, sum(value::bigint)::bigint AS failures
FROM deliveries, jsonb_each_text(failures) WHERE {_SINCE}
GROUP BY key ORDER BY failures DESC, reason
"""
_LATENCIES = f"""
SELECT sum(events)::bigint AS events
FROM deliveries, unnest(latencies) WITH ORDINALITY AS one (events, place) WHERE {_SINCE}
GROUP BY place ORDER BY place
"""


class Deliveries:
    """The table of deliveries."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, delivered: Mapping[str, Delivered]) -> None:
        """Adds what was counted, by owner, to the present hour; all of it or nothing."""
        rows = [
            (owner, it.streams, it.gone, json.dumps(dict(it.failures)), list(it.latencies))
            # In one order, so that no two replicas wait for each other.
            for owner, it in sorted(delivered.items())
        ]
        async with self._database.transaction() as connection:
            await connection.executemany(_ADD, rows)

    async def told(self, owner: str | None, since: dt.datetime) -> Delivered:
        """What an owner's streams came to, or everybody's; the most frequent reason first."""
        async with self._database.connection() as connection:
            streams = await connection.fetchrow(_STREAMS, owner, since)
            failures = await connection.fetch(_FAILURES, owner, since)
            latencies = await connection.fetch(_LATENCIES, owner, since)
        assert streams is not None
        return Delivered(
            streams["streams"],
            streams["gone"],
            {row["reason"]: row["failures"] for row in failures},
            [row["events"] for row in latencies],
        )
