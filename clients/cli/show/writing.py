"""An artifact and what it took: the breakdown at the end of a story."""

from collections.abc import Iterator
from pathlib import Path

import click
from hatchery.gateway.v1.artifact_service_pb2 import Artifact
from hatchery.types.v1.usage_pb2 import Usage

from clients.cli.costs import cost
from clients.cli.show import telling
from clients.cli.show.display import in_terminal
from clients.cli.wording import clean, clean_prose, count, duration, joined


def show(
    artifact: Artifact,
    worked: float,
    *,
    path: Path | None = None,
    apart: bool = False,
    source: bool = False,
) -> None:
    """Print the text, with `source` that of an app too, and what it took in `worked` seconds.

    `apart` leaves a pipe nothing but the text, or the path of the file that it is kept in.
    """
    terminal = in_terminal()
    apart = apart and not terminal
    if apart and path is not None:
        click.echo(path)
    elif source or artifact.kind != Artifact.KIND_APP:
        print_text(artifact.content)
        click.echo(err=apart)
    if terminal:
        _draw(artifact, worked)
    else:
        click.echo(breakdown(artifact, worked), err=apart)
    for line in _notes(artifact):
        click.echo(line, err=apart)
    # Whole and on lines of their own, to be copied.
    if path is not None and not apart:
        click.echo(f"File: {path}")
    click.echo(f"Name: {clean(artifact.name)}", err=apart)


def print_text(content: str) -> None:
    """Print a text, in a terminal with its words whole."""
    if not in_terminal():
        click.echo(clean_prose(content))
        return
    from rich.console import Console  # noqa: PLC0415  # rich takes a while
    from rich.text import Text  # noqa: PLC0415

    from clients.cli.show.colours import CREAM  # noqa: PLC0415

    console = Console(highlight=False, markup=False, emoji=False)
    console.print(Text(clean_prose(content), CREAM))


def breakdown(artifact: Artifact, worked: float) -> str:
    """Return what it took on one line."""
    usage = artifact.usage
    return joined(
        *(f"{value} tokens {name}" for name, value in _tokens(usage)),
        telling.speed(telling.rate(usage)),
        duration(worked) if worked else "",
        cost(artifact.cost if artifact.HasField("cost") else None),
        clean(f"{usage.model} ({usage.engine})") if usage.engine else "",
    )


def _tokens(usage: Usage) -> Iterator[tuple[str, str]]:
    """Yield what was counted, and its number."""
    if usage.HasField("input_tokens"):
        yield "in", f"{usage.input_tokens:,}"
    if usage.HasField("output_tokens"):
        yield "out", f"{usage.output_tokens:,}"
    if usage.HasField("input_tokens") and usage.HasField("output_tokens"):
        yield "in all", f"{usage.input_tokens + usage.output_tokens:,}"


def _notes(artifact: Artifact) -> Iterator[str]:
    if artifact.usage.kept_tokens:
        kept = count(artifact.usage.kept_tokens, "tokens")
        yield f"{kept} were written before it was halted, and kept"
    if artifact.HasField("fallback"):
        yield telling.fallback(artifact.fallback)


def _draw(artifact: Artifact, worked: float) -> None:
    from rich.console import Console  # noqa: PLC0415  # rich takes a while
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    from clients.cli.show.colours import CREAM, GOLD, SOFT  # noqa: PLC0415

    usage = artifact.usage
    cells = [
        *((f"Tokens {name}", value) for name, value in _tokens(usage)),
        ("Speed", telling.speed(telling.rate(usage))),
        ("Time", duration(worked) if worked else ""),
        ("Cost", cost(artifact.cost if artifact.HasField("cost") else None)),
        ("Model", clean(f"{usage.model} ({usage.engine})") if usage.engine else ""),
    ]
    shown = [(name, value) for name, value in cells if value]
    console = Console(highlight=False, markup=False, emoji=False)
    table = Table.grid(padding=(0, 3))
    table.add_row(*(Text(name, SOFT) for name, _ in shown))
    styles = {"Tokens in all": f"bold {GOLD}"}
    table.add_row(*(Text(value, styles.get(name, CREAM)) for name, value in shown))
    if shown:
        console.print(table)
