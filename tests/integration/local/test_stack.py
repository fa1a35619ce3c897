"""The whole local stack as a person meets it: real Postgres, real Envoy, stub services."""

import asyncio
import os
import re
import signal
import urllib.request
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import asyncpg
import pytest

from deploy.local import identity, stack
from deploy.local.checks import grpc_serving
from deploy.local.errors import ProcessFailed
from deploy.local.identity import ProcessRecord
from deploy.local.postgres import STOP_GRACE
from deploy.local.settings import KILL_AFTER, LocalSettings
from deploy.local.state import StackInfo, StateFolder
from tests.integration.local.conftest import eventually, sleeping
from tests.integration.local.stub_stack import NAMES, PORTS, Stack, environment_of, ready
from tests.support.process import alive, line_with


async def test_up_says_when_it_is_ready_and_down_leaves_nothing(a_stack: Stack) -> None:
    """Ready means that calls work at the address; SIGTERM ends all, and another start keeps all."""
    postgres = r"postgresql://hatchery:.*@127.0.0.1:\d+/hatchery"
    for start in range(2):
        async with a_stack.up() as process:
            address = await ready(process)
            info = a_stack.info()
            assert (info.address, info.ready) == (address, True)
            assert [process.name for process in info.processes] == NAMES
            assert all(alive(process.pid) for process in info.processes)
            page = await asyncio.to_thread(urllib.request.urlopen, address, timeout=5)
            with page:
                assert page.status == 200
            async with asyncio.timeout(5):
                await grpc_serving(address.removeprefix("http://"))
            url = environment_of(info, "gateway")["HATCHERY_DATABASE_URL"]
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


async def test_each_service_is_told_what_it_needs_and_no_more(a_stack: Stack) -> None:
    """Where to listen and whom to call, what the user set, and the database only to the gateway.

    What would be of one process alone, or contradict what the stack decides, reaches none.
    """
    elsewhere = {
        f"HATCHERY_{name}": "elsewhere"
        for name in ("TLS", "TLS_PEERS", "HEALTH_LISTEN", "TOKEN_KEY_SET", "TOKEN_ISSUER")
    }
    async with a_stack.up(HATCHERY_LOG_LEVEL="debug", **elsewhere) as process:
        await ready(process)
        info = a_stack.info()
        for name in ("llm", "avatar", "gateway"):
            environment = environment_of(info, name)
            assert environment["HATCHERY_LISTEN"] == f"127.0.0.1:{info.ports[name]}"
            assert environment["HATCHERY_REFLECTION"] == "true"
            assert environment["HATCHERY_LOG_LEVEL"] == "debug"
            assert ("HATCHERY_DATABASE_URL" in environment) == (name == "gateway")
            assert not elsewhere.keys() & environment.keys()
        gateway = environment_of(info, "gateway")
        assert gateway["HATCHERY_LLM_TARGET"] == f"127.0.0.1:{info.ports['llm']}"
        assert gateway["HATCHERY_AVATAR_TARGET"] == f"127.0.0.1:{info.ports['avatar']}"
        assert gateway["HATCHERY_AUTH"] == "local"
        assert gateway["HATCHERY_TOKEN_KEY_FILE"] == str(a_stack.state.secrets / "token-key")
        assert len(a_stack.state.secret("token-key", create=False)) >= 32
        process.send_signal(signal.SIGTERM)
        await process.wait()


async def test_each_service_has_a_port_of_its_own_for_metrics(a_stack: Stack) -> None:
    """In a row from the one that is set; what is meant for one service alone reaches none."""
    several = {"HATCHERY_METRICS_LISTEN": "127.0.0.1:1", "HATCHERY_REPLICAS": "2"}
    for wanted in ({}, {"HATCHERY_METRICS_PORT": "19464"}):
        async with a_stack.up(**several, **wanted) as process:
            await ready(process)
            listen = [
                environment_of(a_stack.info(), name).get("HATCHERY_METRICS_LISTEN")
                for name in ("llm", "avatar", "gateway", "gateway-2")
            ]
            process.send_signal(signal.SIGTERM)
            await process.wait()
        ports = [f"127.0.0.1:{19464 + place}" for place in range(4)]
        assert listen == (ports if wanted else [None] * 4)


async def test_a_second_up_is_refused_and_the_first_lives_on(a_stack: Stack) -> None:
    """One state folder has one stack: the second says so in one line."""
    async with a_stack.up() as process:
        await ready(process)
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
        await ready(process)
        before = a_stack.info()
        process.kill()
        await eventually(lambda: not any(alive(process.pid) for process in before.processes))
    async with a_stack.up() as process:
        await ready(process)
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
    """Started in the background it is ready, found again, not started twice, and stopped.

    Whoever stops it waits for as long as its processes may take, one after another.
    """
    patience: list[float] = []

    def end(records: Iterable[ProcessRecord], grace: float) -> list[str]:
        patience.append(grace)
        return identity_end(records, grace)

    identity_end = identity.end
    monkeypatch.setattr(identity, "end", end)
    monkeypatch.setenv("PYTHONPATH", a_stack.env["PYTHONPATH"])
    fields: dict[str, object] = {name.lower(): 0 for name in PORTS}
    fields |= {"stop_grace": 20, "step_grace": 100}
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
    assert STOP_GRACE + 4 * (20 + KILL_AFTER) + 100 == patience[-2]
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


async def test_another_postgres_is_used_where_it_is_named(
    a_stack: Stack, fresh_state: Path
) -> None:
    """With HATCHERY_DATABASE_URL no Postgres of ours runs, and the gateway gets that URL."""
    async with a_stack.up() as first:
        await ready(first)
        url = environment_of(a_stack.info(), "gateway")["HATCHERY_DATABASE_URL"]
        other = Stack(StateFolder(fresh_state.with_name("other")), a_stack.env, a_stack.services)
        state = str(other.state.root)
        async with other.up(HATCHERY_STATE_DIR=state, HATCHERY_DATABASE_URL=url) as second:
            await ready(second)
            info = other.info()
            assert [process.name for process in info.processes] == NAMES[1:]
            assert environment_of(info, "gateway")["HATCHERY_DATABASE_URL"] == url
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
