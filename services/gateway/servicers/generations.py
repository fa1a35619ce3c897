"""GenerationService: following and steering what runs."""

import asyncio
import uuid
from typing import Any

import grpc
from hatchery.gateway.v1 import generation_service_pb2 as pb
from hatchery.gateway.v1.generation_service_pb2_grpc import GenerationServiceServicer

from services.gateway.accept import tell_of
from services.gateway.control import Control
from services.gateway.identity.callers import caller, demand, may
from services.gateway.identity.scopes import Scope
from services.gateway.names import GenerationId, agent_id, generation_id, generation_name
from services.gateway.retry import Retrier
from services.gateway.servicers.feedback import Feedback
from services.gateway.servicers.pages import page_size, page_token, place
from services.gateway.servicers.statistics import Statistics
from services.gateway.servicers.streams import until_stopping
from services.gateway.store.generations import Generations
from services.gateway.store.rows import ENDED, Row
from services.gateway.watch.many import watch_many
from services.gateway.watch.newcomers import Newcomers
from services.gateway.watch.snapshots import Snapshots, summary
from services.gateway.watch.watcher import Watcher
from services.runtime.errors import ResourceNotFound

Context = grpc.aio.ServicerContext[Any, Any]

_LONGEST = 366 * 24 * 3600.0


