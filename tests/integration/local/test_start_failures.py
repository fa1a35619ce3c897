"""What stops the local stack from starting, and what does not."""

import asyncio
import signal
from collections.abc import Callable

import pytest

from tests.integration.local.stub_stack import STUB, Stack
from tests.support.ports import free_port
from tests.support.process import alive, line_with


async def test_an_engine_that_is_not_there_yet_holds_up_nothing(a_stack: Stack) -> None:
    """As with an Ollama that does not run: the stack comes up and says which service waits."""
    stub = STUB.read_text()
    idle = "import os\nos.environ['HATCHERY_STUB_IDLE'] = 'yes'\n"
    head, rest = stub.split("\n", 1)
    a_stack.break_service("llm", head + "\n" + idle + rest)
    async with a_stack.up(HATCHERY_START_TIMEOUT="6") as process:
        assert process.stdout is not None
        told = await line_with("llm is up", process.stdout)
        assert "its engine is not ready; `hatchery doctor` says why" in told
        await line_with("Hatchery is ready", process.stdout)
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(20):
            assert 0 == await process.wait()


def _no_libgomp(a_stack: Stack) -> dict[str, str]:
    words = "libgomp.so.1: cannot open shared object file: No such file or directory"
    a_stack.break_service("llm", f"raise ImportError({words!r})")
    return {}


def _no_data(a_stack: Stack) -> dict[str, str]:
    (a_stack.state.postgres / "data/PG_VERSION").unlink()
    return {}


def _no_database(_: Stack) -> dict[str, str]:
    return {"HATCHERY_DATABASE_URL": f"postgresql://me:hidden@127.0.0.1:{free_port()}/there"}


def _no_address(_: Stack) -> dict[str, str]:
    return {"HATCHERY_DATABASE_URL": "mysql://me:hidden@127.0.0.1/there"}


def _no_port(_: Stack) -> dict[str, str]:
    return {"HATCHERY_PORT": "eighty"}


@pytest.mark.parametrize(
    ("cause", "words"),
    [
        (_no_libgomp, "llm cannot start: libgomp is not installed"),
        (_no_data, "is damaged (PG_VERSION is not right)"),
        (_no_database, "cannot use the database at 127.0.0.1:"),
        (_no_address, "cannot use the database at 127.0.0.1:5432/there: it is not a postgresql://"),
        (_no_port, "HATCHERY_PORT is not usable"),
    ],
)
async def test_what_stops_a_start_is_one_line(
    a_stack: Stack, cause: Callable[[Stack], dict[str, str]], words: str
) -> None:
    """One line that says what, a non-zero exit, no traceback, no secret, and nothing left."""
    code, error = await a_stack.complaint(**cause(a_stack))
    assert code == 1
    assert error.startswith("hatchery: ")
    assert words in error
    assert error.count("\n") == 1
    assert "hidden" not in error
    info = a_stack.state.read_info()
    assert info is None or not any(alive(process.pid) for process in info.processes)


async def test_a_taken_port_stops_a_start(a_stack: Stack) -> None:
    """The line names the port and the variable, and nothing is started."""
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        code, error = await a_stack.complaint(HATCHERY_PORT=str(port))
    assert code == 1
    assert error.startswith(f"hatchery: port {port} (for envoy) is taken by ")
    assert "HATCHERY_PORT" in error
    assert a_stack.state.read_info() is None
