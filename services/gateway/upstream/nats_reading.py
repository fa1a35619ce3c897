"""A NATS client that tells at once when it hears no more, whatever somebody sent it.

The library's reading stops without a word at a message that it cannot decode, and waits for ever
behind a line that it does not know. What it raises where a server speaks nonsense is anything.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from nats.aio.client import Client
from nats.errors import ConnectionClosedError, Error, ProtocolError
from nats.protocol.parser import AWAITING_CONTROL_LINE, Parser

# A line of a server is not longer than that, in bytes, which is what is read of its first one.
_LONGEST = 64 * 1024


class Nonsense(Error):
    """What came is nothing that can be understood: named by what it led to, and never repeated."""


@contextmanager
def understood() -> Iterator[None]:
    """Raises Nonsense in the place of whatever is neither OSError nor nats.errors.Error."""
    try:
        yield
    except (OSError, Error):
        raise
    except Exception as error:
        raise Nonsense(type(error).__name__) from error


class ReadingClient(Client):
    """Calls `lose` with what ended its reading, before anything is closed for it."""

    def __init__(self, lose: Callable[[Exception], None]) -> None:
        super().__init__()
        self._lose = lose
        self._ps = _Lines(self, lose)

    async def _read_loop(self) -> None:
        try:
            await super()._read_loop()
        finally:
            self._lose(self.last_error or ConnectionClosedError())


class _Lines(Parser):
    def __init__(self, client: Client, lose: Callable[[Exception], None]) -> None:
        super().__init__(client)
        self._lose = lose

    async def parse(self, data: bytes = b"") -> None:
        try:
            with understood():
                await super().parse(data)
            if self.state == AWAITING_CONTROL_LINE and _is_stuck(self.buf):
                raise Nonsense("a line that is none of NATS's")
        except Error as error:
            self._lose(error)
            raise ProtocolError from error  # which the library knows how to end with


def _is_stuck(rest: bytearray) -> bool:
    """Whether what is left can never be understood: a whole line, or too much without an end."""
    return b"\r\n" in rest or len(rest) > _LONGEST
