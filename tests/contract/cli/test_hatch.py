"""`hatch` over a real port and a real Postgres."""

import uuid
from pathlib import Path
from typing import Any

from hatchery.progress.v1.progress_pb2 import StepCompleted

from services.runtime.engine_stream import Emit
from tests.contract.cli.conftest import Place
from tests.contract.cli.reading import parse_table, parsed, portrait_of
from tests.support.gateway import token
from tests.support.oracle import assert_story, kinds
from tests.support.scripted import PNG, Engines, draw_portrait


async def test_hatching_shows_the_card_and_keeps_the_portrait(running: Place) -> None:
    """Exit 0, the persona on the card, and the picture's bytes in the state folder."""
    done = await running.hatchery("hatch", "a shy water dragon", "who loves books")
    assert 0 == done.exit_code, done.output
    for part in ("Marisol", "water dragon", "shy, curious", "sunken library", "I did not hear"):
        assert part in done.stdout
    path = portrait_of(done.stdout)
    assert PNG == path.read_bytes()
    assert running.state / "portraits" == path.parent
    lines = done.stdout.splitlines()
    assert ["", "Marisol"] == lines[lines.index("Marisol") - 1 :][:2]


async def test_the_portrait_goes_where_it_is_wanted(running: Place, tmp_path: Path) -> None:
    """--output names a file or a folder; with --json it is the only way to keep it."""
    wanted = tmp_path / "here.png"
    done = await running.hatchery("hatch", "a dragon", "--output", str(wanted))
    assert (0, PNG) == (done.exit_code, wanted.read_bytes())
    done = await running.hatchery("hatch", "a dragon", "-o", str(tmp_path))
    kept = portrait_of(done.stdout)
    assert (0, tmp_path, PNG) == (done.exit_code, kept.parent, kept.read_bytes())
    wanted.unlink()
    done = await running.hatchery("hatch", "a dragon", "--json", "-o", str(wanted))
    assert (0, PNG) == (done.exit_code, wanted.read_bytes())


async def test_a_place_that_is_not_there_is_refused_first(
    running: Place, engines: Engines, tmp_path: Path
) -> None:
    """A portrait that could not be kept is a usage error, before anything is made."""
    done = await running.hatchery("hatch", "a dragon", "-o", str(tmp_path / "no" / "x.png"))
    assert (2, True) == (done.exit_code, f"there is no folder {tmp_path}/no" in done.stderr)
    assert [] == engines.text_calls


async def test_a_place_that_goes_away_loses_no_companion(
    running: Place, engines: Engines, tmp_path: Path
) -> None:
    """Where the portrait cannot be kept after all, the card is shown, and how to fetch it."""
    folder = tmp_path / "short-lived"
    folder.mkdir()

    async def sweep(request: Any, emit: Emit) -> StepCompleted:
        folder.rmdir()
        return await draw_portrait(request, emit)

    engines.image = sweep
    done = await running.hatchery("hatch", "a dragon", "-o", str(folder / "x.png"))
    assert 1 == done.exit_code
    (name,) = [line for line in done.stdout.splitlines() if line.startswith("Name:     agents/")]
    assert "sunken library" in done.stdout
    assert "Portrait: " not in done.stdout
    assert f"{folder}/x.png: No such file or directory\n" in done.stderr
    there = f"{name.removeprefix('Name:     agents/')} --address {running.address} -o PATH"
    assert f"    hatchery agents portrait {there}\n" in done.stderr


async def test_json_is_the_stream_and_nothing_else(running: Place) -> None:
    """Every line of standard output is a Progress, and together they are one story."""
    done = await running.hatchery("hatch", "--json", "a dragon")
    events = parsed(done.stdout)
    assert "completed" == kinds(assert_story(events))[-1]
    assert "" == done.stderr
    assert "emitTime" in done.stdout
    assert not (running.state / "portraits").exists()


async def test_a_request_id_attaches_to_the_same(running: Place, engines: Engines) -> None:
    """The same call twice is one generation."""
    arguments = ("hatch", "--json", "a dragon", "--request-id", str(uuid.uuid4()))
    first, second = [(await running.hatchery(*arguments)).stdout for _ in range(2)]
    assert assert_story(parsed(first)) == parsed(second)
    assert 1 == len(engines.text_calls)


async def test_options_reach_the_engines(running: Place, engines: Engines) -> None:
    """Models, size, steps and seed are handed on."""
    done = await running.hatchery(
        "hatch", "a dragon", "--llm-model", "script", "--avatar-model", "script",
        "--size", "256x128", "--steps", "7", "--seed", "0",
    )  # fmt: skip
    assert 0 == done.exit_code, done.output
    drawn = engines.image_calls[0]
    assert ("script", 256, 128, 7) == (drawn.model, drawn.width, drawn.height, drawn.steps)
    assert drawn.HasField("seed")
    assert "script" == engines.text_calls[0].model


async def test_a_token_names_the_owner(running: Place) -> None:
    """What one owner hatched, another does not see."""
    mine, others = token("alice"), token("bob")
    done = await running.hatchery("hatch", "a dragon", HATCHERY_TOKEN=mine)
    assert 0 == done.exit_code, done.output
    listed = await running.hatchery("agents", "list", "--token", mine)
    assert 1 == len(parse_table(listed.stdout))
    assert "" == (await running.hatchery("agents", "list", HATCHERY_TOKEN=others)).stdout
