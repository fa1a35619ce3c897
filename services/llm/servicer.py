"""LlmService: checks a request, has the engine write, streams what it reports."""

from typing import Any

import grpc
from hatchery.llm.v1.llm_service_pb2 import (
    GenerateRequest,
    ListModelsRequest,
    ListModelsResponse,
)
from hatchery.llm.v1.llm_service_pb2_grpc import LlmServiceServicer
from hatchery.progress.v1.progress_pb2 import StepCompleted

from services.llm.convert import step_completed, wire_model, with_seed
from services.llm.port import TextEngine
from services.llm.reporting import Reporter
from services.runtime.engine_stream import Emit, Slots, stream_engine_call


class LlmServicer(LlmServiceServicer):
    """Writes with one engine, at most as much at once as it can, and without a queue."""

    def __init__(self, engine: TextEngine, *, heartbeat: float = 10.0) -> None:
        """`heartbeat` is the longest silence of a stream, in seconds."""
        self._engine = engine
        self._heartbeat = heartbeat
        self._slots = Slots(engine.concurrency)

    # The stubs know handlers of streams only as generators; this one writes.
    async def Generate(  # type: ignore[override]  # noqa: N802
        self, request: GenerateRequest, context: grpc.aio.ServicerContext[Any, Any]
    ) -> None:
        """Streams one text in the making; see the proto for the events and the errors."""
        seeded = with_seed(request)

        async def work(emit: Emit) -> StepCompleted:
            written = await self._engine.write(seeded, Reporter(self._engine.name, emit).report)
            return step_completed(written, self._engine.name)

        with self._slots.take():
            await stream_engine_call(context, work, heartbeat=self._heartbeat)

    async def ListModels(  # noqa: N802
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
