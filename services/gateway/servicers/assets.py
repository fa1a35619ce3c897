"""AssetService: the bytes of pictures, in chunks."""

from typing import Any

import grpc
from hatchery.gateway.v1 import asset_service_pb2 as pb
from hatchery.gateway.v1.asset_service_pb2_grpc import AssetServiceServicer

from services.gateway.identity.callers import caller
from services.gateway.names import asset_digest
from services.gateway.servicers.streams import in_chunks
from services.gateway.store.agents import Agents
from services.runtime.errors import ResourceNotFound


class AssetServicer(AssetServiceServicer):
    """The RPCs of assets."""

    def __init__(self, agents: Agents) -> None:
        self._agents = agents

    async def DownloadAsset(  # type: ignore[override]  # it writes, and yields nothing
        self, request: pb.DownloadAssetRequest, context: grpc.aio.ServicerContext[Any, Any]
    ) -> None:
        """Streams an asset; the first chunk says what it is."""
        asset = await self._agents.asset(asset_digest(request.name), caller())
        if asset is None:
            raise ResourceNotFound(request.name)
        first = {"media_type": asset.media_type, "size_bytes": len(asset.data)}
        await in_chunks(context, pb.DownloadAssetResponse, asset.data, first)
