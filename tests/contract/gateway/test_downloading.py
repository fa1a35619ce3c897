"""Pictures on their way to a client: whole, in chunks, and read as they are taken."""

import hashlib
import random
from pathlib import Path
from typing import Any

import grpc
import pytest
from hatchery.gateway.v1.asset_service_pb2 import DownloadAssetRequest

from services.gateway.store.agents import put_asset
from tests.contract.gateway.pictured import download
from tests.support.calls import refusal
from tests.support.gateway import gateway
from tests.support.postgres import connected
from tests.support.scripted import Engines

MIB = 1024 * 1024


async def kept(url: str, data: bytes) -> str:
    """Keeps bytes as an asset of the local owner; its name."""
    digest = hashlib.sha256(data).digest()
    async with connected(url) as connection:
        await put_asset(connection, "local", digest, "image/png", data)
    return f"assets/{digest.hex()}"


async def to_its_end(call: Any) -> None:
    """Reads what is left."""
    while await call.read() is not grpc.aio.EOF:
        pass


@pytest.mark.parametrize("size", [0, 1, 256 * 1024, 256 * 1024 + 1, 3 * MIB + 7])
async def test_it_comes_whole(
    database_url: str, engines: Engines, tmp_path: Path, size: int
) -> None:
    """Whatever its size is, in chunks of 64 KiB, of which the first says what it is."""
    data = random.Random(size).randbytes(size)
    name = await kept(database_url, data)
    async with gateway(database_url, engines, tmp_path) as client:
        chunks = [c async for c in client.assets.DownloadAsset(DownloadAssetRequest(name=name))]
        assert data == await download(client, name)
    assert data == b"".join(chunk.data for chunk in chunks)
    assert ("image/png", size) == (chunks[0].media_type, chunks[0].size_bytes)
    assert {("", 0)} >= {(c.media_type, c.size_bytes) for c in chunks[1:]}
    assert all(len(chunk.data) <= 64 * 1024 for chunk in chunks)


async def test_no_more_is_read_than_is_taken(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """What a client that takes nothing has not got is not held for it: when it is gone, it is."""
    name = await kept(database_url, random.Random(1).randbytes(8 * MIB))
    async with gateway(database_url, engines, tmp_path) as client:
        call = client.assets.DownloadAsset(DownloadAssetRequest(name=name))
        assert await call.read()
        async with connected(database_url) as connection:
            await connection.execute("DELETE FROM assets")
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await to_its_end(call)
    assert "RESOURCE_NOT_FOUND" == refusal(caught.value).reason
