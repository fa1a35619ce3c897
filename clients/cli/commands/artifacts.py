"""`artifacts`: the texts and apps that are kept."""

from collections.abc import Iterator
from pathlib import Path

import click
from hatchery.gateway.v1 import artifact_service_pb2 as pb

from clients.cli import artifacts as kept
from clients.cli.commands.listing import json_option, listing_options, pages
from clients.cli.commands.options import Destination
from clients.cli.costs import cost
from clients.cli.names import artifact_name
from clients.cli.server import Server, speaks_to_server
from clients.cli.show import writing
from clients.cli.show.display import in_terminal
from clients.cli.show.tables import show_json, show_table, when
from clients.cli.wording import beginning, clean, count

_KINDS = {"text": pb.Artifact.KIND_TEXT, "app": pb.Artifact.KIND_APP}


@click.group()
def artifacts() -> None:
    """The texts and apps that are kept."""


@artifacts.command(name="list")
@click.option("--kind", type=click.Choice(list(_KINDS)), help="Only those of this kind.")
@listing_options
@speaks_to_server
def list_artifacts(server: Server, kind: str | None, limit: int, as_json: bool) -> None:
    """List texts and apps, the newest first."""
    wanted = _KINDS[kind] if kind else pb.Artifact.KIND_UNSPECIFIED

    def page(size: int, token: str) -> pb.ListArtifactsResponse:
        request = pb.ListArtifactsRequest(page_size=size, page_token=token, kind=wanted)
        answer: pb.ListArtifactsResponse = server.ask(server.artifacts.ListArtifacts, request)
        return answer

    found: Iterator[pb.Artifact] = pages(page, lambda answer: answer.artifacts, limit)
    if as_json:
        show_json(found)
        return
    show_table(
        ("Title", "Kind", "Length", "Cost", "Written", "Name"),
        (
            (
                each.title,
                _kind(each),
                _length(each),
                cost(each.cost if each.HasField("cost") else None),
                when(each.create_time),
                each.name,
            )
            for each in found
        ),
        empty='None yet: hatchery write "a poem about the sea"',
    )


@artifacts.command(name="show")
@click.argument("name")
@json_option
@speaks_to_server
def show_artifact(server: Server, name: str, as_json: bool) -> None:
    """Show a text, or the source of an app, and what it took.

    In a pipe, standard output has its content and nothing else.
    """
    artifact, worked = kept.get(server, artifact_name(name))
    if as_json:
        show_json([artifact])
        return
    writing.show(artifact, worked, apart=True, source=True)
    aside = not in_terminal()
    click.echo(f"From: {beginning(artifact.prompt)}", err=aside)
    made = f"{when(artifact.create_time)} in {clean(artifact.generation)}"
    click.echo(f"Made: {made}", err=aside)


@artifacts.command(name="save")
@click.argument("name")
@click.option("--output", "-o", type=Destination(), metavar="PATH",
              help="A file or its folder; `artifacts` in the state folder by default.")  # fmt: skip
@speaks_to_server
def save_artifact(server: Server, name: str, output: Path | None) -> None:
    """Write the content to a file as it is, and print where it lies."""
    artifact, _ = kept.get(server, artifact_name(name))
    click.echo(kept.save(server, artifact, output))


@artifacts.command(name="delete")
@click.argument("name")
@json_option
@speaks_to_server
def delete_artifact(server: Server, name: str, as_json: bool) -> None:
    """Delete a text or an app for good."""
    request = pb.DeleteArtifactRequest(name=artifact_name(name))
    answer: pb.DeleteArtifactResponse = server.ask(server.artifacts.DeleteArtifact, request)
    if as_json:
        show_json([answer])
        return
    click.echo(f"Deleted {clean(request.name)}.")


def _length(artifact: pb.Artifact) -> str:
    if artifact.usage.HasField("output_tokens"):
        return count(artifact.usage.output_tokens, "tokens")
    return count(artifact.size_bytes, "bytes")


def _kind(artifact: pb.Artifact) -> str:
    return next((name for name, kind in _KINDS.items() if kind == artifact.kind), "")
