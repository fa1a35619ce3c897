"""What is kept of texts and apps: listed, shown, saved and deleted; halted and gone on with."""

import asyncio
import json
import os
import signal
from asyncio.subprocess import PIPE
from pathlib import Path

from google.protobuf import json_format
from hatchery.gateway.v1.artifact_service_pb2 import Artifact

from tests.contract.cli.conftest import Place
from tests.contract.cli.reading import heard, parse_table, parse_tables, parsed, path_of
from tests.contract.cli.test_hostile_text import read
from tests.contract.cli.writing import APP, HalfWay, says
from tests.support.scripted import TEXT, Engines, write_persona

HOSTILE = "[bold red]Ma[/]\x1b]0;owned\x07\x1b[2Jri\x9b5msol\n\r  HOME"


async def written(place: Place, *arguments: str) -> str:
    """The name of an artifact that is there."""
    done = await place.hatchery("write", "--json", *arguments)
    return parsed(done.stdout)[-1].completed.resource


async def test_they_are_listed_by_kind_and_newest_first(running: Place, engines: Engines) -> None:
    """Lines with tabs, or proto-JSON; as many as asked for."""
    text = await written(running, "a poem")
    engines.text = says(APP)
    app = await written(running, "a page", "--app")
    rows = parse_table((await running.hatchery("artifacts", "list")).stdout)
    assert [("Hello", "app", "4 tokens", app), (TEXT, "text", "13 tokens", text)] == [
        (row[0], row[1], row[2], row[5]) for row in rows
    ]
    for kind, name in (("text", text), ("app", app)):
        (row,) = parse_table((await running.hatchery("artifacts", "list", "--kind", kind)).stdout)
        assert name == row[5]
    told = (await running.hatchery("artifacts", "list", "--json", "--limit", "1")).stdout
    assert app == json_format.Parse(told, Artifact()).name


async def test_one_is_shown_and_saved(running: Place, engines: Engines, tmp_path: Path) -> None:
    """In a pipe its content alone; what it took, and where it came from, is beside it."""
    engines.text = says(APP)
    name = await written(running, "a page", "--app")
    shown = await running.hatchery("artifacts", "show", name.partition("/")[2])
    told = await running.hatchery("artifacts", "show", "--json", name)
    artifact = json_format.Parse(told.stdout, Artifact())
    assert (0, f"{artifact.content}\n") == (shown.exit_code, shown.stdout)
    beside = shown.stderr.splitlines()
    assert f"Name: {name}" in beside
    assert "From: “a page”" in beside
    assert beside[-1].endswith(f" in {artifact.generation}")
    for place in (tmp_path / "a.html", tmp_path):
        saved = await running.hatchery("artifacts", "save", name, "-o", str(place))
        assert artifact.content == path_of(saved.stdout).read_text()
    saved = await running.hatchery("artifacts", "save", name)
    assert running.state / "artifacts" == path_of(saved.stdout).parent


async def test_one_is_deleted_for_good(running: Place) -> None:
    """Then it is neither listed nor shown."""
    name = await written(running, "a poem")
    done = await running.hatchery("artifacts", "delete", name)
    assert (0, f"Deleted {name}.\n") == (done.exit_code, done.stdout)
    assert "" == (await running.hatchery("artifacts", "list")).stdout
    for command in ("show", "delete", "save"):
        gone = await running.hatchery("artifacts", command, name)
        assert (1, True) == (gone.exit_code, f"there is no {name}" in gone.stderr)


async def test_a_pause_keeps_what_was_written(running: Place, engines: Engines) -> None:
    """Halted and gone on with by others: the text is whole, and what was kept is told."""
    engine = HalfWay(engines)
    process = await running.process("write", "a poem", stdout=PIPE, stderr=PIPE)
    await asyncio.wait_for(engine.came.wait(), 30)
    ((*_, name),) = parse_table((await running.hatchery("generations", "list")).stdout)
    assert "Paused.\n" == (await running.hatchery("generations", "pause", name)).stdout
    halted = (await running.hatchery("generations", "show", name)).stdout.splitlines()
    words = TEXT.split(" ")
    assert f"    {' '.join(words[: len(words) // 2])}" in halted
    assert any(line.startswith("  Writing: pending · 6 ") for line in halted)
    assert any(line.startswith("Makes:  artifacts/") for line in halted)
    assert "It goes on.\n" == (await running.hatchery("generations", "resume", name)).stdout
    out, err = await asyncio.wait_for(process.communicate(), 30)
    assert (0, f"{TEXT}\n".encode()) == (process.returncode, out)
    said = err.decode().splitlines()
    (again,) = [line for line in said if "goes on after" in line]
    assert again.startswith("Step 1 of 2: Writing goes on after 6 ")
    assert "6 tokens were written before it was halted, and kept" in said
    shown = (await running.hatchery("generations", "show", name)).stdout
    assert "(6 of them kept)" in shown
    assert " at work" in shown.splitlines()[1]


