"""The card of a companion."""

from collections.abc import Iterator
from pathlib import Path

import click
from hatchery.gateway.v1.agent_service_pb2 import Agent

from clients.cli.show import telling
from clients.cli.show.display import in_terminal
from clients.cli.wording import clean, clean_lines

SIDE = 32  # pixels of the portrait


def show(agent: Agent, portrait: Path | None = None, data: bytes = b"") -> None:
    """Print the card; `data` is the portrait, to be drawn where there is room for it."""
    if in_terminal():
        _draw(agent, data)
    else:
        for line in lines(agent):
            click.echo(line)
    # Whole and on a line of its own, to be copied.
    if portrait is not None:
        click.echo(f"Portrait: {portrait}")
    click.echo(f"Name:     {clean(agent.name)}")


def lines(agent: Agent) -> Iterator[str]:
    """Yield the card as plain lines."""
    persona = agent.persona
    yield ""
    yield clean(persona.name)
    yield clean(persona.species)
    if persona.traits:
        yield ", ".join(clean(trait) for trait in persona.traits)
    yield ""
    yield clean_lines(persona.backstory)
    yield ""
    yield f"“{clean(persona.greeting)}”"
    yield ""
    if agent.HasField("portrait_fallback"):
        yield telling.fallback(agent.portrait_fallback)


def _draw(agent: Agent, data: bytes) -> None:
    from rich.box import ROUNDED  # noqa: PLC0415  # rich takes a while, and only here is needed
    from rich.console import Console, Group  # noqa: PLC0415
    from rich.panel import Panel  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    from clients.cli.show.colours import CREAM, GOLD, ROSE, SOFT  # noqa: PLC0415
    from clients.cli.show.pixels import pixels  # noqa: PLC0415
    from clients.cli.show.scene import in_half_blocks  # noqa: PLC0415

    console = Console(highlight=False, markup=False, emoji=False)
    persona = agent.persona
    words: list[Text] = [Text(clean(persona.species), f"italic {GOLD}")]
    if persona.traits:
        words.append(Text(" · ".join(clean(trait) for trait in persona.traits), SOFT))
    words += [Text(), Text(clean_lines(persona.backstory), CREAM)]
    words += [Text(), Text(f"“{clean(persona.greeting)}”", f"italic {CREAM}")]
    if agent.HasField("portrait_fallback"):
        words += [Text(), Text(telling.fallback(agent.portrait_fallback), ROSE)]
    inside: Group | Table = Group(*words)
    coloured = console.color_system in ("truecolor", "256") and not console.no_color
    if data and coloured and console.width >= 2 * SIDE + 8:
        drawn = pixels(data, agent.portrait.media_type, SIDE)
        if drawn:
            inside = Table.grid(padding=(0, 3))
            inside.add_column(width=SIDE)
            inside.add_column()
            inside.add_row(in_half_blocks(drawn), Group(*words))
    title = Text(f" {clean(persona.name)} ", f"bold {GOLD}")
    width = min(console.width, 96)
    console.print(Panel(inside, title=title, border_style=GOLD, box=ROUNDED, width=width))
