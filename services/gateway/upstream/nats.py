"""Wake-ups over NATS core, for where more than a few gateways run.

A message is the generations that moved, sixteen bytes each, and nothing else. NATS keeps none of
them: who is not connected misses it, and is told that anything may have moved once it is back.
"""

import asyncio
import itertools
import logging
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import structlog
from nats.errors import Error

from services.gateway.upstream.nats_link import Link, heed_cancellation
from services.gateway.wakeups import Heard
from services.runtime.tls import Certificates, CertificatesUnusable

log = structlog.get_logger()

# Seconds for which wake-ups gather before they are sent.
_GATHER = 0.005
# A generation takes so many bytes, and a message has so many generations at most.
_BYTES, _MOST = 16, 200
# Seconds after which a silent connection is asked whether it lives.
_ASK = 5.0
_RECONNECT = 0.5
# Seconds after which a connection that is lost is told of again, and so many characters of why.
_STEADY, _TOLD = 10.0, 200
# It writes tracebacks of what is told here in a line.
_NOISY = "nats"


class NatsWakeUps:
    """Wake-ups over whichever of these servers answers, `nats://…` or `tls://…`."""

    def __init__(self, servers: Sequence[str], certificates: Certificates | None = None) -> None:
        """`certificates` are shown where it says tls://, new with each connection."""
        self._servers = itertools.cycle(servers)
        self._certificates = certificates
        self._waiting: dict[uuid.UUID, None] = {}
        self._wake = asyncio.Event()
        self._connected = False
        self._puzzled = False

    @property
    def connected(self) -> bool:
        """See the port."""
        return self._connected

    def send(self, generation: uuid.UUID) -> None:
        """See the port. What moves while there is no connection is left to the poll."""
        if self._connected:
            self._waiting[generation] = None
            self._wake.set()

    async def run(self, heard: Heard) -> None:
        """See the port."""
        logging.getLogger(_NOISY).setLevel(logging.CRITICAL)
        loop = asyncio.get_running_loop()
        told = False
        while True:
            began = loop.time()
            try:
                await self._talk(next(self._servers), heard)
            except (OSError, Error, CertificatesUnusable) as error:
                if not told or loop.time() - began > _STEADY:
                    log.warning("no wake-ups; polling meanwhile", error=repr(error)[:_TOLD])
                told = True
            heed_cancellation()
            await asyncio.sleep(_RECONNECT)

    async def _talk(self, server: str, heard: Heard) -> None:
        """Sends and hears until the connection is lost."""

        def hear(message: bytes) -> None:
            if generations := _named(message):
                heard(generations)
            elif not self._puzzled:
                self._puzzled = True
                log.warning("what comes over NATS is not all wake-ups", bytes=len(message))

        link = Link(hear, missed=lambda: heard(None), moved=self._wake)
        async with self._open(link, server):
            # Whatever moved before we listened is known to nobody here.
            heard(None)
            while True:
                await self._send(link)

    @asynccontextmanager
    async def _open(self, link: Link, server: str) -> AsyncIterator[None]:
        async with link.opened(server, self._certificates):
            self._connected = True
            try:
                yield
            finally:
                self._connected = False
                self._waiting.clear()

    async def _send(self, link: Link) -> None:
        """Sends what gathered; asks a silent connection whether it lives."""
        try:
            async with asyncio.timeout(_ASK):
                await self._wake.wait()
        except TimeoutError:
            await link.answers()
            return
        await asyncio.sleep(_GATHER)
        self._wake.clear()
        taken, self._waiting = [generation.bytes for generation in self._waiting], {}
        for at in range(0, len(taken), _MOST):
            await link.publish(b"".join(taken[at : at + _MOST]))
        link.check()


def _named(message: bytes) -> Sequence[uuid.UUID]:
    """The generations in a message; none in one that nobody of us sent."""
    if len(message) % _BYTES or len(message) > _MOST * _BYTES:
        return ()
    return [uuid.UUID(bytes=message[at : at + _BYTES]) for at in range(0, len(message), _BYTES)]
