"""`write` over a real port and a real Postgres."""

import asyncio
import json
import uuid
from asyncio.subprocess import PIPE
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hatchery.gateway.v1.generation_service_pb2 import ListGenerationsRequest
from hatchery.progress.v1 import progress_pb2 as pb
from hatchery.progress.v1.progress_pb2 import Progress, StepCompleted

from services.runtime.engine_stream import Emit
from services.runtime.errors import OutputCutOff
from tests.contract.cli.conftest import Place
from tests.contract.cli.reading import parse_table, parsed
from tests.contract.cli.writing import HalfWay, says
from tests.support.oracle import assert_story, kinds
from tests.support.scripted import TEXT, Engines, write_text

POEM = "Tide:\n\n  in,\n\tand \x1b[31mout\x1b[0m\x07 again.\r\n"


async def test_a_pipe_has_the_text_alone(running: Place, engines: Engines) -> None:
    """Standard output is the text; the story and the breakdown are on standard error."""
    engines.text = partial(write_text, pause=0.06)
    done = await running.hatchery("write", "a poem", "about tides", "--max-tokens", "20")
    assert (0, f"{TEXT}\n") == (done.exit_code, done.stdout), done.output
    told = done.stderr.splitlines()
    assert told[0].startswith("Step 1 of 2: Writing")
    assert any(" % · " in line and "of ~" in line for line in told), told
    (breakdown,) = [line for line in told if "tokens in all" in line]
    assert breakdown.startswith("7 tokens in · 13 tokens out · 20 tokens in all · 50.0 tokens/s · ")
    assert told[-1].startswith("Name: artifacts/")


async def test_options_reach_the_engine(running: Place, engines: Engines) -> None:
    """Model, seed, limit and temperature are handed on; the prompt is one sentence."""
    done = await running.hatchery(
        "write", "a", "poem", "--model", "script", "--seed", "0", "--max-tokens", "50",
        "--temperature", "0.5", "--time-limit", "1m30s",
    )  # fmt: skip
    assert 0 == done.exit_code, done.output
    (asked,) = engines.text_calls
    assert ("script", 0, 50, 0.5) == (
        asked.model, asked.seed, asked.sampling.max_tokens, asked.sampling.temperature,
    )  # fmt: skip
    assert ["a poem"] == [message.content for message in asked.messages]


async def test_a_prompt_can_come_from_standard_input(running: Place, engines: Engines) -> None:
    """`-` reads it; what is not UTF-8 is refused before anything is made."""
    process = await running.process("write", "-", stdin=PIPE, stdout=PIPE, stderr=PIPE)
    out, err = await process.communicate("two lines\nabout käse\n".encode())
    assert (0, f"{TEXT}\n".encode()) == (process.returncode, out), err
    assert "two lines\nabout käse" == engines.text_calls[0].messages[0].content
    process = await running.process("write", "-", stdin=PIPE, stderr=PIPE)
    _, err = await process.communicate(b"\xff\xfe")
    assert (2, True) == (process.returncode, b"is not UTF-8" in err)
    assert 1 == len(engines.text_calls)


async def test_a_text_goes_where_it_is_wanted_as_it_is(
    running: Place, engines: Engines, tmp_path: Path
) -> None:
    """--output keeps every byte, and a pipe has the path; what is shown is clean."""
    engines.text = says(POEM)
    done = await running.hatchery("write", "a poem", "-o", str(tmp_path / "poem.txt"))
    assert (0, f"{tmp_path}/poem.txt\n") == (done.exit_code, done.stdout), done.output
    assert POEM.encode() == (tmp_path / "poem.txt").read_bytes()
    done = await running.hatchery("write", "a poem")
    assert "Tide:\n\n  in,\n\tand out  again.\n" == done.stdout
    folder = tmp_path / "texts"
    folder.mkdir()
    done = await running.hatchery("write", "a poem", "--json", "-o", str(folder))
    (kept,) = folder.iterdir()
    assert (0, POEM.encode()) == (done.exit_code, kept.read_bytes())
    assert (True, ".txt") == (kept.name.startswith("tide-"), kept.suffix)


