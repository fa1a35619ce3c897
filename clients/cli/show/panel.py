"""The card of a companion as a panel, its portrait beside its words."""

from hatchery.gateway.v1.agent_service_pb2 import Agent
from rich.box import ROUNDED
from rich.console import Console, Group
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from clients.cli.show import telling
from clients.cli.show.colours import CREAM, GOLD, ROSE, SOFT
from clients.cli.show.pixels import pixels
from clients.cli.show.scene import in_half_blocks
from clients.cli.wording import clean, clean_lines, joined

SIDE = 32  # pixels of the portrait


def panel(agent: Agent, data: bytes, console: Console) -> Panel:
    """Return the card for a console; `data` is the portrait, drawn where there is room for it."""
    persona = agent.persona
    kind = joined(*map(clean, (persona.species, persona.age, persona.gender)))
    words: list[Text] = [Text(kind, f"italic {GOLD}")]
    if persona.traits:
        words.append(Text(" · ".join(clean(trait) for trait in persona.traits), SOFT))
    if persona.personality:
        words += [Text(), Text(clean_lines(persona.personality), CREAM)]
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
    return Panel(inside, title=title, border_style=GOLD, box=ROUNDED, width=width)
