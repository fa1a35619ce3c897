"""Several generations to the end of the last, shown, and told in an exit code."""

from collections.abc import Mapping, Sequence
from typing import Any

import click
import grpc
from hatchery.gateway.v1.generation_service_pb2 import GenerationCursor, WatchGenerationsRequest

from clients.cli.following import ConnectAll, FollowingAll
from clients.cli.names import short
from clients.cli.problems import INTERRUPTED, Problem
from clients.cli.sentences import of_call, of_loss
from clients.cli.server import Server
from clients.cli.show.display import JsonLines
from clients.cli.show.many import ManyLines
from clients.cli.wording import to_do


def tell_all(server: Server, names: Sequence[str], *, as_json: bool) -> int:
    """Show generations until all of them have ended, and return the exit code. Raises Problem."""
    display = JsonLines() if as_json else ManyLines()
    following = FollowingAll(watching_all(server), names, lost=display.lost, renews=server.renews)
    completed = 0
    try:
        for event in following.events():
            display.hear(event)
            completed += event.WhichOneof("event") == "completed"
    except KeyboardInterrupt:
        again = to_do("to watch them again", _watch(server, following))
        click.echo(f"\nThey go on without you.{again}", err=True)
        return INTERRUPTED
    except (grpc.RpcError, Problem) as error:
        if following.began:
            again = to_do("to follow them again", _watch(server, following))
            raise Problem(of_loss(error, server.address) + again) from error
        if isinstance(error, Problem):
            raise
        raise Problem(of_call(error, server.address)) from error
    if completed < len(names):
        raise Problem(f"{len(names) - completed} of {len(names)} failed or were cancelled")
    return 0


def _watch(server: Server, following: FollowingAll) -> str:
    return f"hatchery watch {' '.join(map(short, following.going))}{server.there}"


def watching_all(server: Server) -> ConnectAll:
    """Return how to follow several, each from its cursor."""

    def connect(going: Mapping[str, int]) -> Any:
        cursors = [GenerationCursor(name=n, starting_after=after) for n, after in going.items()]
        request = WatchGenerationsRequest(cursors=cursors)
        return server.generations.WatchGenerations(request, metadata=server.metadata)

    return connect
