"""What a service has logged."""

import asyncio
import json
from collections.abc import Sequence
from typing import Any

# What somebody says, with whatever would forge a line or move a cursor.
SAID = 'a private wish\n{"event": "forged", "level": "error"}\r\n\x1b[2J'


async def told_until_its_end(process: asyncio.subprocess.Process) -> str:
    """What a process that is told to stop logs, from where its standard error was read to."""
    process.terminate()
    assert process.stderr is not None
    return (await process.stderr.read()).decode()


def discreet(told: str, service: str, *private: str) -> Sequence[dict[str, Any]]:
    """The lines of its log: each is one JSON object, with neither SAID nor anything `private`."""
    lines: list[dict[str, Any]] = [json.loads(line) for line in told.splitlines()]
    assert all(line["service"] == service for line in lines)
    assert "forged" not in {line["event"] for line in lines}
    for words in ("private wish", "forged", "\x1b", *private):
        assert words not in told, words
    return lines
