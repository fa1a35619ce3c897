"""`write` with several models, and `comparisons`, over a real port."""

import asyncio
import json
import signal
from asyncio.subprocess import PIPE
from pathlib import Path
from typing import Any

from google.protobuf import json_format
from hatchery.gateway.v1.artifact_service_pb2 import Comparison
from hatchery.progress.v1.progress_pb2 import StepCompleted

from services.runtime.engine_stream import Emit
from services.runtime.errors import OutputCutOff, UnknownModel
from tests.contract.cli.conftest import Place
from tests.contract.cli.reading import heard, parse_table, parsed
from tests.contract.cli.writing import HalfWay, says
from tests.support.oracle import assert_story
from tests.support.scripted import TEXT, Engines, write_text

TWO = ("--model", "script", "--model", "other")


async def test_each_has_its_text_and_its_row(running: Place, engines: Engines) -> None:
    """In a pipe: the texts under their names, then a table; the stories are beside it."""
    engines.eyes = ["other"]
    done = await running.hatchery("write", "a poem", *TWO)
    assert 0 == done.exit_code, done.output
    lines = done.stdout.splitlines()
    assert ["── script ──", TEXT, "", "── other ──", TEXT, ""] == lines[:6]
    rows = [line.split("\t") for line in lines[6:]]
    assert [["script", "completed", "13 tokens"], ["other", "completed", "13 tokens"]] == [
        row[:3] for row in rows
    ]
    assert all(row[3].startswith("50.0 tokens/s") for row in rows)
    assert not any("fastest" in row[3] for row in rows)  # they are equally fast
    assert all(row[6].startswith("artifacts/") for row in rows)
    marks = {line[:8] for line in done.stderr.splitlines()[:-1]}
    assert {"script  ", "other   "} == marks
    assert {"script", "other"} == {call.model for call in engines.text_calls}
    name = done.stderr.splitlines()[-1].removeprefix("Name: ")
    shown = await running.hatchery("comparisons", "show", name.partition("/")[2])
    assert ["“a poem”", *lines[6:]] == shown.stdout.splitlines()[:3]
    told = await running.hatchery("comparisons", "show", "--json", name)
    assert name == json_format.Parse(told.stdout, Comparison()).name


async def test_a_draft_that_was_cut_off_is_not_called_completed(
    running: Place, engines: Engines
) -> None:
    """Neither at its end nor later; and every comparison is in the list of them."""
    engines.eyes = ["other"]

    async def one_is_cut(request: Any, emit: Emit) -> StepCompleted:
        done = await write_text(request, emit)
        if request.model == "other":
            raise OutputCutOff("the text reached its limit of 13 tokens")
        return done

    engines.text = one_is_cut
    done = await running.hatchery("write", "a poem", *TWO)
    assert 0 == done.exit_code, done.output
    name = done.stderr.splitlines()[-1].removeprefix("Name: ")
    shown = await running.hatchery("comparisons", "show", name)
    for output in (done.stdout, shown.stdout):
        rows = [line.split("\t") for line in output.splitlines() if "\t" in line]
        assert [["script", "completed"], ["other", "cut off"]] == [row[:2] for row in rows]
    await running.hatchery("write", "alone")
    await running.hatchery("write", "another poem", *TWO, *TWO[:2])
    rows = parse_table((await running.hatchery("comparisons", "list")).stdout)
    assert [["another poem", "3"], ["a poem", "2"]] == [row[:2] for row in rows]
    assert name == rows[1][-1]
    (row,) = parse_table((await running.hatchery("comparisons", "list", "--limit", "1")).stdout)
    assert "another poem" == row[0]


async def test_json_has_the_events_of_each(running: Place, engines: Engines) -> None:
    """Every line is a Progress; those of each generation are one story."""
    done = await running.hatchery(
        "write", "a poem", "--model", "", "--model", "", "--json", "--seed", "5"
    )
    told = parsed(done.stdout)
    names = {event.generation for event in told if event.generation}
    assert (0, 2, "") == (done.exit_code, len(names), done.stderr)
    for name in names:
        assert_story([event for event in told if event.generation == name])
    assert {5, 6} == {call.seed for call in engines.text_calls}


