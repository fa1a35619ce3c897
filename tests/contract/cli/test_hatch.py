"""`hatch` and `watch` over a real port and a real Postgres."""

import asyncio
import os
import signal
import uuid
from asyncio.subprocess import PIPE
from pathlib import Path
from typing import Any

from google.protobuf import json_format
from google.protobuf.struct_pb2 import Struct
from hatchery.progress.v1 import progress_pb2 as pb
from hatchery.progress.v1.progress_pb2 import Progress, StepCompleted

from services.runtime.engine_stream import Emit
from services.runtime.errors import EngineFailed, OutputInvalid, UnknownModel
from tests.contract.cli.conftest import Place
from tests.support.gateway import token
from tests.support.oracle import assert_story, kinds
from tests.support.scripted import DOCUMENT, PNG, Engines, draw_portrait, write_persona

NOBODY = "generations/00000000-0000-4000-8000-000000000000"


def parsed(output: str) -> list[Progress]:
    """The events of --json."""
    return [json_format.Parse(line, Progress()) for line in output.splitlines()]


async def drawing(engines: Engines) -> None:
    """Wait until the portrait is being drawn."""
    async with asyncio.timeout(30):
        while not engines.image_calls:  # noqa: ASYNC110  # a list has no bell
            await asyncio.sleep(0.02)


def portrait_of(output: str) -> Path:
    """Where the output says that the portrait lies."""
    line = next(line for line in output.splitlines() if line.startswith("Portrait: "))
    return Path(line.removeprefix("Portrait: "))


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
    assert f"{folder}/x.png: No such file or directory; `hatchery agents portrait" in done.stderr
    there = f"{name.removeprefix('Name:     ')} --address {running.address} -o PATH` fetches it"
    assert there in done.stderr


async def test_json_is_the_stream_and_nothing_else(running: Place) -> None:
    """Every line of standard output is a Progress, and together they are one story."""
    done = await running.hatchery("hatch", "--json", "a dragon")
    events = parsed(done.stdout)
    assert "completed" == kinds(assert_story(events))[-1]
    assert "" == done.stderr
    assert "emitTime" in done.stdout
    assert not (running.state / "portraits").exists()


async def test_watching_again_tells_the_same(running: Place) -> None:
    """`watch` replays the log to the end, from any event, with the id alone as the name."""
    seen = assert_story(parsed((await running.hatchery("hatch", "--json", "a dragon")).stdout))
    name = seen[0].generation
    assert seen == parsed((await running.hatchery("watch", "--json", name)).stdout)
    short = name.partition("/")[2]
    rest = await running.hatchery("watch", "--json", "--after", "4", short)
    assert seen[4:] == parsed(rest.stdout)
    ended = await running.hatchery("watch", "--after", str(len(seen)), name)
    assert 0 == ended.exit_code
    assert "Marisol" in ended.stdout


async def test_several_are_watched_at_once(running: Place, engines: Engines) -> None:
    """Each line says whose it is; all are told to their ends, and one that failed is not 0."""
    well = parsed((await running.hatchery("hatch", "--json", "one")).stdout)

    async def unknown(request: Any, emit: Emit) -> StepCompleted:
        raise UnknownModel("gone", command="ollama pull gone")

    engines.text = unknown
    badly = parsed((await running.hatchery("hatch", "--json", "other")).stdout)
    names = [told[0].generation for told in (well, badly)]
    done = await running.hatchery("watch", *names, names[0])
    assert (1, "hatchery: 1 of 2 failed or were cancelled\n") == (done.exit_code, done.stderr)
    one, other = (name.removeprefix("generations/")[:8] for name in names)
    assert {one, other} == {line.split("  ")[0] for line in done.stdout.splitlines()}
    assert f"{one}  Made {well[-1].completed.resource}\n" in done.stdout
    assert f'{other}  there is no model "gone"; to get it: ollama pull gone\n' in done.stdout
    told = parsed((await running.hatchery("watch", "--json", *names)).stdout)
    for name, first in zip(names, (well, badly), strict=True):
        assert assert_story(first) == [e for e in told if e.generation == name and e.sequence]
    refused = await running.hatchery("watch", "--after", "4", *names)
    assert (2, True) == (refused.exit_code, "go with one NAME only" in refused.stderr)


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


async def test_a_connection_that_drops_is_taken_up_again(place: Place, engines: Engines) -> None:
    """The gateway goes away mid-way and comes back: the output has no gap and no repeat."""
    reached = asyncio.Event()
    calls = 0

    async def interrupted(request: Any, emit: Emit) -> StepCompleted:
        nonlocal calls
        calls += 1
        if calls > 1:
            return await draw_portrait(request, emit)
        reached.set()
        await asyncio.Event().wait()
        raise AssertionError

    engines.image = interrupted
    async with place.start(stop_grace=0.1):
        hatching = asyncio.ensure_future(place.hatchery("hatch", "--json", "a dragon"))
        await asyncio.wait_for(reached.wait(), 30)
    await asyncio.sleep(0.3)
    assert not hatching.done()
    async with place.start():
        done = await asyncio.wait_for(hatching, 60)
    assert 0 == done.exit_code, done.output
    assert "completed" == kinds(assert_story(parsed(done.stdout)))[-1]
    assert 1 == len(engines.text_calls)


