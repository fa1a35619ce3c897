"""How streams are written: ended when this replica goes away, and bytes in chunks."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

import grpc

from services.runtime.errors import ShuttingDown

_CHUNK = 64 * 1024


async def until_stopping(stopping: asyncio.Event, work: Coroutine[Any, Any, None]) -> None:
    """Does the work. Raises ShuttingDown when the server begins to stop before it is done."""
    task = asyncio.ensure_future(work)
    stop = asyncio.ensure_future(stopping.wait())
    try:
        await asyncio.wait([task, stop], return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            raise ShuttingDown("this replica is going away; go on from your last sequence")
        task.result()
    finally:
        task.cancel()
        stop.cancel()
        await asyncio.wait([task])
        if not task.cancelled():
            task.exception()  # of what went wrong as the caller left, nobody else asks


async def in_chunks(
    context: grpc.aio.ServicerContext[Any, Any],
    response: Callable[..., Any],
    data: bytes,
    first: Mapping[str, Any],
) -> None:
    """Streams bytes as messages of `data`; the first has the fields `first` as well."""
    for start in range(0, max(len(data), 1), _CHUNK):
        said = first if start == 0 else {}
        await context.write(response(data=data[start : start + _CHUNK], **said))
