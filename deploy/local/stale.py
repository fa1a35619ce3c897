"""What a Postgres that was killed leaves behind in its data folder."""

import asyncio
from pathlib import Path

import psutil

from deploy.local.errors import ProcessFailed

PATIENCE = 15.0  # seconds a dead server's own children may take to notice


async def clear_lock(data: Path) -> None:
    """Make way for a new server after one that was killed; never signals anybody.

    Postgres itself sees through a lock file whose pid is gone. It does not where the pid was
    given to an unrelated process of the same user: only then the file is removed here, after
    looking for what Postgres looks for, a process that still works in the folder.
    """
    lock = data / "postmaster.pid"
    if not lock.exists():
        return
    deadline = asyncio.get_running_loop().time() + PATIENCE
    while users := await asyncio.to_thread(working_in, data):
        if asyncio.get_running_loop().time() > deadline:
            raise ProcessFailed(
                f"another Postgres (pid {users[0]}) serves {data}, and was not started by us",
                "stop it first",
            )
        await asyncio.sleep(0.05)
    try:
        unrelated = psutil.pid_exists(int(lock.read_text().split("\n", 1)[0]))
    except ValueError:
        unrelated = True  # cut off by a crash: Postgres would refuse it
    except FileNotFoundError:
        return  # its server has just ended in good order
    if unrelated:
        lock.unlink(missing_ok=True)


def working_in(folder: Path) -> list[int]:
    """Return the processes whose working folder it is, as that of every Postgres process is."""
    real = str(folder.resolve())
    return [process.pid for process in psutil.process_iter(["cwd"]) if process.info["cwd"] == real]