async def test_leaving_says_how_to_go_on(running: Place, engines: Engines) -> None:
    """Ctrl-C ends the command with 130 and both ways on; the generation hatches all the same."""
    going = asyncio.Event()

    async def slow(request: Any, emit: Emit) -> StepCompleted:
        await going.wait()
        return await draw_portrait(request, emit)

    engines.image = slow
    process = await running.process("hatch", "a dragon", stdout=PIPE, stderr=PIPE)
    await drawing(engines)
    process.send_signal(signal.SIGINT)
    _, said = await asyncio.wait_for(process.communicate(), 30)
    lines = said.decode().split()
    assert 130 == process.returncode
    name = lines[lines.index("watch", lines.index("hatchery")) + 1]
    assert f"hatchery generations cancel {name}" in said.decode()
    going.set()
    done = await running.hatchery("watch", name)
    assert (0, True) == (done.exit_code, "Marisol" in done.stdout)


async def test_a_pause_is_told_and_undone(running: Place, engines: Engines) -> None:
    """Another terminal halts it and lets it go on: the one that watches says so and ends well."""
    going = asyncio.Event()

    async def slow(request: Any, emit: Emit) -> StepCompleted:
        await going.wait()
        return await draw_portrait(request, emit)

    engines.image = slow
    process = await running.process("hatch", "a dragon", stdout=PIPE, stderr=PIPE)
    await drawing(engines)
    ((*_, name),) = parse_table((await running.hatchery("generations", "list")).stdout)
    assert "It was not paused.\n" == (await running.hatchery("generations", "resume", name)).stdout
    assert "Paused.\n" == (await running.hatchery("generations", "pause", name)).stdout
    assert await _is_paused(running, name)
    going.set()
    assert "It goes on.\n" == (await running.hatchery("generations", "resume", name)).stdout
    said, _ = await asyncio.wait_for(process.communicate(), 30)
    assert 0 == process.returncode
    lines = said.decode().splitlines()
    halted = lines.index(f"Paused. It goes on with: hatchery generations resume {name}")
    assert halted < lines.index("It goes on.")
    for command in ("pause", "resume"):
        late = await running.hatchery("generations", command, name)
        assert (1, "hatchery: it had ended before: completed\n") == (late.exit_code, late.stderr)


async def _is_paused(running: Place, name: str) -> bool:
    listed = await running.hatchery("generations", "list", "--state", "paused")
    return name in listed.stdout


async def test_a_cancelled_one_is_tried_again(running: Place, engines: Engines) -> None:
    """`generations retry` begins at what was not finished, and ends with the card."""

    async def endless(request: Any, emit: Emit) -> StepCompleted:
        await asyncio.Event().wait()
        raise AssertionError

    engines.image = endless
    process = await running.process("hatch", "a dragon", stdout=PIPE, stderr=PIPE)
    await drawing(engines)
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

    async def endless(request: Any, emit: Emit) -> StepCompleted:
        await asyncio.Event().wait()
        raise AssertionError

    engines.image = endless
    process = await running.process("hatch", "a dragon", stdout=PIPE, stderr=PIPE)
    await drawing(engines)
    (listed,) = parse_table((await running.hatchery("generations", "list")).stdout)
    assert "running" in listed[1]
    assert "Cancelled.\n" == (await running.hatchery("generations", "cancel", listed[3])).stdout
    _, said = await asyncio.wait_for(process.communicate(), 30)
    assert (130, b"hatchery: it was cancelled\n") == (process.returncode, said)
    again = await running.hatchery("watch", "--after", str(10**6), listed[3])
    assert "--after lies beyond" in again.stderr


def parse_table(output: str) -> list[list[str]]:
    """The cells of a table that was printed without a terminal."""
    return [line.split("\t") for line in output.splitlines()]


async def test_retries_and_fallbacks_are_said(running: Place, engines: Engines) -> None:
    """A second attempt and a placeholder are told as what they are, and still it hatches."""
    attempts = 0

    async def flaky(request: Any, emit: Emit) -> StepCompleted:
        nonlocal attempts
        attempts += 1
        if attempts == 1:
            raise OutputInvalid("the document has no name")
        return await write_persona(request, emit)

    async def broken(request: Any, emit: Emit) -> StepCompleted:
        raise EngineFailed("the brush broke")

    engines.text, engines.image = flaky, broken
    done = await running.hatchery("hatch", "a dragon")
    assert 0 == done.exit_code, done.output
    assert "the document has no name" in done.stdout
    assert "attempt 2" in done.stdout
    assert "This is a placeholder only: the brush broke" in done.stdout
    assert ".svg" == portrait_of(done.stdout).suffix


