"""The whole local stack as a person meets it: real Postgres, real Envoy, stub services."""

import asyncio
import os
import re
import shutil
import signal
import sys
import urllib.request
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import psutil
import pytest

from deploy.local import identity, stack
from deploy.local.checks import grpc_serving
from deploy.local.errors import ProcessFailed
from deploy.local.settings import LocalSettings
from deploy.local.state import StackInfo, StateFolder
from tests.integration.local.conftest import eventually, free_port, sleeping
from tests.integration.local.test_supervisor import alive, line_with

STUB = Path(__file__).with_name("stub_server.py")
NAMES = ["postgres", "llm", "avatar", "gateway", "envoy"]
PORTS = ("PORT", "GATEWAY_PORT", "LLM_PORT", "AVATAR_PORT", "POSTGRES_PORT")


@dataclass
class Stack:
    """How to start a stack: a state folder, and an environment in which services are stubs."""

    state: StateFolder
    env: dict[str, str]
    services: Path

    @asynccontextmanager
    async def up(self, **env: str) -> AsyncIterator[asyncio.subprocess.Process]:
        """Yield `python -m deploy.local`, killed at the end if it has not ended by itself."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", "deploy.local"),
            env={**self.env, **env},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            yield process
        finally:
            if process.returncode is None:
                process.kill()
            await process.communicate()

    async def complaint(self, **env: str) -> tuple[int, str]:
        """Start a stack that cannot be; return its exit code and what it said why."""
        async with self.up(**env) as process, asyncio.timeout(30):
            _, error = await process.communicate()
        assert process.returncode is not None
        return process.returncode, error.decode()

    def info(self) -> StackInfo:
        """Return the description of the stack, which must be there."""
        info = self.state.read_info()
        assert info is not None
        return info

    def break_service(self, name: str, code: str) -> None:
        """Make a service run `code` instead."""
        (self.services / name / "__main__.py").write_text(code)


@pytest.fixture
def a_stack(warm_state: Path, tmp_path: Path) -> Stack:
    """Return a stack whose Postgres was made before, on free ports."""
    services = tmp_path / "services"
    for name in ("llm", "avatar", "gateway"):
        (services / name).mkdir(parents=True)
        (services / name / "__init__.py").touch()
        shutil.copy(STUB, services / name / "__main__.py")
    (services / "__init__.py").touch()  # else the real package of that name is found
    env = {name: value for name, value in os.environ.items() if not name.startswith("HATCHERY_")}
    env["PYTHONPATH"] = os.pathsep.join(filter(None, [str(tmp_path), env.get("PYTHONPATH")]))
    env["HATCHERY_STATE_DIR"] = str(warm_state)
    env.update({f"HATCHERY_{name}": "0" for name in PORTS})
    return Stack(StateFolder(warm_state), env, services)


async def _ready(process: asyncio.subprocess.Process) -> str:
    assert process.stdout is not None
    line = await line_with("ready", process.stdout)
    found = re.fullmatch(r"Hatchery is ready: (http://127\.0\.0\.1:\d+)\n", line)
    assert found is not None, line
    return found[1]


async def test_up_says_when_it_is_ready_and_down_leaves_nothing(a_stack: Stack) -> None:
    """Ready means that calls work at the address; SIGTERM ends all, and another start keeps all."""
    postgres = r"postgresql://hatchery:.*@127.0.0.1:\d+/hatchery"
    for start in range(2):
        async with a_stack.up() as process:
            address = await _ready(process)
            info = a_stack.info()
            assert (info.address, info.ready) == (address, True)
            assert [process.name for process in info.processes] == NAMES
            assert all(alive(process.pid) for process in info.processes)
            page = await asyncio.to_thread(urllib.request.urlopen, address, timeout=5)
            with page:
                assert page.status == 200
            async with asyncio.timeout(5):
                await grpc_serving(address.removeprefix("http://"))
            url = _environment(info, "gateway")["HATCHERY_DATABASE_URL"]
            assert re.fullmatch(postgres, url)
            connection = await asyncpg.connect(url)
            if start == 0:
                await connection.execute("CREATE TABLE kept AS SELECT 'egg' AS what")
            assert await connection.fetchval("SELECT what FROM kept") == "egg"
            await connection.close()
            process.send_signal(signal.SIGTERM)
            async with asyncio.timeout(20):
                assert await process.wait() == 0
            assert not any(alive(process.pid) for process in info.processes)
            assert a_stack.state.read_info() is None


def _environment(info: StackInfo, name: str) -> dict[str, str]:
    (pid,) = [process.pid for process in info.processes if process.name == name]
    found = psutil.Process(pid).environ()
    return {key: value for key, value in found.items() if key.startswith("HATCHERY_")}


async def test_each_service_is_told_what_it_needs_and_no_more(a_stack: Stack) -> None:
    """Where to listen and whom to call, what the user set, and the database only to the gateway."""
    async with a_stack.up(HATCHERY_LOG_LEVEL="debug") as process:
        await _ready(process)
        info = a_stack.info()
        for name in ("llm", "avatar", "gateway"):
            environment = _environment(info, name)
            assert environment["HATCHERY_LISTEN"] == f"127.0.0.1:{info.ports[name]}"
            assert environment["HATCHERY_REFLECTION"] == "true"
            assert environment["HATCHERY_LOG_LEVEL"] == "debug"
            assert ("HATCHERY_DATABASE_URL" in environment) == (name == "gateway")
        gateway = _environment(info, "gateway")
        assert gateway["HATCHERY_LLM_TARGET"] == f"127.0.0.1:{info.ports['llm']}"
        assert gateway["HATCHERY_AVATAR_TARGET"] == f"127.0.0.1:{info.ports['avatar']}"
        assert gateway["HATCHERY_AUTH"] == "local"
        assert gateway["HATCHERY_TOKEN_KEY_FILE"] == str(a_stack.state.secrets / "token-key")
        assert len(a_stack.state.secret("token-key", create=False)) >= 32
        process.send_signal(signal.SIGTERM)
        await process.wait()


async def test_a_second_up_is_refused_and_the_first_lives_on(a_stack: Stack) -> None:
    """One state folder has one stack: the second says so in one line."""
    async with a_stack.up() as process:
        await _ready(process)
        code, error = await a_stack.complaint()
        assert code == 3
        assert error == (
            f"hatchery: Hatchery is already running with the state folder {a_stack.state.root};"
            " stop it first, or set HATCHERY_STATE_DIR to another folder\n"
        )
        assert process.returncode is None
        process.send_signal(signal.SIGTERM)
        await process.wait()


async def test_after_kill_9_nothing_is_left_and_a_start_works(a_stack: Stack) -> None:
    """The supervisor killed: all its processes end by themselves, and the next start is ready."""
    async with a_stack.up() as process:
        await _ready(process)
        before = a_stack.info()
        process.kill()
        await eventually(lambda: not any(alive(process.pid) for process in before.processes))
    async with a_stack.up() as process:
        await _ready(process)
        process.send_signal(signal.SIGTERM)
        assert await process.wait() == 0


async def test_leftovers_are_ended_and_strangers_are_not(a_stack: Stack) -> None:
    """A start ends what an earlier stack left running, but not whoever has its pid now."""
    with sleeping() as ours, sleeping() as stranger:
        left = identity.record("ours", ours.pid)
        other = identity.record("stranger", stranger.pid)
        info = StackInfo(
            address="http://127.0.0.1:1",
            ports={},
            supervisor=left.model_copy(update={"created": 1.0}),
            processes=(left, other.model_copy(update={"created": other.created - 100})),
        )
        a_stack.state.write_info(info)
        async with a_stack.up() as process:
            assert process.stdout is not None
            line = await line_with("left running", process.stdout)
            assert line == "ended what an earlier stack had left running: ours\n"
            process.send_signal(signal.SIGTERM)
            await process.wait()
        assert stranger.poll() is None


def test_in_the_background_it_outlives_its_starter(
    a_stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Started in the background it is ready, found again, not started twice, and stopped."""
    monkeypatch.setenv("PYTHONPATH", a_stack.env["PYTHONPATH"])
    fields: dict[str, object] = {name.lower(): 0 for name in PORTS}
    settings = LocalSettings.model_validate({**fields, "state_dir": a_stack.state.root})
    assert stack.running(a_stack.state) is None
    info = stack.start_in_background(settings)
    try:
        assert info.ready
        assert stack.running(a_stack.state) == info
        assert stack.start_in_background(settings) == info
        assert os.getsid(info.supervisor.pid) != os.getsid(0)
    finally:
        assert stack.stop(a_stack.state)
    assert not any(alive(process.pid) for process in info.processes)
    assert stack.running(a_stack.state) is None
    assert not stack.stop(a_stack.state)


