"""One message and its reply, heard to the end over as many connections as it takes."""

import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import grpc
from hatchery.gateway.v1.conversation_service_pb2 import SendMessageRequest
from hatchery.gateway.v1.generation_service_pb2 import GetGenerationRequest, RetryGenerationRequest

from clients.cli.chat import keys
from clients.cli.chat.stopping import Stopping
from clients.cli.commands.hatch import watching
from clients.cli.following import Connect, Following
from clients.cli.names import conversation_of, short
from clients.cli.problems import Problem
from clients.cli.sentences import of_call, of_loss
from clients.cli.server import Server
from clients.cli.show.display import Display
from clients.cli.story import ANSWERING, Phase, Story
from clients.cli.wording import to_do


@dataclass(frozen=True)
class Wanted:
    """How a companion is to answer."""

    model: str = ""
    seed: int | None = None
    allowed: Sequence[str] = ()


def saying(server: Server, text: str, wanted: Wanted, *, agent: str, conversation: str) -> Connect:
    """Return how to say something: in a conversation, or to an agent where there is none yet."""
    request = SendMessageRequest(
        agent="" if conversation else agent, conversation=conversation, text=text,
        request_id=str(uuid.uuid4()), model=wanted.model, seed=wanted.seed,
        allowed_actions=wanted.allowed,
    )  # fmt: skip
    call = lambda: server.conversations.SendMessage(request, metadata=server.metadata)  # noqa: E731
    return watching(server, call)


def retrying(server: Server, generation: str, *, whole: bool, seed: int | None) -> Connect:
    """Return how to have a reply written again; one that is not `whole` goes on where it failed."""
    request = RetryGenerationRequest(
        name=generation, request_id=str(uuid.uuid4()), from_step=ANSWERING if whole else "",
        seed=seed,
    )  # fmt: skip
    call = lambda: server.generations.RetryGeneration(request, metadata=server.metadata)  # noqa: E731
    return watching(server, call)


def hear(
    server: Server, connect: Connect, display: Display, story: Story, generation: str = ""
) -> None:
    """Show a reply to its end; Ctrl-C stops it. `story` has what was heard, however it ends.

    Raises Problem; KeyboardInterrupt at the second Ctrl-C: then it may go on.
    """
    following = Following(connect, generation=generation, lost=display.lost, renews=server.renews)
    try:
        with keys.unseen(), Stopping(server, following), display:
            for event in following.events():
                display.hear(event)
                story.hear(event, time.monotonic())
    except (grpc.RpcError, Problem) as error:
        if story.generation:
            gone = of_loss(error, server.address, "reply")
            watch = f"hatchery watch {short(story.generation)}{server.there}"
            raise Problem(gone + to_do("to read it", watch)) from error
        if isinstance(error, Problem):
            raise
        raise Problem(of_call(error, server.address)) from error


def conversation_told(server: Server, story: Story) -> str:
    """Return the conversation that a story is of. Raises Problem."""
    if found := conversation_of(story.resource):
        return found
    step = story.steps.get("start")
    if step is not None and step.result is not None and conversation_of(step.result.resource):
        return conversation_of(step.result.resource)
    return conversation_with(server, story.generation)


def conversation_with(server: Server, generation: str) -> str:
    """Return the conversation that a generation answers in. Raises Problem."""
    request = GetGenerationRequest(name=generation)
    told = server.ask(server.generations.GetGeneration, request)
    return str(told.conversation)


def went_well(story: Story) -> bool:
    """Whether there is a reply."""
    return story.phase is Phase.COMPLETED
