"""Pausing, cancelling and trying again from another terminal."""

import asyncio
from asyncio.subprocess import PIPE

from tests.contract.cli.conftest import Place
from tests.contract.cli.reading import parse_table
from tests.support.scripted import Engines, Gate, draw_portrait


async def test_a_pause_is_told_and_undone(running: Place, engines: Engines) -> None:
    """Another terminal halts it and lets it go on: the one that watches says so and ends well."""
    gate = Gate(engines)
    process = await running.process("hatch", "a dragon", stdout=PIPE, stderr=PIPE)
    await asyncio.wait_for(gate.came.wait(), 30)
    ((*_, name),) = parse_table((await running.hatchery("generations", "list")).stdout)
    assert "It was not paused.\n" == (await running.hatchery("generations", "resume", name)).stdout
    assert "Paused.\n" == (await running.hatchery("generations", "pause", name)).stdout
    assert await _is_paused(running, name)
    gate.opened.set()
    assert "It goes on.\n" == (await running.hatchery("generations", "resume", name)).stdout
    said, _ = await asyncio.wait_for(process.communicate(), 30)
    assert 0 == process.returncode
    lines = said.decode().splitlines()
    halted = lines.index(f"Paused; to go on: hatchery generations resume {name[12:]}")
    assert halted < lines.index("It goes on.")
    for command in ("pause", "resume"):
        late = await running.hatchery("generations", command, name)
        assert (1, "hatchery: it had ended before: completed\n") == (late.exit_code, late.stderr)


async def _is_paused(running: Place, name: str) -> bool:
    listed = await running.hatchery("generations", "list", "--state", "paused")
    return name in listed.stdout


async def test_a_cancelled_one_is_tried_again(running: Place, engines: Engines) -> None:
    """`generations retry` begins at what was not finished, and ends with the card."""
    gate = Gate(engines)
    process = await running.process("hatch", "a dragon", stdout=PIPE, stderr=PIPE)
    await asyncio.wait_for(gate.came.wait(), 30)
    ((*_, name),) = parse_table((await running.hatchery("generations", "list")).stdout)
    await running.hatchery("generations", "cancel", name)
    await process.communicate()
    engines.image = draw_portrait
    again = await running.hatchery("generations", "retry", name)
    assert (0, True) == (again.exit_code, "Marisol" in again.stdout)
    assert 1 == len(engines.text_calls)
    refused = await running.hatchery("generations", "retry", "--from-step", "tail", name)
    assert 1 == refused.exit_code
    assert "--from-step: must be one of persona, avatar, save" in refused.stderr


async def test_cancelling_is_told_to_who_watches(running: Place, engines: Engines) -> None:
    """Another terminal cancels: the one that watches ends with 130 and says so."""
    gate = Gate(engines)
    process = await running.process("hatch", "a dragon", stdout=PIPE, stderr=PIPE)
    await asyncio.wait_for(gate.came.wait(), 30)
    (listed,) = parse_table((await running.hatchery("generations", "list")).stdout)
    assert "running" in listed[1]
    assert "Cancelled.\n" == (await running.hatchery("generations", "cancel", listed[3])).stdout
    _, said = await asyncio.wait_for(process.communicate(), 30)
    assert (130, b"hatchery: it was cancelled\n") == (process.returncode, said)
    again = await running.hatchery("watch", "--after", str(10**6), listed[3])
    assert "--after lies beyond" in again.stderr
