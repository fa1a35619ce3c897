"""LlmService: checks a request, has the engine write, streams what it reports."""

import time
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
from services.runtime.capacity import Capacity
from services.runtime.draining import Drain
from services.runtime.engine_stream import Emit, stream_engine_call


class LlmServicer(LlmServiceServicer):
    """Writes with one engine, at most as much at once as it can, and without a queue."""

    def __init__(self, engine: TextEngine, drain: Drain, *, heartbeat: float = 10.0) -> None:
        """`heartbeat` is the longest silence of a stream, in seconds."""
        self._engine = engine
        self._drain = drain
        self._heartbeat = heartbeat
        self.capacity = Capacity(engine.concurrency)

    # The stubs know handlers of streams only as generators; this one writes.
    async def Generate(  # type: ignore[override]
        self, request: GenerateRequest, context: grpc.aio.ServicerContext[Any, Any]
    ) -> None:
        """Streams one text in the making; see the proto for the events and the errors."""
        seeded = with_seed(request)

        async def work(emit: Emit) -> StepCompleted:
            reporter = Reporter(self._engine.name, emit, clock=time.monotonic)
            try:
                written = await self._engine.write(seeded, reporter.report)
            finally:
                reporter.flush()
            return step_completed(written, self._engine.name)

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
            ],
            pull_command=self._engine.pull_command,
        )
