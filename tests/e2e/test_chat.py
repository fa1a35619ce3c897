"""`hatchery chat` against the whole stack: piped, in a terminal, stopped, and through a kill."""

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from google.protobuf import json_format
from hatchery.progress.v1.progress_pb2 import Progress

from tests.e2e.conftest import Stack, running_stack
from tests.support.cards import as_json, v1
from tests.support.oracle import assert_story, kinds
from tests.support.terminal import terminal

HATCHERY = str(Path(sys.executable).with_name("hatchery"))
STEPS = [
    "start", "context", "analyzing", "planning", "validation", "execution", "memory", "completion",
]  # fmt: skip
LONG = "Tell me a very long tale of the sea, of ships, of whales, and of all that is in it."


@pytest.fixture(scope="module")
def companion(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Somebody to talk with."""
    return imported(stack, tmp_path_factory.mktemp("card"))


def imported(stack: Stack, folder: Path) -> str:
    """A companion from a card, who is there at once."""
    card = folder / "card.json"
    card.write_bytes(as_json(v1()))
    done = stack.hatchery("agents", "import", "--json", str(card))
    assert 0 == done.returncode, done.stderr
    return str(json.loads(done.stdout)["name"])


def name_of(stack: Stack, companion: str) -> str:
    """What a companion is called."""
    return stack.hatchery("agents", "show", companion).stdout.splitlines()[0]


def test_a_message_from_a_pipe(stack: Stack, companion: str) -> None:
    """The reply and nothing else is on standard output; the conversation goes on by its name."""
    done = subprocess.run(
        [HATCHERY, "chat", companion], input="I like green tea.\n", env=stack.environment,
        capture_output=True, text=True, timeout=90, check=False,
    )  # fmt: skip
    assert 0 == done.returncode, done.stderr
    assert done.stdout.strip()
    told = done.stderr.splitlines()
    assert any("is too small to plan" in line for line in told)
    conversation = told[-1].removeprefix("Conversation: ")
    again = stack.hatchery("chat", "--conversation", conversation, "--json", "-m", "What is tea?")
    events = [json_format.Parse(line, Progress()) for line in again.stdout.splitlines()]
    assert_story(events)
    assert STEPS == [e.step for e in events if e.HasField("step_completed")]
    shown = stack.hatchery("conversations", "show", conversation).stdout
    reply = "".join(e.text_delta.text for e in events if not e.text_delta.field)
    for said in ("You: I like green tea.", "You: What is tea?", done.stdout.split()[0]):
        assert said in shown
    assert reply.split()[0] in shown
    generation = stack.hatchery("generations", "show", events[0].generation).stdout
    assert "Answering: completed" in generation
    assert f"Of:     conversations/{conversation}/messages/3" in generation
    assert 0 == stack.hatchery("conversations", "delete", conversation).returncode
    assert 1 == stack.hatchery("conversations", "show", conversation).returncode


def test_a_chat_in_a_terminal(stack: Stack, companion: str) -> None:
    """It thinks, answers in its name, is stopped by Ctrl-C, tries again, remembers and forgets."""
    label = f"{name_of(stack, companion)}: "
    with terminal([HATCHERY, "chat", companion], stack.environment) as screen:
        screen.until("You: ")
        screen.type("My name is Ana and I live in Porto.\r")
        assert "Thought for " in screen.until(label)
        screen.until("You: ")
        screen.type("/memories\r")
        screen.until("Porto")
        screen.until("You: ")
        screen.type("/forget 1\r")
        screen.until("Forgotten: ")
        screen.until("You: ")
        screen.type(f"{LONG}\r")
        screen.until(label)
        screen.type("\x03")
        screen.until("Stopped.")
        screen.until("You: ")
        screen.type("/retry\r")
        screen.until(label)
        assert "Stopped." not in screen.until("You: ")
        screen.type("\x04")
        left = screen.until("--conversation ")
        assert 0 == screen.end()
    assert "To go on: hatchery chat" in left
    conversation = screen.seen.rpartition("--conversation ")[2].split()[0]
    shown = stack.hatchery("conversations", "show", conversation).stdout
    assert 2 == shown.count(label)
    with terminal([HATCHERY, "chat", "--conversation", conversation], stack.environment) as screen:
        assert "My name is Ana" in screen.until("You: " + LONG[:20])
        screen.until("You: ")
        screen.type("/quit\r")
        assert 0 == screen.end()


def test_a_reply_outlives_its_gateway(tmp_path: Path) -> None:
    """The gateway is killed in the midst of a reply: the command hears it to its end, whole."""
    with running_stack(HATCHERY_LEASE="1") as stack:
        imported(stack, tmp_path)
        events, killed = list[Progress](), False
        with subprocess.Popen(
            [HATCHERY, "chat", "--json", "-m", LONG], env=stack.environment,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
        ) as chatting:  # fmt: skip
            assert chatting.stdout is not None
            hung = threading.Timer(100, chatting.kill)
            hung.start()
            for line in chatting.stdout:
                events.append(json_format.Parse(line, Progress()))
                if not killed and kinds(events).count("text_delta") == 3:
                    killed = True
                    os.kill(stack.pids()["gateway"], signal.SIGKILL)
        hung.cancel()
        assert (0, True) == (chatting.returncode, killed)
        told = kinds(assert_story(events))
        assert ("recovered" in told, "completed") == (True, told[-1])
        with terminal([HATCHERY, "chat"], stack.environment) as screen:
            screen.until("You: ")
            screen.type(f"{LONG}\r")
            screen.until("Thought for ")
            os.kill(stack.pids()["gateway"], signal.SIGKILL)
            screen.until("You: ", 60)
            screen.type("\x04")
            assert 0 == screen.end()
