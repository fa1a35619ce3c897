"""AvatarService: checks a request, has the engine draw, streams what it reports."""

import time
from typing import Any

import grpc
from hatchery.avatar.v1.avatar_service_pb2 import (
    GenerateRequest,
    ListModelsRequest,
    ListModelsResponse,
)
from hatchery.avatar.v1.avatar_service_pb2_grpc import AvatarServiceServicer
from hatchery.progress.v1.progress_pb2 import StepCompleted

from services.avatar.convert import portrait_request, step_completed, wire_model
from services.avatar.limits import check_limits, chosen_model
from services.avatar.port import ImageEngine
from services.avatar.reporting import Reporter
from services.runtime.capacity import Capacity
from services.runtime.draining import Drain
from services.runtime.engine_stream import Emit, stream_engine_call
from services.runtime.errors import EngineFailed

# `hatchery.types.v1.Image.data` holds no more, so that the message stays below 4 MiB.
MAX_PNG_BYTES = 3_900_000


class AvatarServicer(AvatarServiceServicer):
    """Draws with one engine, at most as much at once as it can, and without a queue."""

    def __init__(self, engine: ImageEngine, drain: Drain, *, heartbeat: float = 10.0) -> None:
        """`heartbeat` is the longest silence of a stream, in seconds."""
        self._engine = engine
        self._drain = drain
        self._heartbeat = heartbeat
        self.capacity = Capacity(engine.concurrency)

    # The stubs know handlers of streams only as generators; this one writes.
    async def Generate(  # type: ignore[override]
        self, request: GenerateRequest, context: grpc.aio.ServicerContext[Any, Any]
    ) -> None:
        """Streams one portrait in the making; see the proto for the events and the errors."""
        model = chosen_model(request, await self._engine.models())
        check_limits(request, model)
        portrait = portrait_request(request, model)
        interval = portrait.preview_interval if portrait.previews else None

        async def work(emit: Emit) -> StepCompleted:
            reporter = Reporter(
                self._engine.name, emit, preview_interval=interval, clock=time.monotonic
            )
            made = await self._engine.draw(portrait, reporter.report)
            if len(made.png) > MAX_PNG_BYTES:
                raise EngineFailed(
                    "the picture is larger than a message can carry: ask for a smaller one"
                )
            return step_completed(made, self._engine.name)

        with self.capacity.take():
            await self._drain.let_finish(
                stream_engine_call(context, work, heartbeat=self._heartbeat)
            )

    async def ListModels(
        self, request: ListModelsRequest, context: grpc.aio.ServicerContext[Any, Any]
    ) -> ListModelsResponse:
        """Lists the engine's models, its default first."""
        models = await self._engine.models()
        return ListModelsResponse(
            models=[
                wire_model(model, self._engine.name, default=index == 0)
                for index, model in enumerate(models)
            ]
        )
