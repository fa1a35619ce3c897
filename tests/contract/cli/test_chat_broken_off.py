"""`chat` where a reply breaks off, or is stopped."""

import time
from contextlib import suppress

import grpc
import pytest

from tests.contract.cli.companion import Companion, playing, talk
from tests.support.terminal import Terminal
from tests.unit.cli import events as e
from tests.unit.cli import talks as t


@pytest.mark.parametrize("away", [0, 1])
async def test_a_first_message_that_breaks_off_is_of_one_conversation(away: int) -> None:
    """The next message goes on with it, also where it could not be told at once which it is."""
    companion = Companion()
    companion.drop, companion.away = 2, away
    companion.drops_with = grpc.StatusCode.DATA_LOSS

    def tell(screen: Terminal) -> None:
        screen.type("hello\r")
        screen.until("the reply may go on")
        screen.until("You: ")
        screen.type("are you there\r")
        screen.until("remember it.")
        screen.until("You: ")
        screen.type("\x04")

    async with playing(companion) as address:
        await talk(address, tell, "Marisol")
    assert ["", t.CONVERSATION] == [said.conversation for said in companion.said]
    assert 0 == companion.away


def _interrupt(screen: Terminal, shown: str) -> None:
    """Types Ctrl-C until that is shown: readline misses one that comes while it takes a key."""
    for _ in range(6):
        time.sleep(0.3)
        screen.type("\x03")
        with suppress(AssertionError):
            screen.until(shown, 5)
            return
    raise AssertionError(f"{shown!r} was not shown: {screen.seen!r}")


async def test_ctrl_c_stops_the_reply_and_stays() -> None:
    """It is cancelled, what was said stays, and the chat goes on; at the prompt nothing is lost."""
    companion = Companion()
    companion.hold = next(
        event.sequence for event in t.talking() if event.text_delta.text == t.SAID[1]
    )

    def tell(screen: Terminal) -> None:
        screen.type("hello\r")
        screen.until("Tea, gladly. ")
        screen.type("\x03")
        screen.until("Stopped.")
        screen.until("You: ")
        screen.type("half a wo")
        screen.until("half a wo")
        _interrupt(screen, "Ctrl-D or /quit leaves.")
        screen.until("You: ")
        companion.hold = 0
        screen.type("/retry\r")
        screen.until("remember it.")
        screen.until("You: ")
        screen.type("/retry\r")
        screen.until("remember it.")
        screen.until("You: ")
        screen.type("/quit\r")

    async with playing(companion) as address:
        await talk(address, tell, "Marisol")
    assert [e.GENERATION] == companion.cancelled
    assert ["", "execution"] == [asked.from_step for asked in companion.retried]
