"""A generation from its first event to what came of it, shown, kept, and told in an exit code."""

import click
import grpc
from hatchery.gateway.v1 import generation_service_pb2 as generations
from hatchery.gateway.v1.generation_service_pb2 import Generation
from hatchery.progress.v1.progress_pb2 import Progress

from clients.cli.following import Connect, Following
from clients.cli.names import short
from clients.cli.outcomes import Wishes, fetch, made_but
from clients.cli.problems import INTERRUPTED, Problem
from clients.cli.sentences import of_call, of_loss, of_status
from clients.cli.server import Server
from clients.cli.show.choosing import choose
from clients.cli.show.display import in_terminal
from clients.cli.show.writing import print_text
from clients.cli.tries import Tries
from clients.cli.wording import to_do


def tell(
    server: Server, connect: Connect, wishes: Wishes, *, generation: str = "", after: int = 0
) -> int:
    """Show a generation until it ends, and return the exit code. Raises Problem."""
    display = choose(
        as_json=wishes.json, title=wishes.title, writes=wishes.writes, apart=wishes.apart
    )
    following = Following(
        connect, generation=generation, after=after, lost=display.lost, renews=server.renews
    )
    last: Progress | None = None
    tries, resource = Tries(), ""
    try:
        with display:
            for event in following.events():
                display.hear(event)
                tries.hear(event)
                last = event
            # While it is fetched, the display stays.
            there, has_text = server.patient(), bool(tries.texts)
            resource = _made_of(there, last, following.generation, has_text=has_text)
            made = fetch(there, resource, wishes)
    except KeyboardInterrupt:
        _keep(tries, wishes)
        left = "\n" + made_but(server, resource, "you left before it was fetched")
        click.echo(left if resource else how_to_go_on(server, following), err=True)
        return INTERRUPTED
    except (grpc.RpcError, Problem) as error:
        _keep(tries, wishes)
        if resource and isinstance(error, Problem):
            raise Problem(made_but(server, resource, error.message)) from error
        if following.began and following.generation and not following.over:
            raise Problem(_given_up(server, following, error)) from error
        if isinstance(error, Problem):
            raise
        raise Problem(of_call(error, server.address)) from error
    if made is not None and not wishes.json:
        if last is not None and not in_terminal() and not wishes.apart:
            click.echo()
        made.show()
    if made is not None and made.trouble:
        raise Problem(made.trouble)
    return 0


def _keep(tries: Tries, wishes: Wishes) -> None:
    """Leave in a terminal what was drawn there of a text that came to nothing."""
    if wishes.json or not in_terminal():
        return
    texts = tries.texts
    for attempt, text in texts.items():
        if len(texts) > 1:
            click.echo(click.style(f"── attempt {attempt} ──", fg="yellow", bold=True))
        print_text(text)


def _made_of(server: Server, last: Progress | None, generation: str, *, has_text: bool) -> str:
    """Return the name of what came of it. Raises Problem where it failed or was cancelled.

    `has_text` says that there is a beginning of what it was to write.
    """
    show = f"hatchery generations show {short(generation)}{server.there}"
    rest = to_do("to read what was written", show)
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
    """Say that leaving is not cancelling, and how to do either, unless it is over."""
    name = short(following.generation)
    if not name:
        listed = to_do("to see whether it began", f"hatchery generations list{server.there}")
        return f"\nLeft before the server answered.{listed}"
    if following.over:
        show = f"hatchery generations show {name}{server.there}"
        return "\nIt has ended." + to_do("to see what came of it", show)
    return (
        "\nIt goes on without you."
        + to_do("to watch it again", f"hatchery watch {name}{server.there}")
        + to_do("to cancel it", f"hatchery generations cancel {name}{server.there}")
    )


def _given_up(server: Server, following: Following, error: grpc.RpcError | Problem) -> str:
    watch = f"hatchery watch {short(following.generation)}{server.there} --after {following.last}"
    return of_loss(error, server.address) + to_do("to follow it again", watch)
