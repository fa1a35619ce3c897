"""One connection to a NATS server, from its beginning to whatever ends it.

The library's own ways to come back are off: it would replay what waited, and keep certificates.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any
from urllib.parse import unquote, urlsplit

from nats.aio.msg import Msg
from nats.errors import ConnectionClosedError, Error, SecureConnWantedError, SlowConsumerError

from services.gateway.upstream.nats_reading import ReadingClient, understood
from services.runtime.tls import Certificates

_SUBJECT = "hatchery.moved"
_PORT = 4222
# Seconds in which a server has to answer.
_PATIENCE = 2
# So much may have come that is not heard yet: messages, and bytes.
_UNHEARD, _UNHEARD_BYTES = 1024, 1024 * 1024


class Link:
    """A connection that speaks of one thing. Its methods raise OSError and nats.errors.Error."""

    def __init__(
        self, hear: Callable[[bytes], None], missed: Callable[[], None], moved: asyncio.Event
    ) -> None:
        """`missed` is called where messages were dropped; `moved` is set when the link is lost."""
        self._hear = hear
        self._missed = missed
        self._moved = moved
        self._client = ReadingClient(self._lose)
        self._asked: asyncio.Future[float] | None = None
        self._lost: asyncio.Future[Exception] = asyncio.get_running_loop().create_future()

    @asynccontextmanager
    async def opened(self, url: str, certificates: Certificates | None) -> AsyncIterator[None]:
        """Connected to a server and listening for as long as the block lasts.

        Raises CertificatesUnusable.
        """
        tls = None
        if url.startswith("tls:"):
            assert certificates is not None, "tls:// is never spoken without certificates"
            tls = certificates.context()
        try:
            with understood():
                await self._connect(url, tls)
            yield
        finally:
            with suppress(Exception):  # it is over, whatever the library makes of that
                async with asyncio.timeout(_PATIENCE):
                    await self._client.close()
            if self._asked:
                self._asked.cancel()
                await asyncio.gather(self._asked, return_exceptions=True)

    async def publish(self, message: bytes) -> None:
        """Sends a message, and waits for the server to keep up."""
        with understood():
            await self._client.publish(_SUBJECT, message)
        await self.answers()

    async def answers(self) -> None:
        """Raises where the server does not answer."""
        self.check()
        # In a task of its own: the library breaks on an answer to a question that was taken back.
        self._asked = asyncio.ensure_future(self._client.rtt(_PATIENCE))
        either: list[asyncio.Future[Any]] = [self._asked, self._lost]
        await asyncio.wait(either, return_when=asyncio.FIRST_COMPLETED)
        self.check()
        with understood():
            self._asked.result()

    def check(self) -> None:
        """Raises what went wrong since it was opened."""
        if self._lost.done():
            raise self._lost.result()

    async def _connect(self, url: str, tls: ssl.SSLContext | None) -> None:
        address = urlsplit(url)
        host = f"[{address.hostname}]" if ":" in (address.hostname or "") else address.hostname

        def said_in_private(secret: str | None) -> Callable[[], str] | None:
            def say() -> str:
                _demand(tls)
                return unquote(secret or "")

            return None if secret is None else say

        by_name = address.password is not None
        try:
            await self._client.connect(
                f"nats://{host}:{address.port or _PORT}",
                name="hatchery",
                error_cb=self._trouble,
                closed_cb=self._closed,
                allow_reconnect=False,
                connect_timeout=_PATIENCE,
                max_reconnect_attempts=1,
                reconnect_time_wait=0,
                no_echo=True,
                tls=tls,
                user=said_in_private(address.username) if by_name else None,
                password=said_in_private(address.password),
                token=None if by_name else said_in_private(address.username),
                flush_timeout=_PATIENCE,
            )
        except Error:
            self.check()  # what led there says more
            raise
        heed_cancellation()
        _demand(tls)
        await self._client.subscribe(
            _SUBJECT,
            cb=self._heard,
            pending_msgs_limit=_UNHEARD,
            pending_bytes_limit=_UNHEARD_BYTES,
        )
        # The library lets a question overtake what was said before, but not the next one.
        await self.answers()
        await self.answers()
        self.check()

    async def _heard(self, message: Msg) -> None:
        self._hear(message.data)

    async def _trouble(self, error: Exception) -> None:
        if isinstance(error, SlowConsumerError):
            self._missed()
        else:
            self._lose(error)

    async def _closed(self) -> None:
        self._lose(ConnectionClosedError())

    def _lose(self, error: Exception) -> None:
        if not self._lost.done():
            self._lost.set_result(error)
        self._moved.set()


def heed_cancellation() -> None:
    """Raises CancelledError where this task was cancelled and nobody told it.

    Until Python 3.12, `asyncio.wait_for`, with which the library waits, forgets a cancellation that
    comes together with what is waited for.
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError


def _demand(tls: ssl.SSLContext | None) -> None:
    """The library speaks without TLS where a server, or who stands before it, offers none."""
    if tls and not tls.session_stats()["connect_good"]:
        raise SecureConnWantedError
