"""The dashboard over what real services export, as Prometheus itself evaluates it."""

import asyncio
from pathlib import Path
from typing import Any

import grpc
import pytest
import yaml
from hatchery.avatar.v1.avatar_service_pb2 import GenerateRequest
from hatchery.avatar.v1.avatar_service_pb2_grpc import AvatarServiceStub
from hatchery.progress.v1.progress_pb2 import StepCompleted

from deploy.monitoring.dashboard import ROWS
from services.runtime.errors import EngineFailed, PromptTooLong
from tests.integration.avatar.test_service import ready, service
from tests.support.measured import measured_gateway
from tests.support.oracle import assert_story
from tests.support.ports import free_port
from tests.support.promtool import assert_evaluated, promtool
from tests.support.queries import filled_in
from tests.support.scraping import scrape
from tests.support.scripted import Engines, write_persona

QUERIES = {
    panel.title: [filled_in(query) for query in panel.queries.values()]
    for row in ROWS
    for panel in row.panels
}
# What shows nothing until something is wrong that a test cannot bring about.
_EMPTY = {"Calls that failed here"}


def test_prometheus_reads_every_query(tmp_path: Path) -> None:
    """As the rules that they could be."""
    rules = [
        {"record": "shown", "labels": {"at": f"{title} {place}"}, "expr": query}
        for title, queries in QUERIES.items()
        for place, query in enumerate(queries)
    ]
    written = tmp_path / "rules.yaml"
    written.write_text(yaml.safe_dump({"groups": [{"name": "shown", "rules": rules}]}))
    promtool("check", "rules", written)


async def test_every_panel_shows_what_is_exported(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """Two gateways and an engine service with a little of everything leave no panel empty."""
    errors = [PromptTooLong("x"), EngineFailed("x")]

    async def slowly(request: Any, emit: Any) -> StepCompleted:
        if errors:
            raise errors.pop(0)
        await asyncio.sleep(0.25)
        return await write_persona(request, emit)

    async def paint(_: Any, __: Any) -> StepCompleted:
        raise EngineFailed("no paint")

    engines.text = slowly
    at = f"127.0.0.1:{free_port()}"
    async with (
        measured_gateway(database_url, engines, tmp_path) as here,
        measured_gateway(database_url, engines, tmp_path, max_running=0) as there,
        service(HATCHERY_METRICS_LISTEN=at) as (_, channel),
    ):
        await ready(channel)
        stub: Any = AvatarServiceStub(channel)
        assert [event async for event in stub.Generate(GenerateRequest(prompt="a hen"))]
        assert "failed" == (await here.client.hatch())[-1].WhichOneof("event")
        await here.client.hatch()
        engines.image = paint
        assert_story(await there.client.watch(await here.client.start()))
        await here.client.write()
        with pytest.raises(grpc.aio.AioRpcError):
            await here.client.watch("generations/00000000-0000-4000-8000-000000000000")
        seen: dict[str, float] = {}
        for job, address in (("a", here.listen), ("b", there.listen), ("avatar", at)):
            read = await scrape(address)
            seen |= read.series(job=job, instance=address, namespace="test")
    # Whatever is counted goes on as it began; of a gauge, only whether there is any matters.
    series = {name: f"{value}+{value}x10" for name, value in seen.items()}
    shown = {
        f"count(({query}) >= 0) > bool 0": {"{}": 1}  # also none that is not a number
        for title, queries in QUERIES.items()
        if title not in _EMPTY
        for query in queries
    }
    assert_evaluated(series, shown, tmp_path, after="10m")
