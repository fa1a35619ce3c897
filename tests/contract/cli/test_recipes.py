"""`recipes` over a real port: listed, run, refused."""

import asyncio
import json
from asyncio.subprocess import PIPE

from services.gateway.recipes.custom import Context, Document
from tests.contract.cli.conftest import Place
from tests.contract.cli.reading import parse_table, parsed
from tests.support.oracle import assert_story
from tests.support.recipes import GREETING, recipe, step


async def give_back(context: Context) -> Document:
    """Gives what it is given, and what a terminal must not obey."""
    return {"given": dict(context.input), "said": "\x1b]0;owned\x07one\ntwo\x9b2J"}


INPUT = {
    "type": "object",
    "properties": {"topic": {"type": "string"}, "lines": {"type": "integer"}, "any": {}},
}
ECHO = recipe(step(give_back), name="echo", title="An echo", input_schema=INPUT)


async def test_they_are_listed_with_what_they_take(place: Place) -> None:
    """Title, what it makes, what it takes, its steps, who brought it, and its name."""
    async with place.start(custom=[ECHO, GREETING]):
        rows = parse_table((await place.hatchery("recipes", "list")).stdout)
    assert [
        ["An echo", "Tests.", "topic, lines, any", "only", "hatchery-test 0.1", "echo"],
        ["A test", "Tests.", "topic, lines, tone", "name, greet", "hatchery-test 0.1", "greeting"],
    ] == rows


async def test_the_document_is_all_that_a_pipe_has(place: Place) -> None:
    """As JSON, with its numbers as they were; values are read as the recipe takes them."""
    async with place.start(custom=[ECHO]):
        done = await place.hatchery("recipes", "run", "echo", "topic=7", "lines=7", "any=a b=c")
        assert 0 == done.exit_code, done.output
        made = json.loads(done.stdout)
        assert {"topic": "7", "lines": 7, "any": "a b=c"} == made["given"]
        assert "\x1b]0;owned\x07one\ntwo\x9b2J" == made["said"]
        assert not set(done.output) & set("\x1b\x07\x9b")
        told = done.stderr.splitlines()
        assert told[0].startswith("Step 1 of 1: Only")
        assert told[-1].startswith("Name: generations/")
        process = await place.process(
            "recipes", "run", "echo", "--input", "-", "lines=2", stdin=PIPE, stdout=PIPE
        )
        out, _ = await asyncio.wait_for(process.communicate(b'{"topic": "sea", "lines": 1}'), 30)
        assert {"topic": "sea", "lines": 2} == json.loads(out)["given"]
        done = await place.hatchery("recipes", "run", "echo", "--json")
        assert_story(parsed(done.stdout))


async def test_its_steps_are_shown(place: Place) -> None:
    """`generations show` has the document of each step, and what was said of it."""
    async with place.start(custom=[GREETING]):
        done = await place.hatchery("recipes", "run", "greeting", "topic=a dragon")
        assert {"greeting": "Hello, Marisol!"} == json.loads(done.stdout)
        name = done.stderr.splitlines()[-1].removeprefix("Name: ")
        shown = (await place.hatchery("generations", "show", name)).stdout.splitlines()
    assert "    greeted" in shown
    assert '    {"greeting": "Hello, Marisol!"}' in shown


async def test_refusals_are_sentences(place: Place) -> None:
    """What is no recipe, no value and no JSON, and what does not fit, is one line."""
    async with place.start(custom=[GREETING]):
        for arguments, code, sentence in [
            (["nothing"], 1, "there is no recipes/nothing; `hatchery recipes list` shows"),
            (["nothing", "a=b"], 1, "there is no recipes/nothing; `hatchery recipes list` shows"),
            (["greeting", "topic"], 2, "topic is no KEY=VALUE"),
            (["greeting", "--input", "{"], 2, "that is no JSON"),
            (["greeting", "--input", "[]"], 2, "that is no JSON object"),
            (["greeting"], 1, "hatchery: topic: is missing"),
            (["greeting", "topic=x", "tone=loud"], 1, "hatchery: tone: "),
        ]:
            done = await place.hatchery("recipes", "run", *arguments)
            assert (code, True) == (done.exit_code, sentence in done.stderr), done.stderr
            assert "Traceback" not in done.output
