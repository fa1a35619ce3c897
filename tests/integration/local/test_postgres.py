"""Our own Postgres: made once, started again, and never confused by what a crash left."""

import asyncio
import os
import pwd
import shutil
import signal
from pathlib import Path

import asyncpg
import psutil
import pytest

from deploy.local.errors import ProcessFailed, StackError, StateDamaged, StateUnusable
from deploy.local.postgres import serving
from deploy.local.stale import working_in
from tests.integration.local.conftest import eventually, free_port, sleeping


def postmaster(state: Path) -> int:
    """Return the pid of the server that holds the data."""
    return int((state / "postgres/data/postmaster.pid").read_text().split("\n", 1)[0])


async def test_a_first_start_makes_a_utf8_database_and_a_second_keeps_it(fresh_state: Path) -> None:
    """An empty folder becomes a running database; what was committed is there after a restart."""
    async with serving(fresh_state, free_port()) as url:
        connection = await asyncpg.connect(url)
        assert await connection.fetchval("SHOW server_encoding") == "UTF8"
        assert await connection.fetchval("SHOW synchronous_commit") == "on"
        locale = "SELECT datlocprovider, datlocale FROM pg_database WHERE datname = 'hatchery'"
        assert [tuple(row) for row in await connection.fetch(locale)] == [(b"b", "C.UTF-8")]
        await connection.execute("CREATE TABLE kept AS SELECT 'egg' AS what")
        await connection.close()
    async with serving(fresh_state, free_port()) as url:
        connection = await asyncpg.connect(url)
        assert await connection.fetchval("SELECT what FROM kept") == "egg"
        await connection.close()


async def test_only_our_password_opens_it(warm_state: Path) -> None:
    """Without the password of the state folder, nobody of this machine gets in."""
    async with serving(warm_state, free_port()) as url:
        secret = (warm_state / "secrets/postgres-password").read_text()
        with pytest.raises(asyncpg.InvalidPasswordError):
            await asyncpg.connect(url.replace(secret, "guess"))


async def test_it_never_runs_as_root(warm_state: Path, as_root: bool) -> None:
    """As root the server runs as nobody; as an ordinary user it runs as that user."""
    async with serving(warm_state, free_port()):
        server = psutil.Process(postmaster(warm_state))
        expected = pwd.getpwnam("nobody").pw_uid if as_root else os.geteuid()
        assert set(server.uids()) == {expected}


async def test_what_was_committed_survives_kill_9(warm_state: Path) -> None:
    """After kill -9 of the server, the next start has every committed row."""
    async with serving(warm_state, free_port()) as url:
        connection = await asyncpg.connect(url)
        await connection.execute("CREATE TABLE kept (n int)")
        for number in range(20):
            await connection.execute("INSERT INTO kept VALUES ($1)", number)
        os.kill(postmaster(warm_state), signal.SIGKILL)
        await connection.close()
    async with serving(warm_state, free_port()) as url:
        connection = await asyncpg.connect(url)
        assert await connection.fetchval("SELECT count(*) FROM kept") == 20
        await connection.close()


async def test_a_lock_whose_pid_is_somebody_else_now_is_seen_through(warm_state: Path) -> None:
    """A stale lock file with a live stranger's pid stops no start, and the stranger lives on."""
    data = warm_state / "postgres/data"
    owner = data.stat()
    # Of Postgres's own user: only then Postgres itself would take it for a live server.
    with sleeping(user=owner.st_uid) as stranger:
        lock = data / "postmaster.pid"
        lock.write_text(f"{stranger.pid}\n{data}\n1700000000\n5432\n\n127.0.0.1\n\nready   \n")
        os.chown(lock, owner.st_uid, owner.st_gid)
        lock.chmod(0o600)
        async with serving(warm_state, free_port()) as url:
            connection = await asyncpg.connect(url)
            assert await connection.fetchval("SELECT 1") == 1
            await connection.close()
            assert postmaster(warm_state) != stranger.pid
        assert stranger.poll() is None


