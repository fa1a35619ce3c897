"""The loop of these tests is the one that a gateway runs in, as there are many of them."""

import asyncio
from collections.abc import Callable, Mapping

import uvloop


def pytest_asyncio_loop_factories() -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """The quicker loop."""
    return {"uvloop": uvloop.new_event_loop}
