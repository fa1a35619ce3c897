"""Keeps the leases of what a replica runs, and stops what it can keep no longer."""

import asyncio
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from services.gateway.runner.runner import Runner
from services.gateway.store.leases import Leases
from services.gateway.store.rows import Row
from services.runtime.errors import StoreUnavailable

log = structlog.get_logger()

Runners = dict[uuid.UUID, tuple[Runner, "asyncio.Task[None]"]]

# Shares of a lease: without an answer for so long, runners are stopped before somebody else may
# begin; between two looks at whether our loop stands still; and for which it may.
GIVEN_UP = 0.7
_BEAT = 0.05
_AWAKE = 0.1


class Keeper:
    """Renews every lease, hears what is wanted of runners, and lets go of what was lost."""

    def __init__(self, leases: Leases, runners: Runners, *, lease: float, poll: float) -> None:
        """`runners` is what runs now, `lease` is in seconds, and so is `poll`, between looks."""
        self._leases = leases
        self._runners = runners
        self._lease = lease
        self._poll = min(poll, lease / 4)
        self._asked = asyncio.Event()
        self._giving_up: asyncio.TimerHandle | None = None
        self._beating: asyncio.TimerHandle | None = None
        # For how long our loop has stood still since the store answered.
        self._stood_still = 0.0
        # Epochs that were claimed, and whose runners are not there yet.
        self._claimed: set[tuple[uuid.UUID, int]] = set()
        # Epochs that end with nobody's fault: their leases are to be handed back.
        self._lost: set[tuple[uuid.UUID, int]] = set()

    def look(self) -> None:
        """Says that something may be wanted of a runner."""
        self._asked.set()

    @contextmanager
    def claimed(self, row: Row) -> Iterator[None]:
        """Keeps the lease of what was claimed until its runner is there, as the block is left."""
        claim = (row.id, row.epoch)
        self._claimed.add(claim)
        try:
            yield
        finally:
            self._claimed.discard(claim)

    def hand_back(self, row: Row) -> None:
        """Lets others have, when the store answers, what cannot be run since it does not."""
        self._lost.add((row.id, row.epoch))

    async def run(self) -> None:
        """Keeps them for ever: one statement renews and hears, every `poll` or when asked.

        When the store has not answered for most of a lease, all runners are stopped.
        """
        loop = asyncio.get_running_loop()
        self._give_up_after(loop.time())
        self._beat(loop.time())
        try:
            while True:
                try:
                    async with asyncio.timeout(self._poll):
                        await self._asked.wait()
                except TimeoutError:
                    pass
                self._asked.clear()
                await self._renew()
                await self._hand_back()
        finally:
            for timer in (self._giving_up, self._beating):
                if timer is not None:
                    timer.cancel()

    async def _renew(self) -> None:
        asked = asyncio.get_running_loop().time()
        runners = {id_: runner for id_, (runner, _) in self._runners.items()}
        held = [(id_, runner.row.epoch) for id_, runner in runners.items()]
        held += self._claimed
        try:
            kept = await self._leases.renew(held, self._lease)
        except StoreUnavailable:
            return
        except Exception:
            log.exception("leases cannot be renewed")
            return
        self._give_up_after(asked)
        for id_, runner in runners.items():
            if id_ not in kept:
                runner.outbox.fenced.set()
            elif wanted := kept[id_]:
                runner.request(wanted)

    async def _hand_back(self) -> None:
        if not (lost := self._lost.copy()):
            return
        try:
            async with asyncio.timeout(self._poll):  # the leases that are left come first
                left = await self._leases.hand_back(lost)
        except (StoreUnavailable, TimeoutError):
            return
        except Exception:
            log.exception("leases cannot be handed back")
            left = set()
        self._lost -= {(id_, epoch) for id_, epoch in lost if id_ not in left}

    def _give_up_after(self, answered: float) -> None:
        """Stops all runners unless the store answers again; it did at this time of the loop's."""
        if self._giving_up is not None:
            self._giving_up.cancel()
        self._stood_still = 0.0
        when = answered + self._lease * GIVEN_UP
        self._giving_up = asyncio.get_running_loop().call_at(when, self._give_up, when)

    def _give_up(self, when: float) -> None:
        now = asyncio.get_running_loop().time()
        if self._runners:
            log.warning("the store is lost; stopping what runs here", running=len(self._runners))
        # Who stood still itself may owe that to what it runs.
        awake = self._stood_still + now - when < self._lease * _AWAKE
        for runner, _ in self._runners.values():
            if awake and not runner.outbox.fenced.is_set():
                self.hand_back(runner.row)
            runner.give_up()
        # What may still be claimed in a moment of connection is given up as well.
        self._give_up_after(now)

    def _beat(self, due: float) -> None:
        now = asyncio.get_running_loop().time()
        every = self._lease * _BEAT
        if now - due > every:
            self._stood_still += now - due
        self._beating = asyncio.get_running_loop().call_at(now + every, self._beat, now + every)