async def test_an_empty_lock_is_seen_through(warm_state: Path) -> None:
    """A lock file that a crash left empty stops no start."""
    data = warm_state / "postgres/data"
    (data / "postmaster.pid").touch(mode=0o600)
    os.chown(data / "postmaster.pid", data.stat().st_uid, data.stat().st_gid)
    async with serving(warm_state, free_port()) as url:
        await (await asyncpg.connect(url)).close()


async def test_a_server_of_somebody_else_is_not_touched(
    warm_state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A live process that works in the data folder and is not ours is named, and left alone."""
    monkeypatch.setattr("deploy.local.stale.PATIENCE", 0.2)
    data = warm_state / "postgres/data"
    (data / "postmaster.pid").write_text("1\n")
    with sleeping(cwd=data) as other:
        with pytest.raises(ProcessFailed, match=rf"another Postgres \(pid {other.pid}\)"):
            async with serving(warm_state, free_port()):
                pass
        assert other.poll() is None


async def test_a_cancelled_first_start_leaves_nothing_running(fresh_state: Path) -> None:
    """Stopped while the folder is being made, no process stays, and the next start makes it."""

    async def start() -> None:
        async with serving(fresh_state, free_port()):
            pass

    starting = asyncio.create_task(start())
    unfinished = fresh_state / "postgres/unfinished"
    await eventually((unfinished / "PG_VERSION").exists)
    starting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await starting
    await eventually(lambda: not working_in(unfinished))
    assert not (fresh_state / "postgres/data").exists()
    await start()


def _empty(path: Path) -> None:
    path.write_text("")


def _garbage(path: Path) -> None:
    path.write_bytes(b"\xff\x00what")


def _other_version(path: Path) -> None:
    path.write_text("17\n")


@pytest.mark.parametrize(
    ("file", "harm", "words"),
    [
        ("postgres/data/PG_VERSION", Path.unlink, "PG_VERSION is not right"),
        ("postgres/data/PG_VERSION", _empty, "PG_VERSION is not right"),
        ("postgres/data/PG_VERSION", _garbage, "PG_VERSION is not right"),
        ("postgres/data/PG_VERSION", _other_version, "made by Postgres 17, and this is 18"),
        ("postgres/data/global/pg_control", Path.unlink, "global/pg_control is not right"),
        ("postgres/data/global/pg_control", _garbage, "the data in"),
        ("postgres/data/pg_wal", shutil.rmtree, "the data in"),
        ("secrets/postgres-password", Path.unlink, "postgres-password is missing"),
    ],
)
async def test_a_damaged_folder_is_one_clear_line(
    warm_state: Path, file: str, harm: object, words: str
) -> None:
    """Each kind of damage is named as such, with what to do, and nothing is thrown away."""
    assert callable(harm)
    harm(warm_state / file)
    with pytest.raises(StateDamaged) as caught:
        async with serving(warm_state, free_port()):
            pass
    line = str(caught.value)
    assert words in line
    assert "move" in line
    assert "\n" not in line
    assert (warm_state / "postgres/data/base").is_dir()


async def test_anothers_folder_is_refused(warm_state: Path, as_root: bool) -> None:
    """Data that belongs to another user is not taken over."""
    if not as_root:
        (warm_state / "postgres/data").chmod(0o000)
        expected = "cannot read"
    else:
        os.chown(warm_state / "postgres/data", 12345, 12345)
        expected = "belongs to another user"
    try:
        with pytest.raises(StateUnusable, match=expected):
            async with serving(warm_state, free_port()):
                pass
    finally:
        (warm_state / "postgres/data").chmod(0o700)


async def test_two_do_not_share_a_folder(warm_state: Path) -> None:
    """A second server on the same folder is refused, and the first is not disturbed."""
    async with serving(warm_state, free_port()) as url:
        with pytest.raises(StackError, match="already running"):
            async with serving(warm_state, free_port()):
                pass
        await (await asyncpg.connect(url)).close()
