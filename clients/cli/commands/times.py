"""Options that are times: how long, and since when."""

import datetime as dt
import re
from typing import Any

import click

_UNITS = {
    "s": dt.timedelta(seconds=1),
    "m": dt.timedelta(minutes=1),
    "h": dt.timedelta(hours=1),
    "d": dt.timedelta(days=1),
    "w": dt.timedelta(weeks=1),
}
_PART = re.compile(r"(\d{1,9}(?:\.\d{1,6})?)([smhdw])")
_LONGEST = dt.timedelta(days=36500)
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def span(text: str) -> dt.timedelta:
    """Return the time that "90s", "5m", "1h30m" or "2w" is. Raises ValueError."""
    if not re.fullmatch(rf"(?:{_PART.pattern})+", text):
        raise ValueError(text)
    parts = _PART.findall(text)
    if sum(float(number) * (_UNITS[unit] / _LONGEST) for number, unit in parts) > 1:
        raise ValueError(text)
    return sum((float(number) * _UNITS[unit] for number, unit in parts), dt.timedelta())


class Span(click.ParamType[dt.timedelta]):
    """How long: 90s, 5m, 1h30m."""

    name = "time"

    def convert(self, value: Any, param: Any, ctx: Any) -> dt.timedelta:
        """Return the time, which is more than none."""
        if isinstance(value, dt.timedelta):
            return value
        try:
            found = span(value.strip().lower())
        except ValueError:
            self.fail("a time looks like 90s, 5m or 1h30m", param, ctx)
        if not found:
            self.fail("it has to be more than none", param, ctx)
        return found


class Since(click.ParamType[dt.datetime]):
    """From when on: 7d is a week ago; or a day or a time of one, of this place's clock."""

    name = "since"

    def convert(self, value: Any, param: Any, ctx: Any) -> dt.datetime:
        """Return the time, with its zone."""
        if isinstance(value, dt.datetime):
            return value
        try:
            found = _since(value.strip())
        except (ValueError, OverflowError, OSError):
            self.fail("a beginning looks like 24h, 7d, 2026-11-01 or 2026-11-01T08:00", param, ctx)
        if found < _EPOCH:
            self.fail("nothing was made before 1970", param, ctx)
        return found


def _since(text: str) -> dt.datetime:
    if _PART.match(text.lower()):
        return dt.datetime.now(dt.UTC) - span(text.lower())
    return dt.datetime.fromisoformat(text).astimezone(dt.UTC)
