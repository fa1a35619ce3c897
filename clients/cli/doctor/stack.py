"""The parts of the stack: where data lies, Postgres, Envoy, ports and processes."""

import asyncio
import os
import shutil

from clients.cli.doctor.findings import Finding, good, lacking
from deploy.local import binaries, identity
from deploy.local.database import check_reachable
from deploy.local.errors import StackError
from deploy.local.ports import choose_ports
from deploy.local.settings import LocalSettings
from deploy.local.stack import running
from deploy.local.state import StateFolder

ENOUGH = 500  # MB that a state folder should have


def state_folder(state: StateFolder) -> Finding:
    """Look whether the state folder can be written, or made."""
    part, folder = "State folder", state.root
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    if not os.access(folder, os.W_OK | os.X_OK):
        return lacking(
            part,
            f"{state.root} cannot be written",
            "set HATCHERY_STATE_DIR to a folder that you may write",
            needed=True,
        )
    free = shutil.disk_usage(folder).free // 1_000_000
    new = "" if state.root.exists() else ", not there yet"
    return good(
        part,
        f"{state.root}{new}, {free / 1000:,.1f} GB free",
        "" if free > ENOUGH else "this is little: free some space, or set HATCHERY_STATE_DIR",
    )


def postgres(settings: LocalSettings, state: StateFolder) -> Finding:
    """Look for Postgres: our own, or the one that the settings name."""
    part = "Postgres"
    try:
        if settings.database_url is not None:
            asyncio.run(check_reachable(settings.database_url.get_secret_value()))
            return good(part, "the one of HATCHERY_DATABASE_URL answers")
        server = binaries.find_postgres(state.software, None).server
        binaries.check_loads(server)
    except StackError as error:
        return lacking(part, error.problem, error.hint, needed=True)
    return good(part, str(server))


def envoy() -> Finding:
    """Look for Envoy."""
    try:
        program = binaries.find_envoy()
        binaries.check_loads(program)
    except StackError as error:
        return lacking("Envoy", error.problem, error.hint, needed=True)
    return good("Envoy", str(program))


def processes(settings: LocalSettings, state: StateFolder) -> Finding:
    """Look whether the stack runs, and otherwise whether its ports are free."""
    part = "Stack"
    if info := running(state):
        gone = [process.name for process in info.processes if not identity.find(process)]
        if gone:
            return good(part, f"running, without {', '.join(gone)}: about to be started again")
        if not info.ready:
            return good(part, "starting")
        return good(part, f"running, {info.address}")
    try:
        ports = choose_ports(settings)
    except StackError as error:
        return lacking(part, error.problem, error.hint, needed=True)
    return good(part, f"not running; port {ports['envoy']} is free", "`hatchery up` starts it")
