"""Lists: tables in a terminal, lines with tabs elsewhere, proto-JSON where it is asked for."""

import datetime as dt
from collections.abc import Iterable, Sequence

import click
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from clients.cli.show.display import as_json, in_terminal
from clients.cli.wording import clean, joined

ROOM = 24  # columns that what gives way should have
GAP = 3
NOTE = "What to know"


def show_json(messages: Iterable[Message]) -> None:
    """Print each message as one line of proto-JSON."""
    for message in messages:
        click.echo(as_json(message))


def show_table(
    headings: Sequence[str], rows: Iterable[Sequence[str]], *, empty: str, labelled: bool = False
) -> None:
    """Print rows of cells, which may hold anything; `empty` is said in a terminal for no rows.

    `labelled` cells need their headings also where there is no room for columns, and in a pipe.
    """
    cleaned = [[clean(cell) for cell in row] for row in rows]
    if not in_terminal():
        if labelled and cleaned:
            click.echo("\t".join(headings))
        for row in cleaned:
            click.echo("\t".join(row))
        return
    if not cleaned:
        click.echo(empty)
        return
    used = [place for place in range(len(headings)) if any(row[place] for row in cleaned)]
    _draw([headings[place] for place in used], [[row[place] for place in used] for row in cleaned],
          labelled=labelled)  # fmt: skip


def _draw(headings: Sequence[str], rows: Sequence[Sequence[str]], *, labelled: bool) -> None:
    from rich.box import SIMPLE_HEAD  # noqa: PLC0415  # rich takes a while
    from rich.cells import cell_len  # noqa: PLC0415
    from rich.console import Console  # noqa: PLC0415
    from rich.padding import Padding  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    from clients.cli.show.colours import CREAM, GOLD, SOFT  # noqa: PLC0415

    console = Console(highlight=False, markup=False, emoji=False)
    columns = list(zip(headings, *rows, strict=True))
    # The first column gives way, or else the notes; names are there to be copied.
    giving = headings.index(NOTE) if NOTE in headings else 0
    fixed = [0 if place == giving else max(map(cell_len, column)) + GAP
             for place, column in enumerate(columns)]  # fmt: skip
    if sum(fixed) + ROOM > console.width:
        for row in rows:
            first, *others = row
            if labelled:
                others = [joined(*_labelled(headings[1:], others))]
            console.print(Text(first, f"bold {GOLD}"))
            *middle, last = others or [""]
            for line, style in ((joined(*middle), CREAM), (last, CREAM if labelled else SOFT)):
                if line:
                    console.print(Padding(Text(line, style), (0, 0, 0, 2)))
        return
    table = Table(box=SIMPLE_HEAD, header_style=f"bold {GOLD}", border_style=SOFT, pad_edge=False)
    for heading, width in zip(headings, fixed, strict=True):
        table.add_column(
            heading,
            no_wrap=heading != NOTE,
            overflow="ellipsis",
            min_width=width - GAP if width else None,
            max_width=None if width else console.width - sum(fixed) - GAP,
        )
    for row in rows:
        table.add_row(*(Text(cell, CREAM if place == 0 else "") for place, cell in enumerate(row)))
    console.print(table)


def _labelled(headings: Sequence[str], cells: Sequence[str]) -> list[str]:
    """Each cell that holds anything, with its heading in front."""
    named = zip(headings, cells, strict=True)
    return [f"{heading.lower()} {cell}" for heading, cell in named if cell]


def when(time: Timestamp) -> str:
    """Return a time as a person here reads it: "2026-11-21 04:37"."""
    if not time.seconds:
        return ""
    return f"{time.ToDatetime(dt.UTC).astimezone():%Y-%m-%d %H:%M}"
