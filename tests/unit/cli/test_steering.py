"""What was asked for is told as done only once it is."""

from types import SimpleNamespace
from typing import Any

import pytest
from hatchery.gateway.v1.generation_service_pb2 import Generation

from clients.cli.commands.steering import ENDED, State, settled
from tests.unit.cli import events as e


class Server:
    """Answers GetGeneration with one state after another, and with the last one for good."""

    generations = SimpleNamespace(GetGeneration=None)

    def __init__(self, *states: State) -> None:
        self.states = list(states)

    def ask(self, rpc: Any, request: Any) -> Generation:
        state = self.states.pop(0) if len(self.states) > 1 else self.states[0]
        return Generation(name=request.name, state=state)


@pytest.mark.parametrize("end", ENDED)
def test_a_wish_is_waited_for(end: State) -> None:
    """Whichever way it ends, that is what is told."""
    server: Any = Server(Generation.STATE_RUNNING, Generation.STATE_RUNNING, end)
    assert end == settled(server, e.GENERATION, ENDED)


def test_patience_ends() -> None:
    """What does not come true is told as it stands."""
    server: Any = Server(Generation.STATE_RUNNING)
    assert Generation.STATE_RUNNING == settled(server, e.GENERATION, ENDED, patience=0.05)
