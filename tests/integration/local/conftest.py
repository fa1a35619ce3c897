"""State folders that Postgres's own user can reach, and one that is copied instead of made anew."""

import asyncio
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import Popen

import pytest

from deploy.local.postgres import serving
from tests.integration.local.stub_stack import Stack, stub_stack
from tests.support.ports import free_port


async def eventually(condition: Callable[[], object], seconds: float = 20.0) -> None:
    """Wait until `condition` holds; TimeoutError if it does not."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110  # other processes set no events of ours
            await asyncio.sleep(0.02)


@contextmanager
def sleeping(*, user: int | None = None, cwd: Path | None = None) -> Iterator[Popen[bytes]]:
    """Yield a process that does nothing, and end it afterwards."""
    with Popen(["/bin/sleep", "60"], user=user, cwd=cwd) as process:
        yield process
        process.kill()


def _reachable_folder() -> Path:
    # pytest's tmp_path is closed to other users, and as root Postgres runs as one.
    # In memory where there is plenty: what is tested here does not depend on the disk.
    memory = Path("/dev/shm")
    plenty = memory.is_dir() and shutil.disk_usage(memory).free > 2_000_000_000
    folder = Path(tempfile.mkdtemp(prefix="hatchery-test-", dir=memory if plenty else None))
    folder.chmod(0o711)
    return folder


@pytest.fixture(scope="session")
def _made_once() -> Iterator[Path]:
    """Yield a state folder in which Postgres has been made and stopped."""
    folder = _reachable_folder()

    async def make() -> None:
        async with serving(folder / "state", free_port()):
            pass

    asyncio.run(make())
    yield folder / "state"
    shutil.rmtree(folder)


@pytest.fixture
def fresh_state() -> Iterator[Path]:
    """Yield the path of a state folder that does not exist yet."""
    folder = _reachable_folder()
    yield folder / "state"
    shutil.rmtree(folder)


@pytest.fixture
def warm_state(fresh_state: Path, _made_once: Path) -> Path:
    """Return a state folder whose Postgres was made before."""
    subprocess.run(["cp", "-a", str(_made_once), str(fresh_state)], check=True)
    return fresh_state


@pytest.fixture
def as_root() -> bool:
    """Whether the tests run as root, where Postgres must not."""
    return os.geteuid() == 0


@pytest.fixture
def a_stack(warm_state: Path, tmp_path: Path) -> Stack:
    """A stack with stubs for services, whose Postgres was made before."""
    return stub_stack(warm_state, tmp_path)
