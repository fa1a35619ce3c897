"""`chat` over a real gateway: what it plans and does, told in the terminal and in a pipe."""

import asyncio
import json
import re

from tests.contract.cli.conftest import Place
from tests.contract.cli.reading import parse_table
from tests.support.scripted import TEXT, Engines
from tests.support.thinking import planned, thinks

WISH = "Please remember that I like tea, and draw a new portrait of yourself!"


def thinks_of(engines: Engines) -> None:
    """The engine wants something remembered, a new portrait, and a change that cannot be."""
    thinks(
        engines,
        intent="request",
        request="have the tea remembered",
        wanted=["remember", "portrait", "change"],
        keywords=["tea"],
        actions=[
            planned("remember", text="The person likes tea."),
            planned("portrait", style=""),
            planned("change", field="owner", value="somebody else"),
        ],
        memories=[],
    )


async def test_deeds_and_refusals_are_told(running: Place, engines: Engines) -> None:
    """In a pipe: the reply alone on standard output; what is done, and what is not, beside it."""
    assert 0 == (await running.hatchery("hatch", "a dragon")).exit_code
    thinks_of(engines)
    done = await running.hatchery("chat", "-m", WISH)
    assert (0, f"{TEXT}\n") == (done.exit_code, done.stdout), done.output
    told = done.stderr
    assert "  have the tea remembered (remember, portrait, change)" in told
    assert "left out: change: " in told
    watch = re.search(r"to watch it: hatchery (watch [0-9a-f-]{36})", told)
    assert watch is not None, told
    portrait = await running.hatchery(*watch[1].split())
    assert 0 == portrait.exit_code, portrait.output
    (memory,) = parse_table((await running.hatchery("memories", "list")).stdout)
    assert "tea" in memory[0]
    again = await running.hatchery("memories", "list", "--query", "what do they drink: tea?")
    assert memory == parse_table(again.stdout)[0]
    assert 0 == (await running.hatchery("memories", "delete", memory[-1])).exit_code
    assert "" == (await running.hatchery("memories", "list")).stdout
    shown = await running.hatchery("generations", "show", "--json", watch[1].split()[1])
    assert "causedBy" in json.loads(shown.stdout)


async def test_only_what_is_allowed_is_done(running: Place, engines: Engines) -> None:
    """--allow answer leaves the rest of the plan out, and says so."""
    assert 0 == (await running.hatchery("hatch", "a dragon")).exit_code
    thinks_of(engines)
    done = await running.hatchery("chat", "-m", WISH, "--allow", "answer")
    assert (0, f"{TEXT}\n") == (done.exit_code, done.stdout), done.output
    assert "to watch it" not in done.stderr
    assert "" == (await running.hatchery("memories", "list")).stdout


async def test_a_terminal_tells_them_before_the_reply(running: Place, engines: Engines) -> None:
    """The thinking folds into lines; then what was done; then the words, and the prompt again."""
    assert 0 == (await running.hatchery("hatch", "a dragon")).exit_code
    thinks_of(engines)

    def sit() -> str:
        with running.terminal("chat", "marisol") as screen:
            screen.until("You: ")
            screen.type(f"{WISH}\r")
            told = screen.until("Marisol: ")
            screen.until("elsewhere.")
            screen.until("You: ")
            screen.type("/memories\r")
            screen.until("  1  ")
            screen.until("You: ")
            screen.type("\x04")
            assert 0 == screen.end()
            return told

    told = await asyncio.to_thread(sit)
    fold = told.rpartition("Thought for ")[2]
    for part in ("have the tea remembered", "left out: change: ", "hatchery watch "):
        assert part in fold
