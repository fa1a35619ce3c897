"""Several models at one task, shown side by side, and what came of each."""

import contextlib
import itertools
from collections.abc import Iterator

import click
import grpc
from hatchery.gateway.v1.artifact_service_pb2 import (
    Comparison,
    CreateComparisonRequest,
    GetArtifactRequest,
    GetComparisonRequest,
)
from hatchery.gateway.v1.generation_service_pb2 import (
    Generation,
    GetGenerationRequest,
    ListGenerationsRequest,
    ListGenerationsResponse,
)

from clients.cli import artifacts
from clients.cli.artifacts import Written
from clients.cli.commands.listing import pages
from clients.cli.following import FollowingBegun
from clients.cli.names import short
from clients.cli.outcomes import Wishes
from clients.cli.problems import INTERRUPTED, Problem
from clients.cli.sentences import of_call, of_loss
from clients.cli.server import Server
from clients.cli.show import comparison as shown
from clients.cli.show.display import JsonLines, ManyDisplay, in_terminal
from clients.cli.show.many import ManyLines
from clients.cli.telling_all import watching_all
from clients.cli.wording import clean, to_do

_SOON = 5.0  # seconds for what is only nice to know


def compare(server: Server, request: CreateComparisonRequest, wishes: Wishes) -> int:
    """Show a comparison until all have ended, and return the exit code. Raises Problem."""
    display = _choose(wishes)
    begin = lambda: server.artifacts.CreateComparison(request, metadata=server.metadata)  # noqa: E731
    following = FollowingBegun(
        begin, watching_all(server), len(request.models), lost=display.lost, renews=server.renews
    )
    found, completed = "", 0
    try:
        with display:
            for event in following.events():
                if not found and event.generation:
                    found = _label(server, event.generation, display)
                display.hear(event)
                completed += event.WhichOneof("event") == "completed"
            there = server.patient()
            ended = _ended(there, following.names[0])
            made = _fetch(there, ended, wishes)
    except KeyboardInterrupt:
        click.echo(_how_to_go_on(server, following, found), err=True)
        return INTERRUPTED
    except (grpc.RpcError, Problem) as error:
        if following.over and isinstance(error, Problem):
            raise Problem(f"all have ended; {error.message}{_to_compare(server, found)}") from error
        if following.names:
            raise Problem(_given_up(server, following, error)) from error
        if isinstance(error, Problem):
            raise
        raise Problem(of_call(error, server.address)) from error
    if not wishes.json:
        for label, one in ((shown.labels(ended)[name], one) for name, one in made.items()):
            shown.show_text(label, one.artifact, one.path)
        shown.show_entries(
            ended, {name for name, one in made.items() if shown.is_cut(one.artifact)}
        )
        click.echo(f"Name: {clean(ended.name)}", err=not in_terminal())
    for one in made.values():
        if one.trouble:
            raise Problem(one.trouble)
    if completed < len(ended.entries):
        every = len(ended.entries)
        raise Problem(f"{every - completed} of {every} failed or were cancelled")
    return 0


def _choose(wishes: Wishes) -> ManyDisplay:
    if wishes.json:
        return JsonLines()
    if in_terminal():
        from clients.cli.show.columns import Columns  # noqa: PLC0415  # rich takes a while

        return Columns(wishes.title)
    return ManyLines(apart=True)


def _label(server: Server, generation: str, display: ManyDisplay) -> str:
    """Tell the display whose each is, and return the comparison; nothing where none can say."""
    try:
        told = server.generations.GetGeneration(
            GetGenerationRequest(name=generation), metadata=server.metadata, timeout=_SOON
        )
        found: Comparison = server.artifacts.GetComparison(
            GetComparisonRequest(name=told.comparison), metadata=server.metadata, timeout=_SOON
        )
    except (grpc.RpcError, Problem):
        return ""  # the next event asks again
    display.label(shown.labels(found))
    return found.name


def get(server: Server, name: str) -> Comparison:
    """Return a comparison as it stands. Raises Problem."""
    found: Comparison = server.ask(server.artifacts.GetComparison, GetComparisonRequest(name=name))
    return found


def cut_off(server: Server, comparison: Comparison) -> set[str]:
    """Return the generations of a comparison whose texts were cut off. Raises Problem."""
    found: set[str] = set()
    for entry in comparison.entries:
        if not entry.artifact:
            continue
        with contextlib.suppress(Problem):  # it may have been deleted since
            request = GetArtifactRequest(name=entry.artifact)
            if shown.is_cut(server.ask(server.artifacts.GetArtifact, request)):
                found.add(entry.generation)
    return found


def every(server: Server, limit: int) -> Iterator[list[Generation]]:
    """Yield the generations of each comparison, the newest comparison first. Raises Problem."""

    def page(size: int, token: str) -> ListGenerationsResponse:
        request = ListGenerationsRequest(page_size=size, page_token=token)
        answer: ListGenerationsResponse = server.ask(server.generations.ListGenerations, request)
        return answer

    found: Iterator[Generation] = pages(page, lambda answer: answer.generations, 0)
    # Those of one comparison were accepted together, and so stand together.
    groups = itertools.groupby(found, key=lambda one: one.comparison)
    compared = (list(group) for name, group in groups if name)
    return itertools.islice(compared, limit or None)


def _ended(server: Server, generation: str) -> Comparison:
    request = GetGenerationRequest(name=generation)
    told: Generation = server.ask(server.generations.GetGeneration, request)
    return get(server, told.comparison)


def _fetch(server: Server, ended: Comparison, wishes: Wishes) -> dict[str, Written]:
    """Fetch what came of each, by its generation; with JSON, only what is to be kept."""
    if wishes.json and wishes.output is None:
        return {}
    return {
        entry.generation: artifacts.fetch(server, entry.artifact, wishes.output)
        for entry in ended.entries
        if entry.artifact
    }


def _given_up(server: Server, following: FollowingBegun, error: grpc.RpcError | Problem) -> str:
    again = f"hatchery watch {' '.join(map(short, following.names))}{server.there}"
    return of_loss(error, server.address) + to_do("to follow it again", again)


def _how_to_go_on(server: Server, following: FollowingBegun, found: str) -> str:
    if not following.names:
        return "\nLeft before they began."
    if following.over:
        return f"\nAll have ended.{_to_compare(server, found)}"
    said = "\nThey go on without you."
    if following.going:
        again = f"hatchery watch {' '.join(map(short, following.going))}{server.there}"
        said += to_do("to watch them again", again)
    return said + _to_compare(server, found)


def _to_compare(server: Server, found: str) -> str:
    """Name the command that shows a comparison, or all where none could say which it is."""
    what = f"show {short(found)}" if found else "list"
    return to_do("to compare them", f"hatchery comparisons {what}{server.there}")
