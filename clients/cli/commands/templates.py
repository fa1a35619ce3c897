"""`templates`: starting points for companions."""

from collections.abc import Iterator

import click
from hatchery.gateway.v1 import template_service_pb2 as pb

from clients.cli.commands.listing import json_option, listing_options, pages
from clients.cli.names import template_name
from clients.cli.server import Server, speaks_to_server
from clients.cli.show.tables import show_json, show_table
from clients.cli.wording import clean


@click.group()
def templates() -> None:
    """Starting points for companions: `hatchery hatch --template NAME` begins with one."""


@templates.command(name="list")
@listing_options
@speaks_to_server
def list_templates(server: Server, limit: int, as_json: bool) -> None:
    """List templates: those that come with Hatchery, then your own."""
    found = _templates(server, limit)
    if as_json:
        show_json(found)
        return
    show_table(
        ("Title", "Who it is", "Name"),
        ((each.title, each.description, each.name.partition("/")[2]) for each in found),
        empty="None.",
    )


@templates.command(name="show")
@click.argument("name")
@json_option
@speaks_to_server
def show_template(server: Server, name: str, as_json: bool) -> None:
    """Show a template, or a version of one, as in knight@1."""
    _show(server.ask(server.templates.GetTemplate, pb.GetTemplateRequest(name=template_name(name))),
          as_json)  # fmt: skip


@templates.command(name="keep")
@click.argument("name")
@click.argument("sentence", nargs=-1, required=True)
@click.option("--title", metavar="TEXT", help="What people read; the NAME by default.")
@click.option("--llm-model", metavar="NAME", help="The text model.")
@click.option("--avatar-model", metavar="NAME", help="The image model.")
@click.option("--style", metavar="TEXT", help="In what manner portraits are drawn.")
@json_option
@speaks_to_server
def keep_template(
    server: Server,
    *,
    name: str,
    sentence: tuple[str, ...],
    title: str | None,
    llm_model: str | None,
    avatar_model: str | None,
    style: str | None,
    as_json: bool,
) -> None:
    """Keep a template of your own; one of that name gets a new version.

    What is not given stays as it was.
    """
    of_that_name = (one for one in _templates(server) if one.name == template_name(name))
    kept = next((one for one in of_that_name if not one.shipped), None)
    template = kept or pb.Template(title=name)
    template.description = " ".join(sentence)
    template.title = title or template.title
    if llm_model is not None:
        template.llm_model = llm_model
    if avatar_model is not None:
        template.portrait.model = avatar_model
    if style is not None:
        template.portrait.style = style
    if kept:
        change = pb.UpdateTemplateRequest(template=template)
        made = server.ask(server.templates.UpdateTemplate, change)
    else:
        new = pb.CreateTemplateRequest(template_id=name, template=template)
        made = server.ask(server.templates.CreateTemplate, new)
    _show(made, as_json)


@templates.command(name="delete")
@click.argument("name")
@json_option
@speaks_to_server
def delete_template(server: Server, name: str, as_json: bool) -> None:
    """Delete a template of your own."""
    request = pb.DeleteTemplateRequest(name=template_name(name))
    gone: pb.Template = server.ask(server.templates.DeleteTemplate, request)
    if as_json:
        show_json([gone])
        return
    click.echo(f"Deleted {clean(gone.title)}.")


def _templates(server: Server, limit: int = 0) -> Iterator[pb.Template]:
    def page(size: int, token: str) -> pb.ListTemplatesResponse:
        request = pb.ListTemplatesRequest(page_size=size, page_token=token)
        answer: pb.ListTemplatesResponse = server.ask(server.templates.ListTemplates, request)
        return answer

    return pages(page, lambda answer: answer.templates, limit)


def _show(template: pb.Template, as_json: bool) -> None:
    if as_json:
        show_json([template])
        return
    click.echo(clean(template.title))
    click.echo(f"“{clean(template.description)}”")
    for label, text in (
        ("Text model", template.llm_model),
        ("Image model", template.portrait.model),
        ("Style", template.portrait.style),
    ):
        if text:
            click.echo(f"{label}: {clean(text)}")
    click.echo(f"Name: {clean(template.name.partition('/')[2])}, version {template.version}")
