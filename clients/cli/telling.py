"""A generation from its first event to what came of it, shown, kept, and told in an exit code."""

from dataclasses import dataclass
from pathlib import Path

import click
import grpc
from hatchery.gateway.v1 import generation_service_pb2 as generations
from hatchery.gateway.v1.agent_service_pb2 import Agent, GetAgentRequest
from hatchery.gateway.v1.generation_service_pb2 import Generation
from hatchery.progress.v1.progress_pb2 import Progress

from clients.cli import portraits
from clients.cli.following import Connect, Following
from clients.cli.problems import INTERRUPTED, Problem, of_system
from clients.cli.sentences import of_call, of_status
from clients.cli.server import Server
from clients.cli.show.card import show
from clients.cli.show.display import choose, in_terminal
from deploy.local.errors import StackError


@dataclass(frozen=True)
class Wishes:
    """How a story is to be told: as JSON or for people, and where the portrait goes."""

    title: str = ""
    json: bool = False
    output: Path | None = None


@dataclass(frozen=True)
class Made:
    """A companion that hatched, and where its portrait is kept; `lost` says why that is nowhere."""

    agent: Agent
    portrait: Path | None = None
    data: bytes = b""
    lost: str = ""


def tell(
    server: Server, connect: Connect, wishes: Wishes, *, generation: str = "", after: int = 0
) -> int:
    """Show a generation until it ends, and return the exit code. Raises Problem."""
    display = choose(as_json=wishes.json, title=wishes.title)
    following = Following(connect, generation=generation, after=after, lost=display.lost)
    last: Progress | None = None
    try:
        with display:
            for event in following.events():
                display.hear(event)
                last = event
            # While it is fetched, the display stays.
            made = _fetch(server, _made_of(server, last, following.generation), wishes)
    except KeyboardInterrupt:
        click.echo(how_to_go_on(server, following), err=True)
        return INTERRUPTED
    except grpc.RpcError as error:
        if following.last > after:
            raise Problem(_given_up(server, following)) from error
        raise Problem(of_call(error, server.address)) from error
    if made is not None and not wishes.json:
        if last is not None and not in_terminal():
            click.echo()
        show(made.agent, made.portrait, made.data, house=server.house)
    if made is not None and made.lost:
        fetch = f"hatchery agents portrait {made.agent.name}{there(server)} -o PATH"
        raise Problem(f"its portrait was not kept: {made.lost}; `{fetch}` fetches it")
    return 0


def _made_of(server: Server, last: Progress | None, generation: str) -> str:
    """Return the name of what came of it. Raises Problem where it failed or was cancelled."""
    match last.WhichOneof("event") if last is not None else None:
        case "completed" if last is not None:
            return last.completed.resource
        case "failed" if last is not None:
            raise Problem(of_status(last.failed.error))
        case "cancelled" if last is not None:
            raise _cancelled()
    # There was nothing left to watch: it had ended before.
    request = generations.GetGenerationRequest(name=generation)
    found: Generation = server.ask(server.generations.GetGeneration, request)
    match found.state:
        case Generation.STATE_FAILED:
            raise Problem(of_status(found.error))
        case Generation.STATE_CANCELLED:
            raise _cancelled()
    return found.resource


def _cancelled() -> Problem:
    return Problem("it was cancelled", INTERRUPTED)  # only its owner can, who watches


def _fetch(server: Server, resource: str, wishes: Wishes) -> Made | None:
    """Fetch the companion and write its portrait; with JSON, only if that is asked for.

    What hatched is there whatever happens to its portrait here.
    """
    if not resource.startswith("agents/") or (wishes.json and wishes.output is None):
        return None
    agent = server.ask(server.agents.GetAgent, GetAgentRequest(name=resource))
    data = b""
    try:
        data = portraits.download(server, agent)
        return Made(agent, portraits.save(server, agent, data, wishes.output), data)
    except OSError as error:
        return Made(agent, data=data, lost=of_system(error))
    except (StackError, Problem) as error:
        return Made(agent, data=data, lost=str(error))


def how_to_go_on(server: Server, following: Following) -> str:
    """Say that leaving is not cancelling, and how to do either."""
    name = following.generation
    if not name:
        return "\nLeft before it began."
    return (
        "\nIt goes on without you."
        f"\n  to watch it again:  hatchery watch {name}{there(server)}"
        f"\n  to cancel it:       hatchery generations cancel {name}{there(server)}"
    )


def there(server: Server) -> str:
    """Return the option that leads to the same server, where one was given."""
    return f" --address {server.given}" if server.given else ""


def _given_up(server: Server, following: Following) -> str:
    return (
        f"the connection to {server.address} is gone; the work may go on: "
        f"`hatchery watch {following.generation} --after {following.last}` follows it again"
    )
