"""A generation from its first event to what came of it, shown, kept, and told in an exit code."""

import click
import grpc
from hatchery.gateway.v1 import generation_service_pb2 as generations
from hatchery.gateway.v1.generation_service_pb2 import Generation
from hatchery.progress.v1.progress_pb2 import Progress

from clients.cli.following import Connect, Following
from clients.cli.outcomes import Wishes, fetch
from clients.cli.problems import INTERRUPTED, Problem
from clients.cli.sentences import of_call, of_status
from clients.cli.server import Server
from clients.cli.show.choosing import choose
from clients.cli.show.display import in_terminal


def tell(
    server: Server, connect: Connect, wishes: Wishes, *, generation: str = "", after: int = 0
) -> int:
    """Show a generation until it ends, and return the exit code. Raises Problem."""
    display = choose(
        as_json=wishes.json, title=wishes.title, writes=wishes.writes, apart=wishes.apart
    )
    following = Following(connect, generation=generation, after=after, lost=display.lost)
    last: Progress | None = None
    has_text = False
    try:
        with display:
            for event in following.events():
                display.hear(event)
                has_text |= event.HasField("text_delta") and not event.text_delta.field
                last = event
            # While it is fetched, the display stays.
            made = fetch(server, _made_of(server, last, following.generation, has_text), wishes)
    except KeyboardInterrupt:
        click.echo(how_to_go_on(server, following), err=True)
        return INTERRUPTED
    except grpc.RpcError as error:
        if following.last > after:
            raise Problem(_given_up(server, following)) from error
        raise Problem(of_call(error, server.address)) from error
    if made is not None and not wishes.json:
        if last is not None and not in_terminal() and not wishes.apart:
            click.echo()
        made.show()
    if made is not None and made.trouble:
        raise Problem(made.trouble)
    return 0


def _made_of(server: Server, last: Progress | None, generation: str, has_text: bool) -> str:
    """Return the name of what came of it. Raises Problem where it failed or was cancelled.

    `has_text` says that there is a beginning of what it was to write.
    """
    rest = f"; `hatchery generations show {generation}{server.there}` has what was written"
    match last.WhichOneof("event") if last is not None else None:
        case "completed" if last is not None:
            return last.completed.resource
        case "failed" if last is not None:
            raise Problem(of_status(last.failed.error) + (rest if has_text else ""))
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


def how_to_go_on(server: Server, following: Following) -> str:
    """Say that leaving is not cancelling, and how to do either."""
    name = following.generation
    if not name:
        return "\nLeft before it began."
    return (
        "\nIt goes on without you."
        f"\n  to watch it again:  hatchery watch {name}{server.there}"
        f"\n  to cancel it:       hatchery generations cancel {name}{server.there}"
    )


def _given_up(server: Server, following: Following) -> str:
    return (
        f"the connection to {server.address} is gone; the work may go on: "
        f"`hatchery watch {following.generation} --after {following.last}` follows it again"
    )
