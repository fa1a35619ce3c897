"""The pictures that the steps of a generation work on, from the store."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from hatchery.types.v1.image_pb2 import ImageRef

from services.gateway.names import asset_digest
from services.gateway.store.agents import Agents
from services.gateway.store.rows import Row
from services.gateway.store.uploads import Uploads
from services.runtime.errors import StoreUnavailable

_PAUSE = 0.5

Found = TypeVar("Found")


class StoredPictures:
    """Those of one generation. A store that cannot be reached is waited for."""

    def __init__(self, uploads: Uploads, agents: Agents, row: Row) -> None:
        self._uploads = uploads
        self._agents = agents
        self._row = row

    async def brought(self) -> bytes:
        """The picture that came with the request."""
        data = await patiently(lambda: self._uploads.get(self._row.id))
        assert data is not None
        return data

    async def kept(self, picture: ImageRef) -> bytes:
        """The bytes of one that is kept."""
        digest = asset_digest(picture.asset)
        asset = await patiently(lambda: self._agents.asset(digest, self._row.owner))
        assert asset is not None
        return asset.data


async def patiently(find: Callable[[], Awaitable[Found]]) -> Found:
    """What is found, as soon as the store answers."""
    while True:
        try:
            return await find()
        except StoreUnavailable:
            await asyncio.sleep(_PAUSE)
