"""Our own Postgres: made once, started as a child, known to live by connecting to it."""

import asyncio
import os
import re
import shutil
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from deploy.local import binaries, explain, stale
from deploy.local.account import postgres_account
from deploy.local.database import ensure_database
from deploy.local.errors import ProcessFailed, StateDamaged, StateUnusable, writing
from deploy.local.launch import launch
from deploy.local.process import Process, ProcessSpec, kill_session
from deploy.local.settings import LOOPBACK
from deploy.local.state import StateFolder

MAJOR = "18"
ROLE = DATABASE = "hatchery"
STOP = signal.SIGINT  # a fast shutdown: sessions are cut, everything is written
START_TIMEOUT = 300.0  # recovery after a crash, or a first start on a slow disk, is not a failure
STOP_GRACE = 60.0  # seconds
# Nobody's PG* variables, and messages in English, for `explain`.
ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}

# A small log store for one machine: little memory, and no answer before it is on disk.
SETTINGS: Mapping[str, str] = {
    "synchronous_commit": "on",
    "fsync": "on",
    "shared_buffers": "64MB",
    "max_connections": "100",
    "max_wal_size": "256MB",
    "wal_compression": "on",
    "max_wal_senders": "0",
    "wal_level": "minimal",
    "max_worker_processes": "4",
    "io_method": "sync",  # worker processes would only cost memory here
    "huge_pages": "off",
    "jit": "off",
    "log_checkpoints": "off",
    "unix_socket_directories": "",
}


class Postgres:
    """One data folder and the command that serves it."""

    def __init__(self, state: StateFolder, port: int) -> None:
        self._account = account = postgres_account()
        state.prepare_postgres(account)
        self._folder = state.postgres
        self._logs = state.logs
        self._programs = binaries.find_postgres(state.software, account)
        self.data = self._folder / "data"
        # A password that was lost cannot be made up again once the data knows it.
        self._password = state.secret("postgres-password", create=not self.data.exists())
        self.port = port
        self.url = f"postgresql://{ROLE}:{self._password}@{LOOPBACK}:{port}/{DATABASE}"

    def command(self) -> tuple[str, ...]:
        """Return the server's command line."""
        options = {**SETTINGS, "listen_addresses": LOOPBACK, "port": str(self.port)}
        return (
            str(self._programs.server),
            *("-D", str(self.data)),
            *(part for name, value in options.items() for part in ("-c", f"{name}={value}")),
        )

    def spec(self) -> ProcessSpec:
        """Describe the server's process."""
        return ProcessSpec(
            name="postgres",
            argv=self.command(),
            env=ENVIRONMENT,
            prepare=self.prepare,
            ready=self.ready,
            cwd=self._folder,
            account=self._account,
            stop_signal=STOP,
            death_signal=STOP,
            start_timeout=START_TIMEOUT,
            grace=STOP_GRACE,
        )

    async def prepare(self) -> None:
        """Make the data folder if there is none, check it, and clear what a dead server left."""
        if not self.data.exists():
            await asyncio.to_thread(binaries.check_loads, self._programs.server)
            await self._create()
        self._check()
        await stale.clear_lock(self.data)

    async def ready(self) -> None:
        """Return once the server answers us and our database is there."""
        await ensure_database(self.url, DATABASE)

    async def _create(self) -> None:
        """Run initdb beside the final place: a half-made folder is never taken for a whole one."""
        unfinished, password = self._folder / "unfinished", self._folder / "password"
        with writing(self._folder):
            shutil.rmtree(unfinished, ignore_errors=True)
            password.unlink(missing_ok=True)
            password.touch(mode=0o600, exist_ok=False)
            password.write_text(self._password)
            if self._account:
                os.chown(password, self._account.uid, self._account.gid)
        try:
            code, said = await self._initdb(unfinished, password)
        finally:
            password.unlink(missing_ok=True)
        if code != 0:
            shutil.rmtree(unfinished, ignore_errors=True)
            words = explain.last_words(said)
            raise explain.known(said, self._folder) or ProcessFailed(
                f"initdb failed ({explain.ending(code)}): {words}"
            )
        with writing(self._folder):
            unfinished.rename(self.data)

    async def _initdb(self, folder: Path, password: Path) -> tuple[int, str]:
        log = self._logs / "initdb.log"
        with writing(self._logs), log.open("wb") as output:
            process = await launch(
                (
                    str(self._programs.initdb),
                    *("-D", str(folder), "-U", ROLE, f"--pwfile={password}"),
                    *("--auth=scram-sha-256", "--encoding=UTF8", "--no-instructions"),
                    # Postgres's own collation: the same on every system, with nothing to install.
                    *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"),
                ),
                output=output.fileno(),
                env=ENVIRONMENT,
                cwd=self._folder,
                account=self._account,
            )
        try:
            code = await process.wait()
        finally:
            kill_session(process.pid)  # where we are told to stop meanwhile
        return code, explain.tail(log, 0)

    def _check(self) -> None:
        """Look at what would make the server fail with less helpful words."""
        try:
            owner = self.data.stat().st_uid
            version = (self.data / "PG_VERSION").read_text(errors="replace").strip()
            whole = (self.data / "global" / "pg_control").is_file()
        except FileNotFoundError:
            version, whole, owner = "", False, None
        except OSError as error:
            raise StateUnusable(
                f"cannot read {error.filename}: {error.strerror}",
                "start Hatchery as the user who made it, or set HATCHERY_STATE_DIR",
            ) from error
        aside = f"restore it, or move {self.data} away to start afresh"
        if owner is not None and owner != (self._account.uid if self._account else os.geteuid()):
            raise StateUnusable(
                f"{self.data} belongs to another user (uid {owner})",
                "start Hatchery as that user, or set HATCHERY_STATE_DIR to another folder",
            )
        if not re.fullmatch(r"\d+", version) or not whole:
            what = "global/pg_control" if version.isdigit() else "PG_VERSION"
            raise StateDamaged(f"the data in {self.data} is damaged ({what} is not right)", aside)
        if version != MAJOR:
            raise StateDamaged(
                f"the data in {self.data} was made by Postgres {version}, and this is {MAJOR}",
                aside,
            )


@asynccontextmanager
async def serving(folder: Path, port: int) -> AsyncIterator[str]:
    """Serve Postgres from `folder` on `port`, alone; yields the URL of its database."""
    state = StateFolder(folder)
    state.prepare()
    with state.locked():
        postgres = Postgres(state, port)
        process = Process(postgres.spec(), state)
        try:
            await process.start()
            yield postgres.url
        finally:
            await process.stop()
