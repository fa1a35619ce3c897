"""The log, its fence and its leases against a small pure model, in every order of doings."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import hypothesis
import hypothesis.strategies as st
import pytest
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from services.gateway.store.database import Database, open_database
from services.gateway.store.generations import Generations
from services.gateway.store.leases import Leases
from services.gateway.store.log import Batch, Log, append
from services.gateway.store.rows import Intent, Row
from services.gateway.store.transitions import (
    CancelWanted,
    put_end,
    put_pause,
    put_release,
    put_resume,
)
from services.runtime.errors import RetryUnderWay
from tests.integration.gateway.told import Runner, Told
from tests.support.claimed import a_new_one
from tests.support.postgres import fresh_database

_OWNER = "local"
_GENERATIONS = st.integers(0, 3)
_RUNNERS = st.integers(0, 9)


class Model(RuleBasedStateMachine):
    """Generations, and all who ever ran them: those that were replaced keep on trying."""

    database: Database
    do: Callable[[Awaitable[Any]], Any]

    def __init__(self) -> None:
        super().__init__()
        self.told: list[Told] = []
        self.runners: list[Runner] = []
        self.count = 0
        self.log, self.leases = Log(self.database), Leases(self.database)
        self.generations = Generations(self.database)
        # What earlier examples left is nobody's.
        self.recipe = str(uuid.uuid4())

    def event(self) -> bytes:
        """Another event; here they are any bytes."""
        self.count += 1
        return b"event %d" % self.count

    @precondition(lambda self: len(self.told) < 4)
    @rule()
    def accept(self) -> None:
        """A new one waits."""
        id_ = uuid.uuid4()
        self.put(Told(id_, id_))

    @precondition(lambda self: self.told)
    @rule(which=_GENERATIONS)
    def retry(self, which: int) -> None:
        """What has ended is tried again, unless it already is."""
        source = self.told[which % len(self.told)]
        if not source.ended:
            return
        again = Told(uuid.uuid4(), source.origin, retry=True)
        family = [t for t in self.told if t.retry and t.origin == source.origin]
        if all(t.ended for t in family):
            self.put(again)
        else:
            with pytest.raises(RetryUnderWay):
                self.put(again)
            self.told.remove(again)

    def put(self, told: Told) -> None:
        """Stores it."""
        self.told.append(told)
        first = self.event()
        origin = told.origin if told.retry else None
        new = a_new_one(
            id=told.id, owner=_OWNER, recipe=self.recipe, retry_of=origin, origin=origin
        )
        self.do(self.generations.accept([new], lambda *_: (first, b"")))
        told.log.append(first)

    @rule()
    def claim(self) -> None:
        """Everything that is free is claimed, and nothing else."""
        rows = self.do(self.leases.claim(10, 60.0, [self.recipe]))
        free = [told for told in self.told if told.free]
        assert {told.id: told.lease == "out" for told in free} == {
            row.id: row.ran_out for row in rows
        }
        self.runners += [told.claim() for told in free]

    @precondition(lambda self: self.runners)
    @rule(which=_RUNNERS, size=st.integers(1, 3), twice=st.booleans())
    def append(self, which: int, size: int, twice: bool) -> None:
        """Only who holds the fence writes, and an answer that was lost repeats nothing."""
        runner = self.runners[which % len(self.runners)]
        events = [self.event() for _ in range(size)]
        batch = Batch(runner.told.id, runner.epoch, runner.last, events)
        holds = runner.holds
        assert holds == bool(self.do(self.log.append([batch])))
        if holds:
            runner.write(*events)
        if twice:
            assert not self.do(self.log.append([batch]))

    @precondition(lambda self: self.runners)
    @rule(which=_RUNNERS)
    def renew(self, which: int) -> None:
        """A lease is renewed under its epoch only, and tells what is wanted."""
        runner = self.runners[which % len(self.runners)]
        told = runner.told
        kept = self.do(self.leases.renew([(told.id, runner.epoch)], 60.0))
        assert runner.leased == (told.id in kept)
        if runner.leased:
            told.lease = "live"
            assert told.intent == (kept[told.id].kind if kept[told.id] else None)

    @precondition(lambda self: self.runners)
    @rule(chosen=st.sets(_RUNNERS, min_size=1, max_size=4))
    def hand_back(self, chosen: set[int]) -> None:
        """Runners that a lost store stopped, of several epochs of one generation too."""
        runners = [self.runners[number % len(self.runners)] for number in chosen]
        lost = {(runner.told.id, runner.epoch) for runner in runners}
        assert not self.do(self.leases.hand_back(lost))
        for told in self.told:
            told.hand_back({epoch for id_, epoch in lost if id_ == told.id})

    @precondition(lambda self: self.told)
    @rule(which=_GENERATIONS)
    def expire(self, which: int) -> None:
        """A lease runs out."""
        told = self.told[which % len(self.told)]
        if told.lease == "live":
            told.lease = "out"
            self.do(self._expire(told.id))

    async def _expire(self, generation: uuid.UUID) -> None:
        async with self.database.connection() as connection:
            await connection.execute(
                "UPDATE generations SET lease_expire_time = now() - interval '1 s' WHERE id = $1",
                generation,
            )

    @precondition(lambda self: self.runners)
    @rule(which=_RUNNERS, state=st.sampled_from(["COMPLETED", "FAILED", "PAUSED", None]))
    def put_down(self, which: int, state: str | None) -> None:
        """A runner ends it, halts it or hands it over, all with its last events or not at all."""
        runner = self.runners[which % len(self.runners)]
        events = [self.event()] if state else []
        holds = runner.holds
        if state == "PAUSED" and holds and "cancel" in runner.told.wanted:
            with pytest.raises(CancelWanted):
                self.do(self._put_down(runner, events, state))
            return
        assert holds == self.do(self._put_down(runner, events, state))
        if holds:
            runner.put_down(state, *events)

    async def _put_down(self, runner: Runner, events: list[bytes], state: str | None) -> bool:
        batch = Batch(runner.told.id, runner.epoch, runner.last, events)
        async with self.database.transaction() as connection:
            moved = await append(connection, [batch])
            if moved:
                await _put(connection, runner.told.id, state)
        return bool(moved)

    @precondition(lambda self: self.told)
    @rule(which=_GENERATIONS)
    def cancel(self, which: int) -> None:
        """Where nobody runs it, it ends at once; a runner is told."""
        told = self.told[which % len(self.told)]
        taken = told.free or told.state == "PAUSED"
        assert taken == self.take(told, "CANCELLED", paused=True, free=True)
        if not taken:
            self.wish(told, "cancel")

    @precondition(lambda self: self.told)
    @rule(which=_GENERATIONS)
    def pause(self, which: int) -> None:
        """Where nobody runs it, it halts at once; a runner is told. To cancel is more."""
        told = self.told[which % len(self.told)]
        if told.free and "cancel" in told.wanted:
            with pytest.raises(CancelWanted):
                self.take(told, "PAUSED", paused=False, free=True)
            return
        taken = told.free
        assert taken == self.take(told, "PAUSED", paused=False, free=True)
        if not taken:
            self.wish(told, "pause")

    @precondition(lambda self: self.told)
    @rule(which=_GENERATIONS)
    def resume(self, which: int) -> None:
        """Only what is paused waits again."""
        told = self.told[which % len(self.told)]
        halted = told.state == "PAUSED"
        assert halted == self.take(told, "QUEUED", paused=True, free=False)

    def take(self, told: Told, state: str, *, paused: bool, free: bool) -> bool:
        """Takes the next epoch, writes and lets go."""
        event = self.event()

        async def finish(connection: Any, row: Row) -> None:
            assert await append(connection, [Batch(row.id, row.epoch, row.last_sequence, [event])])
            await _put(connection, row.id, state)

        took: bool = self.do(self.leases.take(told.id, _OWNER, finish, paused=paused, free=free))
        if took:
            told.settle(state, event)
        return took

    def wish(self, told: Told, kind: Any) -> None:
        """Leaves word for the runner, where there is one."""
        left = self.do(self.leases.request(told.id, _OWNER, Intent(kind, _OWNER)))
        assert left == (told.state == "RUNNING")
        if left:
            told.wanted.add(kind)

    @invariant()
    def the_store_says_the_same(self) -> None:
        """State, epoch, sequence and every event; one number each, and no gap."""
        for told in self.told:
            row = self.do(self.generations.get(told.id, _OWNER))
            assert (told.state, told.epoch, len(told.log), told.leases_lost) == (
                row.state,
                row.epoch,
                row.last_sequence,
                row.leases_lost,
            )
            stored = self.do(self.log.read(told.id, 0, 10_000))
            assert list(enumerate(told.log, 1)) == stored
        unfinished = [t.origin for t in self.told if t.retry and not t.ended]
        assert len(unfinished) == len(set(unfinished))


async def _put(connection: Any, generation: uuid.UUID, state: str | None) -> None:
    """Gives a generation its next state; none hands it over."""
    others = {"PAUSED": put_pause, "QUEUED": put_resume, None: put_release}
    if state in others:
        await others[state](connection, generation)
    else:
        await put_end(connection, generation, state)


def test_the_log_is_what_the_model_says(postgres_url: str) -> None:
    """Any interleaving of accept, claim, append, renew, expire, steer, finish and retry."""
    stack = AsyncExitStack()

    async def enter() -> Database:
        url = await stack.enter_async_context(fresh_database(postgres_url))
        return await stack.enter_async_context(open_database(url))

    with asyncio.Runner() as runner:

        class Bound(Model):
            database = runner.run(enter())
            do = staticmethod(runner.run)

        try:
            hypothesis.stateful.run_state_machine_as_test(
                Bound, settings=hypothesis.settings(max_examples=30, stateful_step_count=40)
            )
        finally:
            runner.run(stack.aclose())
