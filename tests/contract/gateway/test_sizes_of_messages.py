"""One setting says how large a message may be, from callers and between services."""

from pathlib import Path
from typing import Any

import pytest
from hatchery.progress.v1.progress_pb2 import Progress, StepCompleted, TextDelta

from services.runtime.engine_stream import Emit
from services.runtime.status import from_status, reason_name
from tests.support.gateway import gateway
from tests.support.oracle import assert_story
from tests.support.scripted import Engines, write_persona

SIZE = 500_000


@pytest.mark.parametrize(("most", "fits"), [(400_000, False), (600_000, True)])
async def test_no_event_of_an_engine_is_larger(
    database_url: str, engines: Engines, tmp_path: Path, most: int, fits: bool
) -> None:
    """One that is over it fails its step, and says which setting that is."""

    async def long_winded(request: Any, emit: Emit) -> StepCompleted:
        emit(Progress(text_delta=TextDelta(field="/backstory", text="x" * SIZE)))
        return await write_persona(request, emit)

    engines.text = long_winded
    async with gateway(database_url, engines, tmp_path, max_message_bytes=most) as client:
        story = assert_story(await client.hatch())
    if fits:
        assert story[-1].HasField("completed")
        return
    error = from_status(story[-1].failed.error)
    assert error is not None
    assert "ENGINE_FAILED" == reason_name(error)
    assert "HATCHERY_MAX_MESSAGE_BYTES" in error.message
