"""A runner that has ended is let go of, whatever becomes of its span."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

from services.gateway.measures import Measures
from services.gateway.parts import Parts
from services.gateway.settings import GatewaySettings
from services.gateway.store.database import open_database
from services.gateway.store.notify import Notifications
from services.gateway.upstream.engines import ImageClient, TextClient, open_link
from services.runtime.telemetry import silent
from services.runtime.tracing import Attributes, Kind, Span, Tracing
from tests.support.gateway import gateway
from tests.support.oracle import assert_story
from tests.support.scripted import Engines
from tests.support.waiting import until


class _Broken:
    """Begins spans of which nothing can be told."""

    recorded, replica = False, "here"
    headers: Mapping[str, str] = {}
    ids = ("", "")

    def note(self, _: Attributes) -> None:
        """How a run ended is told here."""
        raise RuntimeError("no spans today")

    def fail(self, reason: str) -> None:
        """It is as well as it can be."""

    def link(self, parent: str) -> None:
        """It leads nowhere."""

    def begin(self, *_: str | Kind | Mapping[str, str] | Attributes) -> Span:
        """Another one like it."""
        return self

    def end(self) -> None:
        """Nothing is left to do."""


async def test_a_span_that_breaks_keeps_no_runner(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """Its place is free for the next one, and nobody renews its lease."""
    settings = GatewaySettings(
        database_url=database_url,
        llm_target=engines.llm_target,
        avatar_target=engines.avatar_target,
        max_running=1,
        poll=0.1,
    )
    async with (
        gateway(database_url, engines, tmp_path, max_running=0) as client,
        open_database(database_url) as database,
        open_link(engines.llm_target, None, 10**6) as llm,
        open_link(engines.avatar_target, None, 10**6) as avatar,
    ):
        parts = Parts(
            settings,
            database,
            Notifications(database_url),
            TextClient(llm),
            ImageClient(avatar),
            custom=[],
            measures=Measures(silent()),
            tracing=Tracing(_Broken()),
        )
        names = [await client.start() for _ in range(2)]
        async with asyncio.TaskGroup() as group:
            running = group.create_task(parts.replica.run())
            for name in names:
                assert_story(await client.watch(name))

            async def idle() -> bool:
                return 0 == parts.replica.running

            await until(idle)
            running.cancel()
