"""What the tests of companions from a picture share."""

from hatchery.gateway.v1 import generation_service_pb2 as generations
from hatchery.gateway.v1.asset_service_pb2 import DownloadAssetRequest
from hatchery.progress.v1.progress_pb2 import Progress, StepCompleted

from tests.support.gateway import Client
from tests.support.oracle import assert_story
from tests.support.pictures import as_file, at_dusk, exif
from tests.support.postgres import connected

STEPS = ["upload", "analyze", "describe", "details", "history", "avatar", "save"]
DUSK = as_file(at_dusk(), "JPEG", quality=95, exif=exif(1))


def ends(events: list[Progress]) -> dict[str, StepCompleted]:
    """How each step ended."""
    return {e.step: e.step_completed for e in events if e.HasField("step_completed")}


async def uploads(database_url: str) -> int:
    """How many files are kept as they came."""
    async with connected(database_url) as connection:
        return int(await connection.fetchval("SELECT count(*) FROM uploads"))


async def download(client: Client, asset: str) -> bytes:
    """The bytes of a picture that is kept."""
    call = client.assets.DownloadAsset(DownloadAssetRequest(name=asset), metadata=client.metadata)
    return b"".join([chunk.data async for chunk in call])


async def retried(client: Client, name: str, from_step: str) -> list[Progress]:
    """The story of a retry."""
    request = generations.RetryGenerationRequest(name=name, from_step=from_step)
    return assert_story([e async for e in client.generations.RetryGeneration(request)])