@pytest.mark.parametrize("leaves", [True, False])
async def test_what_was_written_stays_in_the_terminal(
    running: Place, engines: Engines, leaves: bool
) -> None:
    """Whether somebody cancels it or goes: what was drawn of the text is there when it is gone."""
    engine = HalfWay(engines)
    with running.terminal("write", "a poem") as screen:
        await asyncio.wait_for(engine.came.wait(), 30)
        await asyncio.to_thread(screen.until, "The tide comes in.")
        if leaves:
            screen.type("\x03")
        else:
            ((*_, name),) = parse_table((await running.hatchery("generations", "list")).stdout)
            assert 0 == (await running.hatchery("generations", "cancel", name)).exit_code
        assert 130 == await asyncio.to_thread(screen.end)
    after = screen.seen.rpartition("\x1b[?25h")[2]  # the cursor is back: nothing is drawn
    assert "The tide comes in. The tide" in after
    engine.opened.set()


async def test_a_text_that_was_cut_off_says_so(running: Place, engines: Engines) -> None:
    """What there is of it is the text, and it is called a beginning."""

    async def endless(request: Any, emit: Emit) -> StepCompleted:
        emit(Progress(text_delta=pb.TextDelta(text="Once upon")))
        raise OutputCutOff("the text reached its limit of 2 tokens")

    engines.text = endless
    done = await running.hatchery("write", "a tale", "--max-tokens", "2")
    assert (0, "Once upon\n") == (done.exit_code, done.stdout)
    said = "Cut off: the text reached its limit of 2 tokens (--max-tokens)"
    assert said in done.stderr.splitlines()


async def test_a_time_limit_ends_it(running: Place, engines: Engines) -> None:
    """It fails with its own reason, and the option that gives more is named."""
    engines.text = partial(write_text, pause=1)
    done = await running.hatchery("write", "a poem", "--time-limit", "1s")
    assert (1, "") == (done.exit_code, done.stdout)
    assert "`hatchery write --time-limit` gives more" in done.stderr
    assert "to read what was written" in done.stderr


async def test_json_is_the_stream_and_nothing_else(running: Place, engines: Engines) -> None:
    """Every line is a Progress, and the same request id attaches to the same."""
    arguments = ("write", "--json", "a poem", "--request-id", str(uuid.uuid4()))
    first, second = [await running.hatchery(*arguments) for _ in range(2)]
    story = assert_story(parsed(first.stdout))
    assert "completed" == kinds(story)[-1]
    assert TEXT == "".join(event.text_delta.text for event in story)
    assert (story, "", 1) == (parsed(second.stdout), first.stderr, len(engines.text_calls))


async def test_a_watched_text_is_shown_too(running: Place) -> None:
    """`watch` tells the story and then the text; a retry of what went well is refused."""
    told = parsed((await running.hatchery("write", "--json", "a poem")).stdout)
    done = await running.hatchery("watch", told[0].generation)
    lines = done.stdout.splitlines()
    assert (0, True) == (done.exit_code, TEXT in lines)
    assert lines.index(TEXT) > lines.index("Step 2 of 2: Putting it away")
    assert f"Name: {told[-1].completed.resource}" == lines[-1]


async def test_a_file_that_cannot_be_kept_loses_no_text(
    running: Place, engines: Engines, tmp_path: Path
) -> None:
    """Where its place has gone, the text is shown, and what fetches it is told."""
    folder = tmp_path / "short-lived"
    folder.mkdir()

    async def sweep(request: Any, emit: Emit) -> StepCompleted:
        folder.rmdir()
        return await write_text(request, emit)

    engines.text = sweep
    done = await running.hatchery("write", "a poem", "-o", str(folder / "x.txt"))
    assert (1, f"{TEXT}\n") == (done.exit_code, done.stdout)
    assert f"{folder}/x.txt: No such file or directory\n" in done.stderr
    assert "\n    hatchery artifacts save " in done.stderr


