"""What is left of a stream when its caller leaves."""

import asyncio
from typing import Any

import pytest

from services.gateway.servicers.streams import until_stopping
from services.runtime.errors import ShuttingDown


async def test_what_goes_wrong_as_the_caller_leaves_is_nobodys_business() -> None:
    """A write to who is gone fails: that is no fault to tell of."""
    told: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: told.append(context))

    async def fails_when_left() -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            raise OSError("nobody reads any more") from None

    call = asyncio.create_task(until_stopping(asyncio.Event(), fails_when_left()))
    await asyncio.sleep(0.01)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    del call
    await asyncio.sleep(0.01)
    assert [] == told


async def test_a_stream_ends_with_its_work_or_its_server() -> None:
    """What the work raises is raised, and a server that goes away says so."""

    async def fails() -> None:
        raise OSError("broken")

    with pytest.raises(OSError, match="broken"):
        await until_stopping(asyncio.Event(), fails())
    stopping = asyncio.Event()
    stopping.set()
    with pytest.raises(ShuttingDown):
        await until_stopping(stopping, asyncio.Event().wait())  # type: ignore[arg-type]