async def test_a_failure_is_a_sentence(running: Place, engines: Engines) -> None:
    """What cannot be made ends with 1 and one line on standard error."""

    async def unknown(request: Any, emit: Emit) -> StepCompleted:
        raise UnknownModel("gone", command="ollama pull gone")

    engines.text = unknown
    done = await running.hatchery("hatch", "a dragon")
    assert 1 == done.exit_code
    assert 'hatchery: there is no model "gone"; to get it: ollama pull gone\n' == done.stderr


REFUSALS = [
    (["hatch", "  "], 1, "the sentence: must have 1 to 2000 characters"),
    (["hatch", "x", "--llm-model", "nope"], 1, "`ollama pull nope` brings it"),
    (["hatch", "x", "--avatar-model", "nope"], 1, "`hatchery models` lists what there is"),
    (["hatch", "x", "--size", "100x100"], 1, "--size (width): must be 0, or a multiple of 16"),
    (["hatch", "x", "--size", "2048x64"], 1, "from 64 to 1024 pixels"),
    (["hatch", "x", "--size", "huge"], 2, "a size looks like 512x512"),
    (["hatch", "x", "--size", "0x512"], 2, "a picture has at least one pixel"),
    (["hatch", "x", "--request-id", "7"], 1, "--request-id: "),
    (["hatch"], 2, "Missing argument"),
    (["watch", NOBODY], 1, "`hatchery generations list` shows what there is"),
    (["watch", "generations/no"], 1, "that is no name of an agent or a generation"),
    (["watch", NOBODY, "generations/no"], 1, "that is no name of an agent or a generation"),
    (["watch", NOBODY, NOBODY[:-1] + "1"], 1, "`hatchery generations list` shows what there is"),
    (["agents", "show", "7"], 1, "that is no name of an agent or a generation"),
    (["models", "--token", "wrong"], 1, "give another with --token or HATCHERY_TOKEN"),
    (["models", "--address", "127.0.0.1:1"], 1, "cannot reach Hatchery at 127.0.0.1:1"),
]


async def test_refusals_are_sentences(running: Place) -> None:
    """Every refusal is one line that says what to do; never a traceback."""
    for arguments, code, sentence in REFUSALS:
        done = await running.hatchery(*arguments)
        assert (code, True) == (done.exit_code, sentence in done.stderr), done.stderr
        assert "Traceback" not in done.output
        if code == 1:
            assert 1 == len(done.stderr.splitlines())


async def test_a_server_that_is_not_there(place: Place) -> None:
    """Hatching where nobody answers is given up after a few seconds, with one line."""
    done = await place.hatchery("hatch", "a dragon")
    assert 1 == done.exit_code
    assert f"hatchery: cannot reach Hatchery at {place.address};" in done.stderr


async def test_a_token_names_the_owner(running: Place) -> None:
    """What one owner hatched, another does not see."""
    mine, others = token("alice"), token("bob")
    done = await running.hatchery("hatch", "a dragon", HATCHERY_TOKEN=mine)
    assert 0 == done.exit_code, done.output
    listed = await running.hatchery("agents", "list", "--token", mine)
    assert 1 == len(parse_table(listed.stdout))
    assert "" == (await running.hatchery("agents", "list", HATCHERY_TOKEN=others)).stdout


HOSTILE = "[bold red]Ma[/]\x1b]0;owned\x07\x1b[2Jri\x9b5msol\n\rHOME"


async def hostile(_: Any, emit: Emit) -> StepCompleted:
    """Writes what a terminal must not obey."""
    delta = pb.TextDelta(field="/name", text=HOSTILE)
    emit(Progress(text_delta=delta, fraction=0.5))
    document = Struct()
    document.update(DOCUMENT | {"name": HOSTILE, "backstory": HOSTILE, "traits": [HOSTILE] * 3})
    return StepCompleted(document=document)


async def test_text_is_data_in_lines(running: Place, engines: Engines) -> None:
    """Escapes in what a model wrote do not reach standard output; markup stays as it was."""
    engines.text = hostile
    done = await running.hatchery("hatch", "a \x1b[31mred\x1b[0m dragon")
    assert 0 == done.exit_code, done.output
    for command in (("agents", "list"), ("generations", "list")):
        done.stdout_bytes += (await running.hatchery(*command)).stdout_bytes
    assert "[bold red]Ma[/]" in done.stdout
    for letter in ("\x1b", "\x07", "\x9b", "\r"):
        assert letter not in done.stdout


async def test_text_is_data_in_a_terminal(running: Place, engines: Engines) -> None:
    """In a terminal that is drawn on, what a model wrote is drawn and never obeyed."""
    engines.text = hostile
    reader, writer = os.openpty()
    terminal = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "COLUMNS": "100", "LINES": "40"}
    process = await running.process("hatch", "a dragon", stdout=writer, env=terminal)
    os.close(writer)
    seen = b""
    while chunk := await asyncio.to_thread(_read, reader):
        seen += chunk
    os.close(reader)
    assert 0 == await process.wait()
    assert b"owned" not in seen
    assert b"\x1b[2J" not in seen
    assert b"[bold red]Ma" in seen
    assert "▀".encode() in seen


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:
        return b""  # the other side is closed
