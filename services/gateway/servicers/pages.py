"""Pages of lists, newest first: sizes, and tokens that hold a place in the list."""

import base64
import binascii
import datetime as dt
import uuid
from collections.abc import Iterator, Sequence
from typing import TypeVar

from google.protobuf.message import Message

from services.runtime.errors import InvalidField

_DEFAULT = 50
_MAX = 200
# A page ends before a message would be too large for who reads it, at 4 MiB.
_PAGE_BYTES = 3_000_000

Listed = TypeVar("Listed", bound=Message)
Place = tuple[dt.datetime, uuid.UUID]


def page_size(asked: int) -> int:
    """How many to return: 50 when 0 is asked for, and never over 200."""
    return min(asked or _DEFAULT, _MAX)


def page_token(time: dt.datetime, id_: uuid.UUID) -> str:
    """The token of the page that follows an entry."""
    return base64.urlsafe_b64encode(f"{time.isoformat()} {id_}".encode()).decode()


def place(token: str) -> Place | None:
    """The place that a token holds; None for the first page. Raises InvalidField."""
    if not token:
        return None
    try:
        time, _, id_ = (
            base64.b64decode(token, altchars=b"-_", validate=True).decode().partition(" ")
        )
        return dt.datetime.fromisoformat(time).astimezone(dt.UTC), uuid.UUID(id_)
    except (binascii.Error, ValueError, OverflowError):
        raise InvalidField({"page_token": "is not a next_page_token of this list"}) from None


def within(listed: Sequence[Listed]) -> Iterator[Listed]:
    """As many of them as a message has room for, and one at least."""
    size = 0
    for one in listed:
        size += one.ByteSize()
        if size > _PAGE_BYTES and size > one.ByteSize():
            return
        yield one
