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

# Bytes that are read at once, and that a client who takes none keeps here.
_PART = 256 * 1024


class AssetServicer(AssetServiceServicer):
    """The RPCs of assets."""

    def __init__(self, agents: Agents) -> None:
        self._agents = agents

    async def DownloadAsset(  # type: ignore[override]  # it writes, and yields nothing
        self, request: pb.DownloadAssetRequest, context: grpc.aio.ServicerContext[Any, Any]
    ) -> None:
        """Streams an asset; the first chunk says what it is.

        It is read as the client takes it, so that one who takes nothing holds little.
        """
        digest, owner, start, size = asset_digest(request.name), caller(), 0, 1
        while start < size:
            part = await self._agents.asset_part(digest, owner, start, _PART)
            if part is None:
                raise ResourceNotFound(request.name)
            size = part.size
            first = {} if start else {"media_type": part.media_type, "size_bytes": size}
            await in_chunks(context, pb.DownloadAssetResponse, part.data, first)
            start += _PART
