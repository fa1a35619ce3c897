"""What a model or a person wrote is data, in lines and in a terminal."""

import asyncio
import os
from typing import Any

from google.protobuf.struct_pb2 import Struct
from hatchery.progress.v1 import progress_pb2 as pb
from hatchery.progress.v1.progress_pb2 import Progress, StepCompleted

from services.runtime.engine_stream import Emit
from tests.contract.cli.conftest import Place
from tests.support.scripted import DOCUMENT, Engines

HOSTILE = "[bold red]Ma[/]\x1b]0;owned\x07\x1b[2Jri\x9b5msol\n\rHOME"


async def hostile(_: Any, emit: Emit) -> StepCompleted:
    """Writes what a terminal must not obey."""
    delta = pb.TextDelta(field="/name", text=HOSTILE)
    emit(Progress(text_delta=delta, fraction=0.5))
    document = Struct()
    document.update(DOCUMENT | {"name": HOSTILE, "backstory": HOSTILE, "traits": [HOSTILE] * 3})
    return StepCompleted(document=document)


async def test_text_is_data_in_lines(running: Place, engines: Engines) -> None:
    """Escapes in what a model wrote do not reach standard output; markup stays as it was."""
    engines.text = hostile
    done = await running.hatchery("hatch", "a \x1b[31mred\x1b[0m dragon")
    assert 0 == done.exit_code, done.output
    for command in (("agents", "list"), ("generations", "list")):
        done.stdout_bytes += (await running.hatchery(*command)).stdout_bytes
    assert "[bold red]Ma[/]" in done.stdout
    for letter in ("\x1b", "\x07", "\x9b", "\r"):
        assert letter not in done.stdout


async def test_text_is_data_in_a_terminal(running: Place, engines: Engines) -> None:
    """In a terminal that is drawn on, what a model wrote is drawn and never obeyed."""
    engines.text = hostile
    reader, writer = os.openpty()
    terminal = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "COLUMNS": "100", "LINES": "40"}
    process = await running.process("hatch", "a dragon", stdout=writer, env=terminal)
    os.close(writer)
    seen = b""
    while chunk := await asyncio.to_thread(read, reader):
        seen += chunk
    os.close(reader)
    assert 0 == await process.wait()
    assert b"owned" not in seen
    assert b"\x1b[2J" not in seen
    assert b"[bold red]Ma" in seen
    assert "▀".encode() in seen


def read(terminal: int) -> bytes:
    """What a terminal was sent; nothing once it is left."""
    try:
        return os.read(terminal, 65536)
    except OSError:
        return b""  # the other side is closed
