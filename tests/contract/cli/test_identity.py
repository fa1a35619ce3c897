"""Tokens at the command: made for the local stack, kept in a file, and renewed there."""

import asyncio
import datetime as dt
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from pathlib import Path

import jwt
import pytest

from tests.contract.cli.conftest import Place
from tests.contract.cli.reading import heard, parse_table, parsed
from tests.support.gateway import token
from tests.support.oracle import assert_story
from tests.support.scripted import Engines, Gate


@pytest.fixture
async def strict(place: Place) -> AsyncIterator[Place]:
    """A place with a gateway that asks for tokens."""
    async with place.start(auth="jwt"):
        yield place


async def test_tokens_are_made_for_the_stack_on_this_machine(place: Place) -> None:
    """With its own key, for a subject, a while and what one may do."""
    made = (await place.hatchery("token")).stdout.strip()
    key = place.state / "secrets" / "token-key"
    async with place.start(auth="jwt", token_key_file=key):
        listed = await place.hatchery("agents", "list", "--token", made)
        assert (0, "") == (listed.exit_code, listed.output)
        options = ("alice", "--scope", "read", "--for", "90s")
        reader = (await place.hatchery("token", *options)).stdout.strip()
        refused = await place.hatchery("hatch", "a dragon", HATCHERY_TOKEN=reader)
        assert 1 == refused.exit_code
        assert (
            "hatchery: the bearer token lacks the scope hatchery.create; ask for a token with it"
            in refused.stderr
        )
        refused = await place.hatchery("agents", "list")
        assert (
            "hatchery: this server asks for a bearer token; "
            "give one with --token-file or HATCHERY_TOKEN\n"
        ) == refused.stderr
    claims = jwt.decode(reader, key.read_text(), ["HS256"], audience="hatchery")
    assert ("alice", "hatchery", "hatchery.read") == tuple(
        claims[name] for name in ("sub", "iss", "scope")
    )
    assert 80 < claims["exp"] - dt.datetime.now(dt.UTC).timestamp() < 91


@pytest.mark.parametrize("subject", ["", "x" * 201, "a\nb", "a\x1b[2Jb"])
async def test_a_subject_that_cannot_be_one_gets_no_token(place: Place, subject: str) -> None:
    """It would be refused, or drawn over a terminal."""
    done = await place.hatchery("token", subject)
    assert (1, "") == (done.exit_code, done.stdout)
    assert "1 to 200 letters" in done.stderr


async def _renew(kept: Path) -> None:
    """Keeps a token in a file, each of them good for a moment."""
    while True:
        await asyncio.to_thread(kept.write_text, token("alice", seconds=1.5) + "\n")
        await asyncio.sleep(0.5)


async def test_a_watch_goes_on_with_the_next_token(
    strict: Place, engines: Engines, tmp_path: Path
) -> None:
    """Whoever renews it writes it into its file; nothing is missing and nothing twice."""
    gate = Gate(engines)
    kept = tmp_path / "token"
    renewing = asyncio.create_task(_renew(kept))
    process = await strict.process(
        "hatch", "a dragon", "--json", "--token-file", str(kept), stdout=PIPE, stderr=PIPE
    )
    await asyncio.wait_for(gate.came.wait(), 30)
    await asyncio.sleep(4)  # two tokens at least run out
    gate.opened.set()
    out, _ = await asyncio.wait_for(process.communicate(), 30)
    renewing.cancel()
    assert 0 == process.returncode
    assert assert_story(parsed(out.decode()))[-1].HasField("completed")


async def test_without_another_token_it_says_how_to_go_on(strict: Place, engines: Engines) -> None:
    """From the event that was the last."""
    gate = Gate(engines)
    brief = {"HATCHERY_TOKEN": token("alice", seconds=8)}
    process = await strict.process("hatch", "a dragon", stdout=PIPE, stderr=PIPE, env=brief)
    await asyncio.wait_for(gate.came.wait(), 30)
    await heard(process.stdout)
    _, err = await asyncio.wait_for(process.communicate(), 30)
    said = err.decode()
    assert 1 == process.returncode
    assert "the bearer token has expired; give a new one with --token-file" in said
    gate.opened.set()
    again = said.partition("to follow it again:\n    hatchery ")[2].split("\n")[0].split()
    done = await strict.hatchery(*again, HATCHERY_TOKEN=token("alice"))
    assert 0 == done.exit_code
    agents = await strict.hatchery("agents", "list", HATCHERY_TOKEN=token("alice"))
    assert 1 == len(parse_table(agents.stdout))


@pytest.mark.parametrize(
    "content", [None, b"", b" \n", b"\xff", "ä".encode(), b"a\nb", b"a b", b"Bearer a.b.c"]
)
async def test_a_file_without_a_token_is_told(
    strict: Place, tmp_path: Path, content: bytes | None
) -> None:
    """In words, with its path."""
    path = tmp_path / "token"
    if content is not None:
        path.write_bytes(content)
    done = await strict.hatchery("agents", "list", "--token-file", str(path))
    assert 1 == done.exit_code
    assert str(path) in done.stderr
    assert (
        2
        == (await strict.hatchery("agents", "list", "--token-file", "a", "--token", "b")).exit_code
    )


async def test_a_token_that_is_just_being_written_is_waited_for(
    strict: Place, tmp_path: Path
) -> None:
    """For a moment: whoever renews it may truncate its file first."""
    path = tmp_path / "token"
    path.write_text("")
    asyncio.get_running_loop().call_later(0.3, path.write_text, token("alice"))
    done = await strict.hatchery("agents", "list", "--token-file", str(path))
    assert (0, "") == (done.exit_code, done.output)
