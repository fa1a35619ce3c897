"""What listing commands have in common."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

import click

PAGE = 200  # the most that a page may have

T = TypeVar("T")

json_option = click.option(
    "--json", "as_json", is_flag=True, help="As proto-JSON, one message a line."
)


def listing_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command --json and --limit."""
    limit = click.option(
        "--limit", type=click.IntRange(min=0), default=0, metavar="N", help="At most N; 0 is all."
    )
    return limit(json_option(command))


def pages(
    page: Callable[[int, str], Any], items: Callable[[Any], Iterable[T]], limit: int
) -> Iterator[T]:
    """Yield what is on all pages, fetched as they are needed, up to `limit` unless that is 0."""
    token, given = "", 0
    while True:
        answer = page(min(limit - given, PAGE) if limit else PAGE, token)
        for item in items(answer):
            yield item
            given += 1
        token = answer.next_page_token
        if not token or (limit and given >= limit):
            return
