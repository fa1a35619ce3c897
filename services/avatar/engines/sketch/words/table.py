"""Tables written as text: a name, a colon and what belongs to it; indented lines continue a row."""

from collections.abc import Iterator


def rows(text: str) -> Iterator[tuple[str, str]]:
    """Each row's name and the rest of it."""
    for line in text.replace("\n  ", " ").strip().splitlines():
        name, _, rest = line.partition(":")
        yield name, rest.strip()
