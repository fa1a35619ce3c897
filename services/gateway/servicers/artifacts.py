"""ArtifactService: texts and apps, one or several side by side."""

import asyncio
import uuid
from typing import Any

import grpc
from hatchery.gateway.v1 import artifact_service_pb2 as pb
from hatchery.gateway.v1.artifact_service_pb2_grpc import ArtifactServiceServicer
from hatchery.gateway.v1.generation_service_pb2 import Generation, StepSnapshot

from services.gateway.artifacts import ArtifactCreator
from services.gateway.identity.callers import caller
from services.gateway.names import (
    artifact_id,
    artifact_name,
    comparison_id,
    comparison_name,
    generation_name,
)
from services.gateway.servicers.pages import page_size, page_token, place
from services.gateway.servicers.streams import until_stopping
from services.gateway.store.artifacts import ArtifactRow, Artifacts
from services.gateway.store.generations import Generations
from services.gateway.store.rows import Row
from services.gateway.watch.many import watch_many
from services.gateway.watch.snapshots import Snapshots, clipped
from services.gateway.watch.watcher import Watcher
from services.runtime.errors import ResourceNotFound

Context = grpc.aio.ServicerContext[Any, Any]


class ArtifactServicer(ArtifactServiceServicer):
    """The RPCs of artifacts and comparisons. `stopping` ends the streams."""

    def __init__(
        self,
        artifacts: Artifacts,
        generations: Generations,
        snapshots: Snapshots,
        watcher: Watcher,
        *,
        creator: ArtifactCreator,
        stopping: asyncio.Event,
        heartbeat: float,
    ) -> None:
        self._artifacts = artifacts
        self._generations = generations
        self._snapshots = snapshots
        self._watcher = watcher
        self._creator = creator
        self._stopping = stopping
        self._heartbeat = heartbeat

    async def CreateArtifact(  # type: ignore[override]  # it writes, and yields nothing
        self, request: pb.CreateArtifactRequest, context: Context
    ) -> None:
        """Accepts the generation and streams it."""
        generation = await self._creator.create(caller(), request)
        await until_stopping(self._stopping, self._watcher.watch(generation, 0, context.write))

    async def CreateComparison(  # type: ignore[override]  # it writes, and yields nothing
        self, request: pb.CreateComparisonRequest, context: Context
    ) -> None:
        """Accepts the generations and streams all of them."""
        cursors: dict[uuid.UUID, int] = dict.fromkeys(
            await self._creator.compare(caller(), request), 0
        )
        many = watch_many(self._watcher, cursors, None, context.write, heartbeat=self._heartbeat)
        await until_stopping(self._stopping, many)

    async def GetArtifact(self, request: pb.GetArtifactRequest, context: Context) -> pb.Artifact:
        """Reads one artifact."""
        row = await self._artifacts.get(artifact_id(request.name), caller())
        if row is None:
            raise ResourceNotFound(request.name)
        return _artifact(row)

    async def ListArtifacts(
        self, request: pb.ListArtifactsRequest, context: Context
    ) -> pb.ListArtifactsResponse:
        """Reads a page of artifacts."""
        size = page_size(request.page_size)
        rows = await self._artifacts.page(
            caller(), request.kind, place(request.page_token), size + 1
        )
        more = page_token(rows[size - 1].create_time, rows[size - 1].id) if rows[size:] else ""
        return pb.ListArtifactsResponse(
            artifacts=[_artifact(row) for row in rows[:size]], next_page_token=more
        )

    async def DeleteArtifact(
        self, request: pb.DeleteArtifactRequest, context: Context
    ) -> pb.DeleteArtifactResponse:
        """Deletes one for good."""
        if not await self._artifacts.delete(artifact_id(request.name), caller()):
            raise ResourceNotFound(request.name)
        return pb.DeleteArtifactResponse()

    async def GetComparison(
        self, request: pb.GetComparisonRequest, context: Context
    ) -> pb.Comparison:
        """Reads how far each of them is."""
        id_ = comparison_id(request.name)
        rows = await self._generations.compared(id_, caller())
        if not rows:
            raise ResourceNotFound(request.name)
        asked = pb.CreateArtifactRequest.FromString(rows[0].request)
        comparison = pb.Comparison(name=comparison_name(id_), prompt=asked.prompt, kind=asked.kind)
        comparison.create_time.FromDatetime(rows[0].create_time)
        for row in rows:
            comparison.entries.append(_entry(row, await self._snapshots.read(row)))
        return comparison


def _entry(row: Row, snapshot: Generation) -> pb.ComparisonEntry:
    writing = next((step for step in snapshot.steps if step.step == "write"), StepSnapshot())
    return pb.ComparisonEntry(
        model=pb.CreateArtifactRequest.FromString(row.request).model,
        generation=generation_name(row.id),
        state=snapshot.state,
        fraction=snapshot.latest.fraction,
        tokens=writing.tokens if writing.HasField("tokens") else None,
        usage=writing.usage if writing.HasField("usage") else None,
        active_duration=snapshot.active_duration,
        cost=snapshot.cost if snapshot.HasField("cost") else None,
        artifact=snapshot.resource,
        error=snapshot.error if snapshot.HasField("error") else None,
    )


def _artifact(row: ArtifactRow) -> pb.Artifact:
    listed = row.content is None
    artifact = pb.Artifact(
        name=artifact_name(row.id),
        kind=pb.Artifact.Kind.ValueType(row.kind),
        title=row.title,
        prompt=clipped(row.prompt) if listed else row.prompt,
        content=row.content or "",
        media_type=row.media_type,
        size_bytes=row.size_bytes,
        generation=generation_name(row.generation),
    )
    for field, encoded in (("usage", row.usage), ("cost", row.cost), ("fallback", row.fallback)):
        if encoded is not None:
            getattr(artifact, field).ParseFromString(encoded)
            getattr(artifact, field).SetInParent()
    artifact.create_time.FromDatetime(row.create_time)
    return artifact
