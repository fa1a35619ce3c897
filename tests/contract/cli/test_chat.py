"""`chat` against a gateway whose stories are written: every order, every end, every way in."""

import asyncio
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hatchery.gateway.v1.conversation_service_pb2 import Message
from hatchery.gateway.v1.generation_service_pb2 import Generation

from clients.cli.main import hatchery
from services.runtime.errors import EngineFailed
from tests.contract.cli.companion import MARI, OWL, Companion, playing, talk
from tests.contract.cli.reading import parsed
from tests.support.oracle import assert_story
from tests.support.terminal import Terminal
from tests.unit.cli import events as e
from tests.unit.cli import talks as t

REPLY = "Tea, gladly. I will\nremember it.\n"


async def run(address: str, *arguments: str, typed: str = "") -> Result:
    """The command in this process, with text from a pipe."""
    environment = {"HATCHERY_ADDRESS": address, "HATCHERY_TOKEN": ""}
    return await asyncio.to_thread(
        CliRunner().invoke, hatchery, list(arguments), input=typed, env=environment
    )


async def test_one_message_of_a_pipe() -> None:
    """Standard output is the reply; thoughts, deeds and the conversation are beside it."""
    companion = Companion()
    async with playing(companion) as address:
        for arguments, typed in ((["-m", "hello there"], ""), ([], "hello there\n")):
            done = await run(address, "chat", "Mari", *arguments, typed=typed)
            assert (0, REPLY) == (done.exit_code, done.stdout), done.output
            told = done.stderr.splitlines()
            assert "Step 2 of 8: Remembering what was said" in told
            assert "  remembered: likes tea" in told
            assert f"Conversation: {t.CONVERSATION.partition('/')[2]}" == told[-1]
    for said in companion.said:
        assert (MARI.name, "", "hello there") == (said.agent, said.conversation, said.text)
    assert 2 == len({said.request_id for said in companion.said})


async def test_options_reach_the_gateway() -> None:
    """Conversation, model, seed and allowed actions are handed on."""
    companion = Companion()
    async with playing(companion) as address:
        done = await run(
            address, "chat", "-m", "more", "--conversation", "tea", "--model", "gemma3", "--seed",
            "0", "--allow", "recall", "--allow", "answer",
        )  # fmt: skip
    assert 0 == done.exit_code, done.output
    (said,) = companion.said
    assert ("", t.CONVERSATION, "gemma3", 0, ["recall", "answer"]) == (
        said.agent, said.conversation, said.model, said.seed, list(said.allowed_actions)
    )  # fmt: skip


@pytest.mark.parametrize(
    ("given", "agent"),
    [("", OWL), ("marisol", MARI), ("sol", MARI), ("1b0f", MARI), (MARI.name, MARI),
     (MARI.name.partition("/")[2], MARI), ("OLWEN", OWL)],
)  # fmt: skip
async def test_companions_are_found_by_what_they_are_called(given: str, agent: Any) -> None:
    """By name, by id, or by a part that is one's alone; without any, the latest."""
    companion = Companion()
    async with playing(companion) as address:
        done = await run(address, "chat", *([given] if given else []), "-m", "hello")
    assert 0 == done.exit_code, done.output
    assert agent.name == companion.said[0].agent


async def test_refusals_are_sentences() -> None:
    """Whoever is not there, or may be several, is said in one line; nothing is sent."""
    companion = Companion()
    async with playing(companion) as address:
        for arguments, code, sentence in [
            (["nobody"], 1, "there is no companion “nobody”; `hatchery agents list` shows"),
            (["l"], 1, "“l” may be Olwen (2b0f2c1e), Marisol (1b0f2c1e); more of the name"),
            (["--conversation", "war"], 1, "there is no conversation “war”; `hatchery conv"),
            (["Olwen", "--conversation", "tea"], 1, "with somebody else: Marisol"),
            (["--seed", "-1"], 2, "--seed"),
            (["--allow", "Fly!"], 2, "an action is a word, as in remember"),
        ]:
            done = await run(address, "chat", *arguments, "-m", "x")
            assert (code, True) == (done.exit_code, sentence in done.stderr), done.stderr
        companion.agents = []
        done = await run(address, "chat", "-m", "x")
        assert (1, True) == (done.exit_code, "hatchery hatch " in done.stderr)
    assert [] == companion.said


async def test_json_is_the_stream() -> None:
    """Every line is a Progress, and nothing is beside it."""
    async with playing(Companion()) as address:
        done = await run(address, "chat", "--json", "-m", "hello")
    assert (0, "") == (done.exit_code, done.stderr)
    assert assert_story(t.talking()) == assert_story(parsed(done.stdout))


async def test_a_failure_is_told_and_is_the_end() -> None:
    """Nothing half-written is in a pipe; it ends with 1 and the reason."""
    story = e.numbered(t.starts(), t.begins("execution"), t.says("Te"), e.failed(EngineFailed("x")))
    async with playing(Companion(lambda: story)) as address:
        done = await run(address, "chat", "-m", "hello")
    assert (1, "") == (done.exit_code, done.stdout)
    assert done.stderr.splitlines()[-1].startswith("hatchery: x; ")