REFUSALS = [
    (["write", " "], 1, "the prompt: must have 1 to 20000 characters"),
    (["write", "x", "--model", "nope"], 1, 'there is no model "nope"'),
    (["write", "x", "--model", "nope", "--model", ""], 1, 'there is no model "nope"'),
    (["write", "x", *["--model", ""] * 9], 1, "--model: must contain no more than 8 item(s)"),
    (["write", " ", *["--model", ""] * 2], 1, "the prompt: must have 1 to 20000 characters"),
    (["write", "x", "--request-id", "7"], 1, "--request-id: "),
    (["write", "x", "--time-limit", "5"], 2, "a time looks like 90s, 5m or 1h30m"),
    (["write", "x", "--time-limit", "0s"], 2, "it has to be more than none"),
    (["write", "x", "--max-tokens", "0"], 2, "--max-tokens"),
    (["write", "x", "--temperature", "2.1"], 2, "--temperature"),
    (["write", "x", "--seed", "-1"], 2, "--seed"),
    (["write", "x", "-o", "/nowhere/at/all"], 2, "there is no folder /nowhere/at"),
    (["write"], 2, "Missing argument"),
    (["artifacts", "show", "7"], 1, "that is no name of its kind"),
    (["artifacts", "save", str(uuid.UUID(int=0))], 1, "`hatchery artifacts list` shows"),
    (["comparisons", "show", str(uuid.UUID(int=0))], 1, "there is no comparisons/0000"),
    (["stats", "--since", "soon"], 2, "a beginning looks like 24h, 7d"),
    (["stats", "--since", "1969-01-01"], 2, "nothing was made before 1970"),
]


async def test_refusals_are_sentences(running: Place, engines: Engines) -> None:
    """Every refusal is one line that says what to do, in the command's own terms."""
    for arguments, code, sentence in REFUSALS:
        done = await running.hatchery(*arguments)
        assert (code, True) == (done.exit_code, sentence in done.stderr), (arguments, done.stderr)
        assert "Traceback" not in done.output
    assert [] == engines.text_calls


PRICES = """
unit = "bricks"
[models.script]
input = 1
output = 2
picture = 3
[budget]
limit = 1
period = "1d"
"""


async def test_prices_and_a_budget(place: Place, tmp_path: Path) -> None:
    """Models have prices, a text a cost, and what may cost too much is refused and not begun."""
    prices = tmp_path / "prices.toml"
    prices.write_text(PRICES)
    async with place.start(prices=prices):
        models = (await place.hatchery("models")).stdout.splitlines()
        assert models[0].endswith("1 bricks per 1,000 tokens read, 2 written")
        assert models[1].endswith("3 bricks per picture")
        done = await place.hatchery("write", "a poem", "--max-tokens", "100")
        assert 0 == done.exit_code, done.output
        assert "0.0330 bricks" in done.stderr
        name = done.stderr.splitlines()[-1].removeprefix("Name: ")
        artifact = json.loads((await place.hatchery("artifacts", "show", "--json", name)).stdout)
        shown = await place.hatchery("generations", "show", artifact["generation"])
        assert "0.0330 bricks" in shown.stdout
        done = await place.hatchery("write", "a novel", "--max-tokens", "20000")
        assert (1, "") == (done.exit_code, done.stdout)
        assert "0.967 are left of 1" in done.stderr
        assert "`hatchery stats` shows the budget" in done.stderr
        assert 1 == len((await place.hatchery("generations", "list")).stdout.splitlines())
        stats = (await place.hatchery("stats")).stdout
        assert "Budget\t0.033 of 1 bricks spent in 24 h\n" in stats


async def test_a_connection_that_drops_is_taken_up_again(place: Place, engines: Engines) -> None:
    """The gateway goes away mid-way and comes back: the text is whole, and nothing of it void."""
    reached, calls = asyncio.Event(), 0

    async def interrupted(request: Any, emit: Emit) -> StepCompleted:
        nonlocal calls
        calls += 1
        if calls == 1:
            emit(Progress(text_delta=pb.TextDelta(text=TEXT[:20])))
            reached.set()
            await asyncio.Event().wait()
        return await write_text(request, emit)

    engines.text = interrupted
    async with place.start(stop_grace=0.1) as client:
        writing = asyncio.ensure_future(place.hatchery("write", "--json", "a poem"))
        await asyncio.wait_for(reached.wait(), 30)
        (listed,) = (await client.generations.ListGenerations(ListGenerationsRequest())).generations
        await client.watch(listed.name, until=lambda event: event.HasField("text_delta"))
    await asyncio.sleep(0.3)
    assert not writing.done()
    async with place.start():
        done = await asyncio.wait_for(writing, 60)
    assert 0 == done.exit_code, done.output
    story = assert_story(parsed(done.stdout))
    assert [False, True] == [
        event.step_started.continues for event in story
        if event.HasField("step_started") and event.step == "write"
    ]  # fmt: skip
    assert TEXT == "".join(event.text_delta.text for event in story)
    assert TEXT[:20] == engines.text_calls[1].prefix
