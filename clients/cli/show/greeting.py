"""How a companion is met in a terminal: its portrait, its name, and what it says first."""

from rich.console import Console
from rich.table import Table
from rich.text import Text

from clients.cli.show.colours import CREAM, GOLD, SOFT
from clients.cli.show.page import is_coloured
from clients.cli.show.pixels import pixels
from clients.cli.show.scene import in_half_blocks

SIDE = 20  # pixels of the portrait
NARROWEST = 60  # columns of a terminal that has room for it


def greet(head: str, words: str, picture: bytes, media_type: str, console: Console) -> None:
    """Print all that is clean by now; the portrait where there are colours and room for it."""
    lines = Text(head, f"bold {GOLD}")
    if words:
        lines.append("\n\n").append(words, f"italic {CREAM}")
    room = is_coloured(console) and console.width >= NARROWEST
    drawn = pixels(picture, media_type, SIDE) if picture and room else None
    if not drawn:
        console.print(lines)
        return
    table = Table.grid(padding=(0, 3))
    table.add_column(width=SIDE)
    table.add_column(vertical="middle")
    table.add_row(in_half_blocks(drawn), lines)
    console.print(table)


def hint(said: str, console: Console) -> None:
    """Print what there is to know."""
    console.print(Text(said, SOFT))