async def test_a_connection_that_drops_is_taken_up_again() -> None:
    """The reply is whole, and heard from where the connection was lost."""
    companion = Companion()
    companion.drop = 20
    async with playing(companion) as address:
        done = await run(address, "chat", "-m", "hello")
    assert (0, REPLY) == (done.exit_code, done.stdout), done.output
    assert (1, [20]) == (len(companion.said), companion.watched)
    assert "Connected again." in done.stderr.splitlines()


async def test_a_watched_reply_is_told_at_its_end() -> None:
    """`watch` tells the thinking, and then what was said and by whom."""
    async with playing(Companion()) as address:
        done = await run(address, "watch", e.GENERATION)
    assert 0 == done.exit_code, done.output
    lines = done.stdout.splitlines()
    assert ("  remembered: likes tea" in lines, "Marisol: With milk?") == (True, lines[-1])


async def test_a_reply_under_way_is_followed_when_one_comes_back() -> None:
    """Who goes on with a conversation hears what is being answered, and then may speak."""
    companion = Companion()
    companion.messages = [
        Message(name=f"{t.CONVERSATION}/messages/3", author=Message.AUTHOR_PERSON,
                text="And cake?", generation=e.GENERATION, state=Generation.STATE_RUNNING),
        *companion.messages,
    ]  # fmt: skip

    def tell(screen: Terminal) -> None:
        screen.until("remember it.")
        screen.until("You: ")
        screen.type("\x04")

    async with playing(companion) as address:
        screen = await talk(address, tell, "--conversation", "tea")
    assert "(no reply yet: running)" in screen.seen
    assert ([0], []) == (companion.watched, companion.said)


async def test_a_chat_in_a_terminal() -> None:
    """Greeted, answered in its name, the thinking folded; one conversation; Ctrl-D leaves."""
    companion = Companion()

    def tell(screen: Terminal) -> None:
        for _ in range(2):
            screen.type("hello there\r")
            assert "left out: portrait" in screen.until("Marisol: ")
            assert "gladly. I will\r\nremember it.\r\n" in screen.until("You: ")
        screen.type("\x04")

    async with playing(companion) as address:
        screen = await talk(address, tell, "Marisol")
    assert "“Oh! You are here.”" in screen.seen
    assert f"hatchery chat --conversation {t.CONVERSATION.partition('/')[2]}" in screen.seen
    assert ["", t.CONVERSATION] == [said.conversation for said in companion.said]


async def test_orders() -> None:
    """Memories, forgetting, the summary, a new conversation; what there is not is said."""
    companion = Companion()

    def tell(screen: Terminal) -> None:
        for typed, shown in [
            ("/forget 1", "/memories lists what may be forgotten"),
            ("/memories tea", "  2  memory 1"),
            ("/forget 4", "/forget takes a number from 1 to 3"),
            ("/forget 2", "Forgotten: memory 1"),
            ("/summary", "Of the 12 earliest messages:\r\nThey like tea."),
            ("/summary They like coffee.", "From now on"),
            ("/help", "/memories [QUERY]"),
            ("/nothing", "there is no /nothing; /help lists"),
            ("/new", "A new conversation begins"),
            ("/summary", "the conversation has not begun"),
            ("/retry", "nothing was said yet"),
            ("//slash", "remember it."),
            ("", ""),
        ]:
            screen.type(f"{typed}\r")
            screen.until(shown)
            screen.until("You: ")
        screen.type("\x04")

    async with playing(companion) as address:
        screen = await talk(address, tell, "--conversation", t.CONVERSATION)
    assert "Marisol: With milk?" in screen.seen
    assert ["/slash"] == [said.text for said in companion.said]
    query, forgotten, corrected = companion.asked
    assert ("tea", MARI.name) == (query.query, query.agent)
    assert "memories/1" == forgotten.name
    assert ("They like coffee.", "one") == (corrected.summary, corrected.etag)


async def test_conversations_and_memories() -> None:
    """Listed, shown, renamed, corrected, deleted: each as it was asked for."""
    companion = Companion()
    async with playing(companion) as address:
        listed = await run(address, "conversations", "list", "--agent", "mari")
        assert ["Tea", "0", "", t.CONVERSATION] == listed.stdout.rstrip("\n").split("\t")
        shown = (await run(address, "conversations", "show", "tea")).stdout.splitlines()
        assert ["Tea", "You: I like tea.", "Marisol: With milk?"] == shown[:3]
        assert "They like tea." in (await run(address, "conversations", "summary", "tea")).stdout
        for arguments in (
            ("conversations", "rename", "4b0f2c", "Tea", "time"),
            ("conversations", "summary", "tea", "They", "like", "coffee."),
            ("conversations", "summary", "tea", "--clear"),
            ("conversations", "delete", "tea"),
            ("memories", "list", "--query", "tea"),
            ("memories", "delete", "1"),
        ):
            done = await run(address, *arguments)
            assert 0 == done.exit_code, done.output
    rename, correct, clear, delete, query, forget = companion.asked
    assert ("Tea time", False) == (rename.title, rename.HasField("summary"))
    assert ("They like coffee.", False) == (correct.summary, correct.HasField("title"))
    assert ("", True, "one") == (clear.summary, clear.HasField("summary"), clear.etag)
    assert (t.CONVERSATION, "tea", "memories/1") == (delete.name, query.query, forget.name)
