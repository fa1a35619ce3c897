"""The state folder: data, secrets, logs, the lock, and the file that describes a running stack."""

import errno
import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import platformdirs
from pydantic import BaseModel, ValidationError

from deploy.local.account import Account
from deploy.local.errors import AlreadyRunning, StateDamaged, StateUnusable, writing
from deploy.local.identity import ProcessRecord
from deploy.local.settings import LocalSettings

ROOT_DEFAULT = Path("/var/lib/hatchery")


class StackInfo(BaseModel, frozen=True):
    """What `stack.json` says about a stack."""

    address: str
    ports: dict[str, int]
    supervisor: ProcessRecord
    processes: tuple[ProcessRecord, ...] = ()
    ready: bool = False
    # Seconds that its end may take before it is ended by force.
    grace: float = 90.0


class StateFolder:
    """Paths in the state folder, and how they come to be."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.logs = root / "logs"
        self.secrets = root / "secrets"
        self.postgres = root / "postgres"
        self.software = root / "software"
        self.envoy_config = root / "envoy.yaml"
        self._info = root / "stack.json"
        self._lock = root / "lock"

    @classmethod
    def of(cls, settings: LocalSettings) -> "StateFolder":
        """Name the folder: the setting, /var/lib/hatchery for root, else the user's own place."""
        if settings.state_dir is not None:
            return cls(settings.state_dir.expanduser().absolute())
        if os.geteuid() == 0:
            # Root's home is closed to the user that Postgres must run as.
            return cls(ROOT_DEFAULT)
        return cls(platformdirs.user_state_path("hatchery"))

    def prepare(self) -> None:
        """Create the folder and what every stack needs in it."""
        with writing(self.root):
            if not self.root.exists():
                self.root.mkdir(mode=0o700, parents=True)
                if os.geteuid() == 0:
                    # Postgres's user passes through; each folder inside is closed by itself.
                    self.root.chmod(0o711)
            self.logs.mkdir(mode=0o700, exist_ok=True)
            self.secrets.mkdir(mode=0o700, exist_ok=True)
            if not os.access(self.root, os.W_OK | os.X_OK):
                raise PermissionError(errno.EACCES, "Permission denied", str(self.root))

    def prepare_postgres(self, account: Account | None) -> None:
        """Create Postgres's own folder; `account`, if any, owns it and must be able to reach it."""
        with writing(self.root):
            self.postgres.mkdir(mode=0o700, exist_ok=True)
            owner = self.postgres.stat().st_uid
            if account is not None and owner == 0:
                os.chown(self.postgres, account.uid, account.gid)
            elif owner != (account.uid if account else os.geteuid()):
                raise StateUnusable(
                    f"{self.postgres} belongs to another user (uid {owner})",
                    "start Hatchery as that user, or set HATCHERY_STATE_DIR to another folder",
                )
        if account is not None and not account.can_enter(self.postgres):
            raise StateUnusable(
                f"Postgres cannot run as root, and the user {account.name!r} cannot reach"
                f" {self.postgres}",
                f"set HATCHERY_STATE_DIR to a folder such as {ROOT_DEFAULT}",
            )

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the folder for one supervisor; the kernel lets go of it when that one dies."""
        with writing(self.root):
            descriptor = os.open(self._lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise AlreadyRunning(
                    f"Hatchery is already running with the state folder {self.root}",
                    "stop it first, or set HATCHERY_STATE_DIR to another folder",
                ) from None
            yield
        finally:
            os.close(descriptor)

    def secret(self, name: str, *, create: bool = True) -> str:
        """Return a random secret that is kept in a file of its own, mode 0600."""
        path = self.secrets / name
        with writing(self.root):
            if create and not path.exists():
                _write_atomically(path, secrets.token_urlsafe(32))
            if not path.exists():
                raise StateDamaged(
                    f"the state folder is damaged: {path} is missing",
                    f"restore it, or move {self.postgres} away to start afresh",
                )
            value = path.read_text(errors="replace").strip()
        if not value:
            raise StateDamaged(
                f"the state folder is damaged: {path} is empty",
                f"restore it, or move {self.root} away to start afresh",
            )
        return value

    def write_info(self, info: StackInfo) -> None:
        """Describe the stack for other processes."""
        with writing(self.root):
            _write_atomically(self._info, info.model_dump_json(indent=2) + "\n")

    def read_info(self) -> StackInfo | None:
        """Return the last description, whether or not that stack still lives."""
        try:
            return StackInfo.model_validate_json(self._info.read_bytes())
        except (OSError, ValidationError):
            return None  # it is only a description: without one, nothing is known to run

    def clear_info(self) -> None:
        """Say that nothing runs any more."""
        self._info.unlink(missing_ok=True)


def _write_atomically(path: Path, text: str) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
            file.flush()
            os.fsync(descriptor)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
