"""The golden bar with the percentage in it."""

from rich.text import Text

from clients.cli.show.colours import CREAM, GOLD, INK, SHELL
from clients.cli.wording import percent

_PARTS = " ▏▎▍▌▋▊▉█"


def bar(fraction: float, width: int, *, colour: bool) -> Text:
    """Draw `fraction` of `width` columns; without colour, in blocks."""
    share = min(max(fraction, 0.0), 1.0)
    middle = f" {percent(share)} "
    start = (width - len(middle)) // 2
    if not colour:
        full = round(share * width)
        cells = "█" * full + "░" * (width - full)
        return Text(cells[:start] + middle + cells[start + len(middle) :], no_wrap=True)
    eighths = round(share * width * 8)
    drawn = Text(no_wrap=True)  # wrapping would take blanks off its end
    for place in range(width):
        filled = min(max(eighths - place * 8, 0), 8)
        within = 0 <= place - start < len(middle)
        letter = middle[place - start] if within else _PARTS[filled]
        on_gold = filled >= 4 if within else filled == 8
        style = f"bold {INK if on_gold else CREAM}" if within else GOLD
        drawn.append(letter, f"{style} on {GOLD if on_gold else SHELL}")
    return drawn