class GenerationServicer(GenerationServiceServicer):
    """The RPCs of generations. `stopping` ends the streams when the server goes away."""

    def __init__(
        self,
        generations: Generations,
        snapshots: Snapshots,
        watcher: Watcher,
        *,
        newcomers: Newcomers,
        control: Control,
        retrier: Retrier,
        feedback: Feedback,
        statistics: Statistics,
        stopping: asyncio.Event,
        heartbeat: float,
    ) -> None:
        self._generations = generations
        self._snapshots = snapshots
        self._watcher = watcher
        self._newcomers = newcomers
        self._control = control
        self._retrier = retrier
        self._feedback = feedback
        self._statistics = statistics
        self._stopping = stopping
        self._heartbeat = heartbeat

    async def WatchGeneration(  # type: ignore[override]  # it writes, and yields nothing
        self, request: pb.WatchGenerationRequest, context: Context
    ) -> None:
        """Streams the log from the cursor to its end."""
        row = await self._get(generation_id(request.name))
        await until_stopping(
            self._stopping,
            self._watcher.watch(row.id, request.starting_after, context.write),
        )

    async def WatchGenerations(  # type: ignore[override]  # it writes, and yields nothing
        self, request: pb.WatchGenerationsRequest, context: Context
    ) -> None:
        """Streams several logs at once."""
        owner = caller()
        cursors: dict[uuid.UUID, int] = {
            generation_id(c.name): c.starting_after for c in request.cursors
        }
        owned = await self._generations.owned(list(cursors), owner)
        for generation in cursors:
            if generation not in owned:
                raise ResourceNotFound(generation_name(generation))
        await until_stopping(
            self._stopping,
            watch_many(
                self._watcher,
                cursors,
                self._newcomers.of(owner) if request.all else None,
                context.write,
                heartbeat=self._heartbeat,
            ),
        )

    async def WaitGeneration(
        self, request: pb.WaitGenerationRequest, context: Context
    ) -> pb.Generation:
        """Waits for the end, at most as long as asked."""
        row = await self._get(generation_id(request.name))
        # A Duration may hold more than a timedelta, and nobody waits for longer than this.
        longest = min(request.timeout.seconds + request.timeout.nanos / 1e9, _LONGEST)
        try:
            async with asyncio.timeout(longest if request.HasField("timeout") else None):
                await until_stopping(
                    self._stopping, self._watcher.watch(row.id, row.last_sequence, _ignore)
                )
        except TimeoutError:
            pass
        return await self._read(generation_id(request.name))

    async def GetGeneration(
        self, request: pb.GetGenerationRequest, context: Context
    ) -> pb.Generation:
        """Reads the snapshot."""
        return await self._read(generation_id(request.name))

    async def ListGenerations(
        self, request: pb.ListGenerationsRequest, context: Context
    ) -> pb.ListGenerationsResponse:
        """Reads a page of generations."""
        size = page_size(request.page_size)
        states = [pb.Generation.State.Name(s).removeprefix("STATE_") for s in request.states]
        agent = agent_id(request.agent) if request.agent else None
        rows = await self._generations.page(
            caller(), states, agent, place(request.page_token), size + 1
        )
        more = page_token(rows[size - 1].create_time, rows[size - 1].id) if rows[size:] else ""
        return pb.ListGenerationsResponse(
            generations=[summary(row) for row in rows[:size]], next_page_token=more
        )

    async def CancelGeneration(
        self, request: pb.CancelGenerationRequest, context: Context
    ) -> pb.CancelGenerationResponse:
        """Asks for the end."""
        row = await self._control.cancel(
            generation_id(request.name), caller(), anyones=may(Scope.OPERATE)
        )
        ended = row.state in ("COMPLETED", "FAILED")
        return pb.CancelGenerationResponse(
            outcome=pb.CancelGenerationResponse.OUTCOME_ALREADY_ENDED
            if ended
            else pb.CancelGenerationResponse.OUTCOME_REQUESTED,
            state=_state(row),
        )

    async def PauseGeneration(
        self, request: pb.PauseGenerationRequest, context: Context
    ) -> pb.PauseGenerationResponse:
        """Asks to halt."""
        row = await self._control.pause(generation_id(request.name), caller())
        return pb.PauseGenerationResponse(
            outcome=pb.PauseGenerationResponse.OUTCOME_ALREADY_ENDED
            if row.state in ENDED
            else pb.PauseGenerationResponse.OUTCOME_REQUESTED,
            state=_state(row),
        )

    async def ResumeGeneration(
        self, request: pb.ResumeGenerationRequest, context: Context
    ) -> pb.ResumeGenerationResponse:
        """Lets it go on."""
        row, resumed = await self._control.resume(generation_id(request.name), caller())
        outcome = pb.ResumeGenerationResponse.OUTCOME_NOT_PAUSED
        if resumed:
            outcome = pb.ResumeGenerationResponse.OUTCOME_RESUMED
        elif row.state in ENDED:
            outcome = pb.ResumeGenerationResponse.OUTCOME_ALREADY_ENDED
        return pb.ResumeGenerationResponse(outcome=outcome, state=_state(row))

    async def RetryGeneration(  # type: ignore[override]  # it writes, and yields nothing
        self, request: pb.RetryGenerationRequest, context: Context
    ) -> None:
        """Accepts the retry and streams it."""
        source = await self._get(generation_id(request.name))
        generation = await self._retrier.retry(caller(), source, request)
        await until_stopping(self._stopping, self._watcher.watch(generation, 0, context.write))

    async def RateGeneration(
        self, request: pb.RateGenerationRequest, context: Context
    ) -> pb.Generation:
        """Keeps a rating."""
        row = await self._get(generation_id(request.name))
        await self._feedback.rate(row, request)
        return await self._read(generation_id(request.name))

    async def QueryGenerationStats(
        self, request: pb.QueryGenerationStatsRequest, context: Context
    ) -> pb.QueryGenerationStatsResponse:
        """Tells of the caller's generations."""
        demand(Scope.OPERATE if request.all_owners else Scope.READ)
        return await self._statistics.query(None if request.all_owners else caller(), request)

    async def _read(self, generation: GenerationId) -> pb.Generation:
        """The snapshot, with its ratings."""
        row = await self._get(generation)
        return await self._feedback.put_into(await self._snapshots.read(row), row)

    async def _get(self, generation: GenerationId) -> Row:
        row = await self._generations.get(generation, caller())
        if row is None:
            raise ResourceNotFound(generation_name(generation))
        tell_of(row.id, row.trace)
        return row


def _state(row: Row) -> pb.Generation.State.ValueType:
    return pb.Generation.State.Value(f"STATE_{row.state}")


async def _ignore(_: bytes) -> None:
    """Lets an event pass unread."""
