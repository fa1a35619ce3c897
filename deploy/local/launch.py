"""Start a process that cannot outlive us."""

import asyncio
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from deploy.local.account import Account

LAUNCHER = Path(__file__).with_name("child.py")


async def launch(
    argv: Sequence[str],
    *,
    output: int,
    env: Mapping[str, str],
    cwd: Path,
    account: Account | None = None,
    death_signal: signal.Signals = signal.SIGKILL,
) -> asyncio.subprocess.Process:
    """Start `argv` in a session of its own, so that a terminal's Ctrl-C reaches only us.

    `argv[0]` is a path. `output` is an open file descriptor; `death_signal` is what the
    process gets when this one dies.
    """
    user = f"{account.uid}:{account.gid}" if account else "-"
    return await asyncio.create_subprocess_exec(
        sys.executable,
        *("-I", "-S", str(LAUNCHER), str(os.getpid()), str(int(death_signal)), user, "--"),
        *argv,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        env=env,
        cwd=cwd,
        start_new_session=True,
    )
