"""Whoever has let go of a generation has lost nothing, however soon a renewal comes."""

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import pytest
from hatchery.progress.v1.progress_pb2 import Progress

from services.gateway.runner.outbox import Outbox
from services.gateway.runner.writer import Effect, Then, Writer
from tests.support.collector import collecting
from tests.support.gateway import Client
from tests.support.measured import Measured, measured_gateway
from tests.support.scripted import Engines, Gate
from tests.support.waiting import until

ENDS = {"completed", "cancelled", "paused"}


@pytest.fixture(autouse=True)
def _renewed_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Renewals look just after what lets go is committed, and before its runner hears of that."""
    commit = Writer.commit

    async def then_renew(
        writer: Writer, outbox: Outbox, events: Sequence[Progress], effect: Effect, then: Then
    ) -> None:
        await commit(writer, outbox, events, effect, then)
        if not events or events[-1].WhichOneof("event") in ENDS:
            outbox.fenced.set()

    monkeypatch.setattr(Writer, "commit", then_renew)


async def _open(gate: Gate, client: Client, name: str) -> None:
    gate.opened.set()


async def _cancel(gate: Gate, client: Client, name: str) -> None:
    await client.cancel(name)


async def _pause(gate: Gate, client: Client, name: str) -> None:
    await client.pause(name)


async def _leave(gate: Gate, client: Client, name: str) -> None:
    """The gateway is stopped by leaving its block."""


@pytest.mark.parametrize(
    ("do", "outcome"),
    [(_open, "completed"), (_cancel, "cancelled"), (_pause, "paused"), (_leave, "handed_over")],
)
async def test_what_is_let_go_of_is_not_lost(
    do: Callable[[Gate, Client, str], Awaitable[None]],
    outcome: str,
    database_url: str,
    engines: Engines,
    tmp_path: Path,
) -> None:
    """Its run is told by how it ended, and no lease is counted as lost."""
    gate = Gate(engines)
    async with collecting() as collector:
        async with measured_gateway(
            database_url, engines, tmp_path, traces=collector.endpoint, step_grace=0
        ) as here:
            name = await here.client.start()
            await gate.came.wait()
            await do(gate, here.client, name)
            if outcome in ENDS:
                await until(lambda: _rests(here))
                assert 0 == await _losses(here)
        assert outcome == collector.one("generation create_agent").attributes["hatchery.outcome"]


async def _rests(here: Measured) -> bool:
    return (await here.scrape())("hatchery_generation_active") == 0


async def _losses(here: Measured) -> float:
    return (await here.scrape())("hatchery_lease_losses_total")
