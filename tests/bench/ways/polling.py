"""A job row that is written every half second, and server-sent events that poll it."""

import asyncio
import itertools
import json
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import grpc
import uvicorn
from hatchery.llm.v1.llm_service_pb2_grpc import LlmServiceStub
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.routing import Route

from tests.bench.ways.engine import run, said, speaking

_WRITTEN_EVERY = 0.5
_POLLED_EVERY = 0.2
_TABLE = "CREATE TABLE jobs (id int PRIMARY KEY, done bool NOT NULL DEFAULT false, progress text)"


class _Jobs:
    def __init__(self, engine: LlmServiceStub, pool: Any) -> None:
        self._engine = engine
        self._pool = pool
        self._ids = itertools.count()
        self._working: set[asyncio.Task[None]] = set()

    async def stream(self, request: Request) -> StreamingResponse:
        """Starts a job, and streams its row whenever a poll finds it changed."""
        rate, count = (float(request.query_params[name]) for name in ("rate", "count"))
        job = next(self._ids)
        await self._pool.execute("INSERT INTO jobs (id, progress) VALUES ($1, '[]')", job)
        task = asyncio.ensure_future(self._work(job, rate, int(count)))
        self._working.add(task)
        task.add_done_callback(self._working.discard)
        return StreamingResponse(self._poll(job), media_type="text/event-stream")

    async def _poll(self, job: int) -> AsyncIterator[str]:
        before = None
        while True:
            row = await self._pool.fetchrow("SELECT done, progress FROM jobs WHERE id = $1", job)
            if row["progress"] != before:
                before = row["progress"]
                yield f"data: {before}\n\n"
            if row["done"]:
                return
            await asyncio.sleep(_POLLED_EVERY)

    async def _work(self, job: int, rate: float, count: int) -> None:
        progress: list[str] = []
        writing = asyncio.ensure_future(self._write(job, progress))
        async for event in said(self._engine.Generate(speaking(rate, count))):
            progress.append(event.text_delta.text)  # noqa: PERF401  # others look meanwhile
        writing.cancel()
        await self._put(job, progress)
        await self._pool.execute("UPDATE jobs SET done = true WHERE id = $1", job)

    async def _write(self, job: int, progress: list[str]) -> None:
        while True:
            await asyncio.sleep(_WRITTEN_EVERY)
            await self._put(job, progress)

    async def _put(self, job: int, progress: list[str]) -> None:
        update = "UPDATE jobs SET progress = $2 WHERE id = $1"
        await self._pool.execute(update, job, json.dumps(progress))


async def serve(port: int, engine: str, database: str) -> None:
    """Serves GET /?rate=…&count=… as server-sent events, each all that was said so far."""
    async with (
        grpc.aio.insecure_channel(engine) as channel,
        asyncpg.create_pool(database, min_size=16, max_size=16) as pool,
    ):
        await pool.execute(_TABLE)
        jobs = _Jobs(LlmServiceStub(channel), pool)
        app = Starlette(routes=[Route("/", jobs.stream)])
        await uvicorn.Server(uvicorn.Config(app, port=port, log_level="error")).serve()


if __name__ == "__main__":
    run(serve)
