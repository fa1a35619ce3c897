"""What was made over time, as plots in a terminal."""

from collections.abc import Sequence

from hatchery.gateway.v1 import generation_service_pb2 as pb
from rich.console import Console
from rich.text import Text

from clients.cli.show.colours import CREAM, GOLD, SOFT
from clients.cli.show.page import fitted, is_coloured
from clients.cli.show.periods import LENGTHS, Stretch, models, named
from clients.cli.show.plots import ENDS, share_bar, sparkline, stacked
from clients.cli.show.statistics import budget

WIDEST = 100
WIDEST_CELL = 7  # columns of a stretch of time
HEIGHT = 8  # lines of the bars
FEW, HIGH = 4, 3  # so few models have room for sparklines of so many lines
AXIS = 6  # columns in front of the plots


def most_stretches(console: Console) -> int:
    """Return how many stretches of time there is room for."""
    return max(min(console.width, WIDEST) - AXIS - 1, 1)


def overview(shown: Sequence[Stretch], period: str, console: Console) -> list[Text]:
    """Return how what was begun in each stretch ended, and how fast each model wrote."""
    width, coloured = most_stretches(console), is_coloured(console)
    cell = max(min(width // len(shown), WIDEST_CELL), 1)
    ends = [one.ends for one in shown]
    utc = "" if period == "hour" else " (UTC)"
    lines = [Text(f"Generations by {period}{utc}", f"bold {GOLD}"), Text()]
    bars = stacked(ends, ENDS, cell, HEIGHT, coloured=coloured)
    most = str(max(map(sum, ends)))
    for place, line in enumerate(bars):
        mark = most if place == 0 else "0" if place == HEIGHT - 1 else ""
        lines.append(_behind(f"{mark:>{AXIS - 2}} ┤" if mark else f"{'':{AXIS - 2}} │", line))
    dates = _dates(shown, period, cell)
    lines.append(Text(" " * AXIS + dates, SOFT))
    lines += [_legend(ends, coloured=coloured), Text()]
    lines += _speeds(shown, cell)
    return [fitted(line, console.width) for line in lines]


def budget_bar(told: pb.Budget, console: Console) -> list[Text]:
    """Return what is spent of a budget, and what may yet be."""
    limit = max(told.limit.amount_micros, 1)
    done, wait = ENDS[0], ENDS[3]
    parts = [
        (told.spent.amount_micros / limit, done.colour, done.letter),
        (told.reserved.amount_micros / limit, wait.colour, wait.letter),
    ]
    width = max(min(console.width, WIDEST) - AXIS - 1, 1)
    bar = share_bar(parts, min(width, 60), coloured=is_coloured(console))
    title = Text.assemble(("Budget  ", f"bold {GOLD}"), (budget(told), CREAM))
    return [title, _behind(" " * AXIS, bar)]


def _dates(shown: Sequence[Stretch], period: str, cell: int) -> str:
    """The names of the stretches, as many as there is room for."""
    line, length = "", LENGTHS[period]
    for place, one in enumerate(shown):
        name = named(one.start, length)
        is_free = len(line) <= place * cell and (
            place == 0 or place * cell + len(name) <= len(shown) * cell
        )
        if is_free:
            line = line.ljust(place * cell) + f"{name}  "
    return line.rstrip()


def _legend(ends: Sequence[Sequence[int]], *, coloured: bool) -> Text:
    drawn = Text(" " * AXIS)
    for place, kind in enumerate(ENDS):
        count = sum(bar[place] for bar in ends)
        if count:
            drawn.append("■ " if coloured else f"{kind.letter} ", kind.colour if coloured else "")
            drawn.append(f"{count:,} {kind.name}   ")
    return drawn


def _speeds(shown: Sequence[Stretch], cell: int) -> list[Text]:
    """A sparkline for each model, all to one scale."""
    names = list(dict.fromkeys(name for one in shown for name in models(one.steps)))
    rates = {name: [one.speed(name) for one in shown] for name in names}
    if not rates:
        return []
    most = max(max(values) for values in rates.values())
    lines = [Text("Tokens/s", f"bold {GOLD}"), Text()]
    for name, values in rates.items():
        known = [value for value in values if value]
        spread = f"{min(known):.1f} to {max(known):.1f}" if len(known) > 1 else f"{known[0]:.1f}"
        lines.append(Text(" " * AXIS).append(f"{name}  ", CREAM).append(spread, SOFT))
        height = HIGH if len(rates) <= FEW else 1
        drawn = sparkline(values, most, cell, height)
        lines += [_behind(" " * AXIS, Text(line, GOLD)) for line in drawn]
    return [*lines, Text()]


def _behind(axis: str, line: Text) -> Text:
    return Text(axis, SOFT).append_text(line)
