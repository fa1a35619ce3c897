"""Every event a transaction of its own that carries a NOTIFY, read back by whoever hears it."""

import asyncio
import itertools
from collections import defaultdict
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import grpc
from hatchery.llm.v1.llm_service_pb2 import GenerateRequest
from hatchery.llm.v1.llm_service_pb2_grpc import (
    LlmServiceServicer,
    LlmServiceStub,
    add_LlmServiceServicer_to_server,
)
from hatchery.progress.v1.progress_pb2 import Progress

from tests.bench.ways.engine import forever, run, said

_TABLE = "CREATE TABLE told (job int, sequence int, event bytea, PRIMARY KEY (job, sequence))"
_WRITE = """
WITH written AS (INSERT INTO told VALUES ($1, $2, $3))
SELECT pg_notify('told', $1::text)
"""
_READ = "SELECT event FROM told WHERE job = $1 AND sequence > $2 ORDER BY sequence"


class _Relay(LlmServiceServicer):
    def __init__(self, engine: LlmServiceStub, pool: Any) -> None:
        self._engine = engine
        self._pool = pool
        self._jobs = itertools.count()
        self._moved: dict[int, asyncio.Event] = defaultdict(asyncio.Event)

    def hear(self, *heard: Any) -> None:
        self._moved[int(heard[-1])].set()

    async def Generate(self, request: GenerateRequest, _: Any) -> AsyncIterator[Progress]:
        job, last = next(self._jobs), 0
        moved = self._moved[job]
        writing = asyncio.ensure_future(self._write(job, request))
        writing.add_done_callback(lambda _: moved.set())
        while True:
            await moved.wait()
            moved.clear()
            over = writing.done()
            for row in await self._pool.fetch(_READ, job, last):
                last += 1
                yield Progress.FromString(row["event"])
            if over:
                writing.result()
                return

    async def _write(self, job: int, request: GenerateRequest) -> None:
        sequence = 0
        async for event in said(self._engine.Generate(request)):
            sequence += 1
            await self._pool.execute(_WRITE, job, sequence, event.SerializeToString())


async def serve(port: int, engine: str, database: str) -> None:
    """Serves LlmService from a table."""
    async with (
        grpc.aio.insecure_channel(engine) as channel,
        asyncpg.create_pool(database, min_size=16, max_size=16) as pool,
    ):
        await pool.execute(_TABLE)
        relay = _Relay(LlmServiceStub(channel), pool)
        listener = await asyncpg.connect(database)
        await listener.add_listener("told", relay.hear)
        server = grpc.aio.server()
        add_LlmServiceServicer_to_server(relay, server)
        server.add_insecure_port(f"127.0.0.1:{port}")
        await forever(server)


if __name__ == "__main__":
    run(serve)