def test_in_the_background_its_reason_is_ours(
    a_stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stack that cannot start in the background says why, in the same one line."""
    monkeypatch.setenv("PYTHONPATH", a_stack.env["PYTHONPATH"])
    a_stack.break_service("llm", "raise SystemExit('no model')")
    fields: dict[str, object] = {name.lower(): 0 for name in PORTS}
    settings = LocalSettings.model_validate({**fields, "state_dir": a_stack.state.root})
    with pytest.raises(ProcessFailed, match=r"llm ended while starting \(exit code 1\): no model"):
        stack.start_in_background(settings)
    assert stack.running(a_stack.state) is None


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


async def test_another_postgres_is_used_where_it_is_named(
    a_stack: Stack, fresh_state: Path
) -> None:
    """With HATCHERY_DATABASE_URL no Postgres of ours runs, and the gateway gets that URL."""
    async with a_stack.up() as first:
        await _ready(first)
        url = _environment(a_stack.info(), "gateway")["HATCHERY_DATABASE_URL"]
        other = Stack(StateFolder(fresh_state.with_name("other")), a_stack.env, a_stack.services)
        state = str(other.state.root)
        async with other.up(HATCHERY_STATE_DIR=state, HATCHERY_DATABASE_URL=url) as second:
            await _ready(second)
            info = other.info()
            assert [process.name for process in info.processes] == NAMES[1:]
            assert _environment(info, "gateway")["HATCHERY_DATABASE_URL"] == url
            assert not (other.state.postgres / "data").exists()
            second.send_signal(signal.SIGTERM)
            assert await second.wait() == 0
        first.send_signal(signal.SIGTERM)
        assert await first.wait() == 0


def test_two_starts_at_once_share_one_stack(
    a_stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two who start it in the background at the same moment both get the same stack."""
    monkeypatch.setenv("PYTHONPATH", a_stack.env["PYTHONPATH"])
    fields: dict[str, object] = {name.lower(): 0 for name in PORTS}
    settings = LocalSettings.model_validate({**fields, "state_dir": a_stack.state.root})
    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(stack.start_in_background, (settings, settings))
    try:
        assert first == second
    finally:
        stack.stop(a_stack.state)
