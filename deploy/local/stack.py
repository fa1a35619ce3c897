"""The local stack: run it here, start it in the background, find it, stop it."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from deploy.local import identity, parts, paths
from deploy.local.errors import AlreadyRunning, ProcessFailed, StackError, writing
from deploy.local.identity import ProcessRecord
from deploy.local.ports import choose_ports
from deploy.local.postgres import Postgres
from deploy.local.process import ProcessSpec
from deploy.local.say import complain, say
from deploy.local.settings import LOOPBACK, LocalSettings
from deploy.local.state import StackInfo, StateFolder
from deploy.local.supervisor import Supervisor

LOOK_EVERY = 0.05  # seconds
LEFTOVER_GRACE = 10.0  # seconds
OTHERS_PATIENCE = 15.0  # seconds until somebody else's start must have described itself
BACKGROUND_LOG = "stack.log"


def running(state: StateFolder) -> StackInfo | None:
    """Return the stack that lives in this state folder, which may not be ready yet."""
    info = state.read_info()
    return info if info and identity.find(info.supervisor) else None


async def run(settings: LocalSettings) -> int:
    """Run the stack until SIGINT or SIGTERM; return the exit code, the reason printed."""
    try:
        await _run(settings)
    except StackError as error:
        complain(error)
        return error.exit_code
    return 0


async def _run(settings: LocalSettings) -> None:
    state = StateFolder.of(settings)
    state.prepare()
    with state.locked():
        if (left := state.read_info()) and (
            ended := await asyncio.to_thread(identity.end, left.processes, LEFTOVER_GRACE)
        ):
            say(f"ended what an earlier stack had left running: {', '.join(ended)}")
        ports = choose_ports(settings)
        specs: list[ProcessSpec] = []
        if settings.database_url is None:
            postgres = Postgres(state, ports["postgres"])
            specs.append(postgres.spec())
            url = postgres.url
        else:
            url = settings.database_url.get_secret_value()
        inherited = paths.whole(os.environ, Path.cwd())
        specs += parts.services(settings, state, ports, inherited, url)
        specs.append(parts.envoy(settings, state, ports))
        await supervise(specs, state, ports)


async def supervise(
    specs: Sequence[ProcessSpec], state: StateFolder, ports: dict[str, int]
) -> None:
    """Keep `specs` running in a state folder that we hold, until a signal says stop."""
    address = f"http://{LOOPBACK}:{ports['envoy']}"
    ourselves = identity.record("supervisor", os.getpid())

    def changed(processes: Sequence[ProcessRecord], ready: bool) -> None:
        state.write_info(
            StackInfo(
                address=address,
                ports=ports,
                supervisor=ourselves,
                processes=tuple(processes),
                ready=ready,
                grace=sum(spec.grace for spec in specs),
            )
        )

    supervisor = Supervisor(specs, state, say=say, changed=changed)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, supervisor.ask_to_stop)
    say(f"starting {', '.join(spec.name for spec in specs)}")
    changed((), False)
    await supervisor.run(ready=partial(say, f"Hatchery is ready: {address}"))
    state.clear_info()
    say("stopped")


def start_in_background(settings: LocalSettings) -> StackInfo:
    """Return the stack that runs, starting one that outlives us if none does."""
    state = StateFolder.of(settings)
    if (info := running(state)) and info.ready:
        return info
    state.prepare()
    log = state.logs / BACKGROUND_LOG
    with writing(state.root), log.open("wb") as output:
        supervisor = subprocess.Popen(
            [sys.executable, "-P", "-m", "deploy.local"],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env={**paths.whole(os.environ, Path.cwd()), **settings.as_environment()},
            cwd=state.root,
            start_new_session=True,
        )
    give_up = time.monotonic() + OTHERS_PATIENCE
    while True:
        info = running(state)
        if info and info.ready:
            supervisor.returncode = 0  # it is meant to outlive us, so nobody need warn of it
            return info
        code = supervisor.poll()
        if code == AlreadyRunning.exit_code and (info or time.monotonic() < give_up):
            pass  # somebody else starts it right now, which is as good
        elif code is not None:
            lines = log.read_text(errors="replace").strip().splitlines() or ["no reason given"]
            raise ProcessFailed(lines[-1].removeprefix("hatchery: "))
        time.sleep(LOOK_EVERY)


def stop(state: StateFolder) -> bool:
    """Stop the stack of this state folder, if one runs; whether there was one.

    What is not over when all its processes have had their time is killed.
    """
    info = running(state)
    if info is None:
        return False
    identity.end([info.supervisor], info.grace)
    left = state.read_info() or info
    identity.end(left.processes, LEFTOVER_GRACE)  # only where the supervisor had to be killed
    state.clear_info()
    return True
