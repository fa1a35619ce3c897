"""`recipes`: what packages beside Hatchery can make."""

import contextlib
import json
import uuid
from collections.abc import Mapping
from typing import Any

import click
from google.protobuf.json_format import ParseDict, ParseError
from google.protobuf.struct_pb2 import Struct
from hatchery.gateway.v1 import recipe_service_pb2 as pb

from clients.cli.commands.hatch import watching
from clients.cli.commands.listing import json_option
from clients.cli.commands.write import read_standard_input
from clients.cli.names import recipe_name
from clients.cli.outcomes import Wishes
from clients.cli.problems import Problem
from clients.cli.server import Server, speaks_to_server
from clients.cli.show.tables import show_json, show_table
from clients.cli.telling import tell
from clients.cli.wording import clean


@click.group()
def recipes() -> None:
    """What packages beside the gateway can make."""


@recipes.command(name="list")
@json_option
@speaks_to_server
def list_recipes(server: Server, as_json: bool) -> None:
    """List recipes, with their steps and what they take."""
    found = _recipes(server)
    if as_json:
        show_json(found)
        return
    show_table(
        ("Title", "What it makes", "Takes", "Steps", "From", "Name"),
        (
            (
                each.title,
                each.description,
                ", ".join(_properties(each)),
                ", ".join(step.step for step in each.steps),
                f"{each.package} {each.package_version}",
                each.name.partition("/")[2],
            )
            for each in found
        ),
        empty="None: a package brings them (docs/recipes.md).",
    )


@recipes.command(name="run")
@click.argument("name")
@click.argument("given", metavar="[KEY=VALUE]...", nargs=-1)
@click.option("--input", "document", metavar="JSON",
              help="What it takes, as one document; `-` reads it.")  # fmt: skip
@click.option("--model", default="", metavar="NAME", help="The text model.")
@click.option("--seed", type=click.IntRange(0, 2**32 - 1), metavar="N",
              help="Makes the result repeatable, where the engine can.")  # fmt: skip
@click.option("--request-id", default="", metavar="UUID",
              help="Repeating a call with it attaches to the same.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Each Progress as one line of proto-JSON.")
@speaks_to_server
def run_recipe(
    server: Server,
    *,
    name: str,
    given: tuple[str, ...],
    document: str | None,
    model: str,
    seed: int | None,
    request_id: str,
    as_json: bool,
) -> None:
    """Run a recipe with what it takes, as KEY=VALUE, and print what came of it.

    In a pipe, standard output has that and nothing else, as JSON. Ctrl-C leaves; the work goes on.
    """
    whole = recipe_name(name)
    taken = _document(document) if document is not None else {}
    if given:
        taken |= _values(given, _schema(server, whole))
    try:
        put = ParseDict(taken, Struct())
    except ParseError:
        raise click.BadParameter("what it takes is no JSON document") from None
    request = pb.RunRecipeRequest(
        name=whole, input=put, request_id=request_id or str(uuid.uuid4()), model=model, seed=seed
    )
    wishes = Wishes(clean(whole.partition("/")[2]), as_json, apart=True)
    call = lambda: server.recipes.RunRecipe(request, metadata=server.metadata)  # noqa: E731
    raise SystemExit(tell(server, watching(server, call), wishes))


def _recipes(server: Server) -> list[pb.Recipe]:
    answer: pb.ListRecipesResponse = server.ask(server.recipes.ListRecipes, pb.ListRecipesRequest())
    return list(answer.recipes)


def _schema(server: Server, name: str) -> Mapping[str, Any]:
    """Return what a recipe takes, by its names. Raises Problem."""
    for recipe in _recipes(server):
        if recipe.name == name:
            return _properties(recipe)
    raise Problem(f"there is no {clean(name)}; `hatchery recipes list` shows what there is")


def _properties(recipe: pb.Recipe) -> Mapping[str, Any]:
    try:
        schema = json.loads(recipe.input_schema or "{}")
    except ValueError:
        return {}
    found = schema.get("properties", {}) if isinstance(schema, dict) else {}
    return found if isinstance(found, dict) else {}


def _document(text: str) -> dict[str, Any]:
    try:
        found = json.loads(read_standard_input() if text == "-" else text)
    except ValueError:
        raise click.BadParameter("that is no JSON", param_hint="--input") from None
    if not isinstance(found, dict):
        raise click.BadParameter("that is no JSON object", param_hint="--input")
    return found


def _values(given: tuple[str, ...], properties: Mapping[str, Any]) -> dict[str, Any]:
    """Read KEY=VALUE: as text where the recipe takes text, else as JSON where it is some."""
    taken: dict[str, Any] = {}
    for pair in given:
        key, is_pair, value = pair.partition("=")
        if not is_pair or not key:
            raise click.BadParameter(f"{pair} is no KEY=VALUE")
        told = properties.get(key)
        taken[key] = value
        if not (isinstance(told, dict) and told.get("type") == "string"):
            with contextlib.suppress(ValueError):  # a text needs no quotes
                taken[key] = json.loads(value)
    return taken