async def test_leaving_says_how_to_go_on(running: Place, engines: Engines) -> None:
    """Ctrl-C ends the command with 130; the text is written all the same."""
    engine = HalfWay(engines)
    process = await running.process("write", "a poem", stdout=PIPE, stderr=PIPE)
    await asyncio.wait_for(engine.came.wait(), 30)
    await heard(process.stderr)
    process.send_signal(signal.SIGINT)
    out, err = await asyncio.wait_for(process.communicate(), 30)
    assert (130, b"") == (process.returncode, out)
    name = err.decode().partition("hatchery watch ")[2].split()[0]
    engine.opened.set()
    done = await running.hatchery("watch", name)
    assert (0, True) == (done.exit_code, TEXT in done.stdout)


async def test_text_is_data_everywhere(running: Place, engines: Engines) -> None:
    """What a model wrote reaches no terminal as a command, in lines or drawn; lines are kept."""
    engines.text = says(HOSTILE)
    done = await running.hatchery("write", "a \x1b[31mred\x1b[0m poem")
    assert (0, "[bold red]Ma[/]risol\n\n  HOME\n") == (done.exit_code, done.stdout)
    name = done.stderr.splitlines()[-1].removeprefix("Name: ")
    said = done.output
    for command in (("artifacts", "list"), ("artifacts", "show", name), ("generations", "list")):
        said += (await running.hatchery(*command)).output
    for letter in ("\x1b", "\x07", "\x9b", "\r"):
        assert letter not in said
    drawn = await _in_terminal(running, "write", "a poem")
    drawn += await _in_terminal(running, "artifacts", "show", name)
    assert b"owned" not in drawn
    assert b"\x1b[2J" not in drawn
    assert b"[bold red]Ma" in drawn
    assert b"Tokens in all" in drawn


async def _in_terminal(place: Place, *arguments: str) -> bytes:
    reader, writer = os.openpty()
    terminal = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "COLUMNS": "90", "LINES": "30"}
    process = await place.process(*arguments, stdout=writer, env=terminal)
    os.close(writer)
    seen = b""
    while chunk := await asyncio.to_thread(read, reader):
        seen += chunk
    os.close(reader)
    assert 0 == await process.wait()
    return seen


async def test_statistics_over_time(running: Place, engines: Engines) -> None:
    """Recipes and steps, what failed and why, and the same by the hour; plots in a terminal."""
    await written(running, "a poem")
    engines.text = says("no HTML")
    assert 1 == (await running.hatchery("write", "--app", "a page")).exit_code
    engines.text = write_persona
    done = await running.hatchery("stats", "--by", "hour", "--since", "1d")
    tables = parse_tables(done.stdout)
    assert {("create_text", "1", "1", "0"), ("create_app", "1", "0", "1")} == {
        tuple(row[:4]) for row in tables["Completed"]
    }
    (write,) = [row for row in tables["Done"] if row[0] == "write" and row[2] == "1"]
    assert ("script (scripted)", "50.0 tokens/s", "7 tokens", "13 tokens", "create_text") == (
        write[1], write[5], write[6], write[7], write[10],
    )  # fmt: skip
    assert ["create_app", "output invalid", "1"] in tables["How often"]
    assert 2 == sum(int(row[2]) for row in tables["Begun"])
    assert ["script (scripted)", "50.0 tokens/s"] == tables["Speed"][0][1:]
    told = json.loads((await running.hatchery("stats", "--json", "--by", "day")).stdout)
    assert {"recipes", "steps", "periods"} == set(told) - {"streams"}
    none = await running.hatchery("stats", "--json", "--since", "2999-01-01")
    assert set() == set(json.loads(none.stdout)) - {"streams"}
    drawn = (await _in_terminal(running, "stats", "--by", "day")).decode()
    for part in ("Generations by day (UTC)", "1 completed", "1 failed", "Tokens/s", "┤"):
        assert part in drawn
