"""The log, its fence and its leases against a small pure model, in every order of doings."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

import hypothesis
import hypothesis.strategies as st
import pytest
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from services.gateway.store.database import Database, open_database
from services.gateway.store.generations import ENDED, Generations, Intent, NewGeneration, Row
from services.gateway.store.leases import Leases
from services.gateway.store.log import Batch, Log, append
from services.gateway.store.transitions import (
    CancelWanted,
    put_end,
    put_pause,
    put_release,
    put_resume,
)
from services.runtime.errors import RetryUnderWay
from tests.support.postgres import fresh_database

_OWNER = "local"
_GENERATIONS = st.integers(0, 3)
_RUNNERS = st.integers(0, 9)


@dataclass
class Told:
    """A generation as the model knows it. The lease is none, live, or run out."""

    id: uuid.UUID
    origin: uuid.UUID
    retry: bool = False
    state: str = "QUEUED"
    epoch: int = 0
    lease: str = "none"
    leases_lost: int = 0
    wanted: set[str] = field(default_factory=set)
    log: list[bytes] = field(default_factory=list)

    @property
    def free(self) -> bool:
        """Whether anybody may claim it."""
        return self.state in ("QUEUED", "RUNNING") and self.lease != "live"

    @property
    def intent(self) -> str | None:
        """What a renewal tells."""
        return next((kind for kind in ("cancel", "pause") if kind in self.wanted), None)

    def add(self, *events: bytes) -> None:
        """They are in the log."""
        self.log += events


@dataclass
class Runner:
    """Who believes to run it, under which epoch and from which sequence."""

    told: Told
    epoch: int
    last: int

    @property
    def holds(self) -> bool:
        """Whether the fence lets it write."""
        now = (self.told.epoch, len(self.told.log), self.told.state)
        return now == (self.epoch, self.last, "RUNNING")


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
        if source.state not in ENDED:
            return
        again = Told(uuid.uuid4(), source.origin, retry=True)
        family = [t for t in self.told if t.retry and t.origin == source.origin]
        if all(t.state in ENDED for t in family):
            self.put(again)
        else:
            with pytest.raises(RetryUnderWay):
                self.put(again)
            self.told.remove(again)

    def put(self, told: Told) -> None:
        """Stores it."""
        self.told.append(told)
        first = self.event()
        new = NewGeneration(
            id=told.id,
            owner=_OWNER,
            recipe=self.recipe,
            rpc="r",
            request_id=uuid.uuid4(),
            request=b"",
            description="",
            agent=uuid.uuid4(),
            results={},
            retry_of=told.origin if told.retry else None,
            origin=told.origin if told.retry else None,
        )
        self.do(self.generations.accept(new, lambda _: (first, b"")))
        told.add(first)

    @rule()
    def claim(self) -> None:
        """Everything that is free is claimed, and nothing else."""
        rows = self.do(self.leases.claim(10, 60.0, [self.recipe]))
        free = [told for told in self.told if told.free]
        assert {told.id for told in free} == {row.id for row in rows}
        for told in free:
            told.leases_lost += told.lease == "out"
            told.state, told.lease, told.epoch = "RUNNING", "live", told.epoch + 1
            self.runners.append(Runner(told, told.epoch, len(told.log)))

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
            runner.told.add(*events)
            runner.last += size
        if twice:
            assert not self.do(self.log.append([batch]))

    @precondition(lambda self: self.runners)
    @rule(which=_RUNNERS)
    def renew(self, which: int) -> None:
        """A lease is renewed under its epoch only, and tells what is wanted."""
        runner = self.runners[which % len(self.runners)]
        told = runner.told
        kept = self.do(self.leases.renew([(told.id, runner.epoch)], 60.0))
        holds = (told.epoch, told.state) == (runner.epoch, "RUNNING") and told.lease != "none"
        assert holds == (told.id in kept)
        if holds:
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
            epochs = [epoch for id_, epoch in lost if id_ == told.id]
            if told.state == "RUNNING" and epochs:
                told.lease = "none" if told.epoch in epochs else told.lease
                followed = sum(epoch < told.epoch for epoch in epochs)
                told.leases_lost = max(told.leases_lost - followed, 0)

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
    @rule(which=_RUNNERS, deed=st.sampled_from(["COMPLETED", "FAILED", "pause", "hand over"]))
    def put_down(self, which: int, deed: str) -> None:
        """A runner ends it, halts it or hands it over, all with its last events or not at all."""
        runner = self.runners[which % len(self.runners)]
        told = runner.told
        events = [] if deed == "hand over" else [self.event()]
        holds = runner.holds
        if deed == "pause" and holds and "cancel" in told.wanted:
            with pytest.raises(CancelWanted):
                self.do(self._put_down(runner, events, deed))
            return
        assert holds == self.do(self._put_down(runner, events, deed))
        if holds:
            told.add(*events)
            runner.last += len(events)
            told.lease = "none"
            if deed == "pause":
                told.state = "PAUSED"
                told.wanted.discard("pause")
            elif deed != "hand over":
                told.state = deed

    async def _put_down(self, runner: Runner, events: list[bytes], deed: str) -> bool:
        batch = Batch(runner.told.id, runner.epoch, runner.last, events)
        async with self.database.transaction() as connection:
            moved = await append(connection, [batch])
            if moved:
                if deed == "pause":
                    await put_pause(connection, runner.told.id)
                elif deed == "hand over":
                    await put_release(connection, runner.told.id)
                else:
                    await put_end(connection, runner.told.id, deed)
        return bool(moved)

    @precondition(lambda self: self.told)
    @rule(which=_GENERATIONS)
    def cancel(self, which: int) -> None:
        """Where nobody runs it, it ends at once; a runner is told."""
        told = self.told[which % len(self.told)]
        taken = told.free or told.state == "PAUSED"
        assert taken == self.take(told, "CANCELLED", paused=True, free=True)
        if taken:
            told.state, told.lease, told.epoch = "CANCELLED", "none", told.epoch + 1
        else:
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
        if taken:
            told.state, told.lease, told.epoch = "PAUSED", "none", told.epoch + 1
            told.wanted.discard("pause")
        else:
            self.wish(told, "pause")

    @precondition(lambda self: self.told)
    @rule(which=_GENERATIONS)
    def resume(self, which: int) -> None:
        """Only what is paused waits again."""
        told = self.told[which % len(self.told)]
        taken = told.state == "PAUSED"
        assert taken == self.take(told, "QUEUED", paused=True, free=False)
        if taken:
            told.state, told.lease, told.epoch = "QUEUED", "none", told.epoch + 1

    def take(self, told: Told, state: str, *, paused: bool, free: bool) -> bool:
        """Takes the next epoch, writes and lets go."""
        event = self.event()

        async def finish(connection: Any, row: Row) -> None:
            assert await append(connection, [Batch(row.id, row.epoch, row.last_sequence, [event])])
            put = {"PAUSED": put_pause, "QUEUED": put_resume}.get(state)
            await (put(connection, row.id) if put else put_end(connection, row.id, state))

        took: bool = self.do(self.leases.take(told.id, _OWNER, finish, paused=paused, free=free))
        if took:
            told.add(event)
        return took

    def wish(self, told: Told, kind: Any) -> None:
        """Leaves word for the runner, where there is one."""
        left = self.do(self.leases.request(told.id, Intent(kind, _OWNER)))
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
        unfinished = [t.origin for t in self.told if t.retry and t.state not in ENDED]
        assert len(unfinished) == len(set(unfinished))


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
