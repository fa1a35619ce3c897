"""`models`: what can be asked for."""

import click
from hatchery.gateway.v1.model_service_pb2 import ListModelsRequest, ListModelsResponse
from hatchery.types.v1.model_pb2 import Model

from clients.cli.commands.listing import json_option
from clients.cli.costs import picture_price, price
from clients.cli.server import Server, speaks_to_server
from clients.cli.show.tables import NOTE, show_json, show_table
from clients.cli.wording import joined


@click.command()
@json_option
@speaks_to_server
def models(server: Server, as_json: bool) -> None:
    """List the models that there are, each kind's default first."""
    answer: ListModelsResponse = server.ask(server.models.ListModels, ListModelsRequest())
    if as_json:
        show_json(answer.models)
    else:
        show_table(
            ("Name", "Makes", "Engine", NOTE),
            ((model.name, _kind(model), model.engine, _note(model)) for model in answer.models),
            empty="No engine answers: `hatchery doctor` says what is missing.",
        )
    for service in answer.unavailable:
        click.echo(f"hatchery: the {service} service does not answer", err=True)


def _kind(model: Model) -> str:
    return {Model.KIND_TEXT: "text", Model.KIND_IMAGE: "pictures"}.get(model.kind, "")


def _note(model: Model) -> str:
    limits = model.image
    return joined(
        "the default" if model.default else "",
        "in memory" if model.loaded else "",
        "sees pictures" if model.vision else "",
        "can plan" if model.documents else "",
        model.note,
        f"{limits.min_size} to {limits.max_size} pixels" if limits.max_size else "",
        f"at most {limits.max_steps} {limits.unit}" if limits.max_steps else "",
        _price(model),
    )


def _price(model: Model) -> str:
    if not model.HasField("price"):
        return ""
    return picture_price(model.price) if model.kind == Model.KIND_IMAGE else price(model.price)
