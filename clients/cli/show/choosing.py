"""Which display a story gets, by where the output goes."""

from clients.cli.show.display import Display, JsonLines, in_terminal


def choose(*, as_json: bool, title: str, writes: bool = False, apart: bool = False) -> Display:
    """Return the display for where the output goes. `title` is what is made, in words.

    `writes` says that it is a free text; `apart`, that a pipe is for that alone.
    """
    if as_json:
        return JsonLines()
    if in_terminal():
        from clients.cli.show.live import LiveDisplay  # noqa: PLC0415  # rich takes a while

        return LiveDisplay(title, writes=writes)
    from clients.cli.show.plain import PlainDisplay  # noqa: PLC0415

    return PlainDisplay(apart=apart)
