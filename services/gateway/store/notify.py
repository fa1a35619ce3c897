"""Wake-ups through LISTEN and NOTIFY, on one connection of their own.

A commit that carries NOTIFY takes a lock that all commits of the cluster wait for. So notifications
are sent outside the transactions that write, many generations in one.
"""

import asyncio
import uuid
from collections.abc import Sequence

import asyncpg
import structlog

from services.gateway.store.database import LOST
from services.gateway.wakeups import Heard

log = structlog.get_logger()

_CHANNEL = "hatchery_moved"
# Seconds for which wake-ups gather before they are sent.
_GATHER = 0.01
# A payload holds less than 8,000 bytes, and a generation takes 33 of them.
_MOST = 200
# Seconds after which a silent connection is asked whether it lives, and may take to say so.
_ASK, _PATIENCE = 5.0, 2.0
_RECONNECT = 0.5


class Notifications:
    """Wake-ups over the Postgres at `url`."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._waiting: dict[uuid.UUID, None] = {}
        self._wake = asyncio.Event()
        self._connected = False

    @property
    def connected(self) -> bool:
        """See the port."""
        return self._connected

    def send(self, generation: uuid.UUID) -> None:
        """See the port."""
        self._waiting[generation] = None
        self._wake.set()

    async def run(self, heard: Heard) -> None:
        """See the port."""
        told = False
        while True:
            try:
                await self._talk(heard)
            except (*LOST, asyncpg.PostgresError) as error:
                if self._connected or not told:
                    log.warning("no wake-ups; polling meanwhile", error=repr(error))
                told = True
            self._connected = False
            self._waiting.clear()
            await asyncio.sleep(_RECONNECT)

    async def _talk(self, heard: Heard) -> None:
        connection = await asyncpg.connect(self._url, timeout=5, command_timeout=_PATIENCE)
        try:
            own = connection.get_server_pid()

            def hear(_: object, pid: int, _channel: str, payload: object) -> None:
                if pid != own:
                    heard([uuid.UUID(name) for name in str(payload).split()])

            await connection.add_listener(_CHANNEL, hear)
            self._connected = True
            # Whatever moved before we listened is known to nobody here.
            heard(None)
            while True:
                await self._send(connection)
        finally:
            connection.terminate()

    async def _send(self, connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        """Sends what gathered; asks a silent connection whether it lives."""
        try:
            async with asyncio.timeout(_ASK):
                await self._wake.wait()
        except TimeoutError:
            await connection.execute("SELECT 1")
            return
        await asyncio.sleep(_GATHER)
        self._wake.clear()
        while names := self._take():
            await connection.execute("SELECT pg_notify($1, $2)", _CHANNEL, " ".join(names))

    def _take(self) -> Sequence[str]:
        taken = list(self._waiting)[:_MOST]
        for generation in taken:
            del self._waiting[generation]
        return [generation.hex for generation in taken]