async def test_all_go_to_one_folder(running: Place, engines: Engines, tmp_path: Path) -> None:
    """Each has a file of its own there; a file for several is refused first."""
    engines.text = says("one\n")
    done = await running.hatchery("write", "x", "--model", "", "--model", "", "-o", str(tmp_path))
    kept = [Path(line) for line in done.stdout.splitlines() if line.startswith(str(tmp_path))]
    assert (0, 2) == (done.exit_code, len(set(kept))), done.output
    assert [b"one\n"] * 2 == [path.read_bytes() for path in kept]
    wrong = ("-o", str(tmp_path / "one.txt"))
    done = await running.hatchery("write", "x", "--model", "", "--model", "", *wrong)
    assert (2, True) == (done.exit_code, "names a folder" in done.stderr)


async def test_one_that_fails_is_told_beside_the_others(running: Place, engines: Engines) -> None:
    """The rest is shown all the same; the end is 1, and says how many."""
    engines.eyes = ["other"]

    async def one_is_gone(request: Any, emit: Emit) -> StepCompleted:
        if request.model == "other":
            raise UnknownModel("other", command="ollama pull other")
        return await write_text(request, emit)

    engines.text = one_is_gone
    done = await running.hatchery("write", "a poem", *TWO)
    assert (1, True) == (done.exit_code, TEXT in done.stdout)
    rows = [line.split("\t") for line in done.stdout.splitlines() if "\t" in line]
    assert [("script", "completed"), ("other", "failed")] == [(row[0], row[1]) for row in rows]
    said = done.stderr.splitlines()
    assert 'other: there is no model "other"; to get it: ollama pull other' in said
    assert "hatchery: 1 of 2 failed or were cancelled" == said[-1]


async def test_leaving_says_how_to_go_on(running: Place, engines: Engines) -> None:
    """Ctrl-C ends the command with 130, and the comparison can be read later."""
    engine = HalfWay(engines)
    process = await running.process("write", "a poem", *TWO[:2], *TWO[:2], stdout=PIPE, stderr=PIPE)
    await asyncio.wait_for(engine.came.wait(), 30)
    await heard(process.stderr)
    process.send_signal(signal.SIGINT)
    out, err = await asyncio.wait_for(process.communicate(), 30)
    assert (130, b"") == (process.returncode, out)
    said = err.decode()
    assert "They go on without you." in said
    again = said.partition("watch them again:\n    hatchery ")[2].partition(" --address")[0].split()
    name = said.partition("hatchery comparisons show ")[2].split()[0]
    engine.opened.set()
    assert 0 == (await running.hatchery(*again)).exit_code
    told = json.loads((await running.hatchery("comparisons", "show", "--json", name)).stdout)
    assert ["STATE_COMPLETED"] * 2 == [entry["state"] for entry in told["entries"]]


async def test_a_connection_that_drops_is_taken_up_again(place: Place, engines: Engines) -> None:
    """The gateway goes away while the second waits and comes back: both stories are whole."""
    engine = HalfWay(engines)
    async with place.start(stop_grace=0.1):
        writing = asyncio.ensure_future(
            place.hatchery("write", "--json", "a poem", "--model", "", "--model", "")
        )
        await asyncio.wait_for(engine.came.wait(), 30)
    await asyncio.sleep(0.3)
    assert not writing.done()
    engine.opened.set()
    async with place.start():
        done = await asyncio.wait_for(writing, 60)
    told = parsed(done.stdout)
    names = {event.generation for event in told if event.generation}
    assert (0, 2) == (done.exit_code, len(names)), done.output
    for name in names:
        story = assert_story([event for event in told if event.generation == name])
        assert TEXT == "".join(event.text_delta.text for event in story)
