"""The card of a companion."""

from collections.abc import Iterator
from pathlib import Path

import click
from hatchery.gateway.v1.agent_service_pb2 import Agent

from clients.cli.show import telling
from clients.cli.show.display import in_terminal
from clients.cli.wording import clean, clean_lines, joined


def show(agent: Agent, portrait: Path | None = None, data: bytes = b"", *, house: str = "") -> None:
    """Print the card; `data` is the portrait, to be drawn where there is room for it.

    `house` is where the page is served, as host:port, if that is known.
    """
    if in_terminal():
        _draw(agent, data)
    else:
        for line in lines(agent):
            click.echo(line)
    # Whole and on a line of its own, to be copied.
    if portrait is not None:
        click.echo(f"Portrait: {portrait}")
    click.echo(f"Name:     {clean(agent.name)}")
    if house:
        click.echo(f"Page:     http://{house}/{clean(agent.name)}")


def lines(agent: Agent) -> Iterator[str]:
    """Yield the card as plain lines."""
    persona = agent.persona
    yield clean(persona.name)
    yield joined(*map(clean, (persona.species, persona.age, persona.gender)))
    if persona.traits:
        yield ", ".join(clean(trait) for trait in persona.traits)
    yield ""
    if persona.personality:
        yield clean_lines(persona.personality)
    yield clean_lines(persona.backstory)
    yield ""
    yield f"“{clean(persona.greeting)}”"
    yield ""
    if agent.HasField("portrait_fallback"):
        yield telling.fallback(agent.portrait_fallback)


def _draw(agent: Agent, data: bytes) -> None:
    from rich.console import Console  # noqa: PLC0415  # rich takes a while, and only here is needed

    from clients.cli.show.panel import panel  # noqa: PLC0415

    console = Console(highlight=False, markup=False, emoji=False)
    console.print(panel(agent, data, console))
