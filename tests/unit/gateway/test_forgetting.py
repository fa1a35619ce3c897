"""What is left of deletions, looked for again and again."""

import asyncio
import uuid
from contextlib import suppress
from typing import Any, cast

import pytest

from services.gateway import conversing
from services.gateway.control import Control
from services.gateway.conversing import Forgetter
from services.gateway.store.forgetting import Forgetting
from services.runtime.errors import StoreUnavailable
from tests.support.waiting import until

LARGE, SMALL = uuid.UUID(int=1), uuid.UUID(int=2)


class _Marked:
    """Two that are marked, of which one takes the store too long."""

    def __init__(self) -> None:
        self.gone: list[uuid.UUID] = []

    async def trim_spending(self) -> None:
        """Nothing to do."""

    async def marked(self) -> list[tuple[uuid.UUID, str]]:
        """The one that is marked longest comes first."""
        return [(LARGE, "ada"), (SMALL, "bob")]

    async def unfinished(self, _: uuid.UUID) -> list[uuid.UUID]:
        """Nobody works on them."""
        return []

    async def purge(self, conversation: uuid.UUID) -> None:
        """Deletes the small one."""
        if conversation == LARGE:
            raise StoreUnavailable("it took too long")
        self.gone.append(conversation)


async def test_one_that_cannot_be_deleted_keeps_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """As one that is too large for the time that a statement has."""
    monkeypatch.setattr(conversing, "_SWEEPS", 0.01)
    marked: Any = _Marked()
    working = asyncio.create_task(
        Forgetter(cast("Forgetting", marked), cast("Control", None)).run()
    )
    await until(lambda: asyncio.sleep(0, SMALL in marked.gone))
    working.cancel()
    with suppress(asyncio.CancelledError):
        await working
