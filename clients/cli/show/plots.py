"""Plots made of letters: stacked bars and sparklines, over time. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.text import Text

from clients.cli.show.colours import CREAM, GOLD, ROSE, SOFT

EIGHTHS = " ▁▂▃▄▅▆▇█"


@dataclass(frozen=True)
class Kind:
    """A part of a bar: its name, its colour, and its letter where there are no colours."""

    name: str
    colour: str
    letter: str


# How generations end, from the ground up.
ENDS = (
    Kind("completed", GOLD, "█"),
    Kind("failed", ROSE, "▓"),
    Kind("stopped", SOFT, "▒"),
    Kind("under way", CREAM, "░"),
)


def stacked(
    bars: Sequence[Sequence[int]], kinds: Sequence[Kind], cell: int, height: int, *, coloured: bool
) -> list[Text]:
    """Draw bars of `cell` columns and up to `height` lines, each a stack of counts by kind."""
    most = max((sum(bar) for bar in bars), default=0)
    piles = [_pile(bar, most, height * 8) for bar in bars]
    lines = []
    for row in reversed(range(height)):
        line = Text(no_wrap=True)
        for pile in piles:
            part = pile[row * 8 : row * 8 + 8]
            letter, style = _coloured(part, kinds) if coloured else (_plain(part, kinds), "")
            line.append(letter * max(cell - 1, 1), style).append(" " * (cell > 1))
        lines.append(line)
    return lines


def _pile(bar: Sequence[int], most: int, eighths: int) -> list[int]:
    """The kinds in a bar from the ground up, an eighth of a line each; what is there is seen."""
    total = sum(bar)
    if not total:
        return []
    whole = max(round(total / most * eighths), sum(count > 0 for count in bar))
    sizes = [max(round(count / total * whole), 1) if count else 0 for count in bar]
    sizes[sizes.index(max(sizes))] += whole - sum(sizes)
    return [kind for kind, size in enumerate(sizes) for _ in range(size)]


def _coloured(part: Sequence[int], kinds: Sequence[Kind]) -> tuple[str, str]:
    """One letter with two colours at most: what is lowest, and what there is most of above.

    Where the bar ends within it there is one, that of its top: what failed should be seen.
    """
    if len(part) < 8:
        return EIGHTHS[len(part)], kinds[part[-1]].colour if part else ""
    lowest = part[0]
    above = [kind for kind in part if kind != lowest]
    style = kinds[lowest].colour
    if not above:
        return EIGHTHS[8], style
    upper = max(above, key=above.count)
    return EIGHTHS[8 - len(above)], f"{style} on {kinds[upper].colour}"


def _plain(part: Sequence[int], kinds: Sequence[Kind]) -> str:
    if len(part) < 8:
        return kinds[part[-1]].letter if part else " "
    return kinds[max(part, key=part.count)].letter


def sparkline(values: Sequence[float], most: float, cell: int, height: int = 1) -> list[str]:
    """Draw values as heights up to `most`, which is `height` lines; 0 is nothing."""
    sizes = [max(min(round(v / most * height * 8), height * 8), 1) if v > 0 else 0 for v in values]
    return [
        "".join(_filled(EIGHTHS[max(min(size - row * 8, 8), 0)], cell) for size in sizes)
        for row in reversed(range(height))
    ]


def _filled(letter: str, cell: int) -> str:
    return letter * max(cell - 1, 1) + " " * (cell > 1)


def share_bar(parts: Sequence[tuple[float, str, str]], width: int, *, coloured: bool) -> Text:
    """Draw shares of a whole, each with its colour and its letter, and what is left of it."""
    drawn = Text(no_wrap=True)
    for share, colour, letter in parts:
        cells = min(round(max(share, 0.0) * width), width - len(drawn))
        drawn.append((" " if coloured else letter) * cells, f"on {colour}" if coloured else "")
    rest = width - len(drawn)
    return drawn.append("░" * rest, SOFT if coloured else "")
