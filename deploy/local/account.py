"""Which user Postgres runs as: our own, or an unprivileged one where we are root."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path

from deploy.local.errors import MissingPart

UNPRIVILEGED = "nobody"  # there on every Linux and macOS, so nothing needs to be created


@dataclass(frozen=True)
class Account:
    """A user of this machine that a process is started as."""

    name: str
    uid: int
    gid: int

    def can_enter(self, folder: Path) -> bool:
        """Ask the kernel, as that user: rules of access are more than mode bits."""
        return self._test("-x", folder)

    def can_run(self, program: Path) -> bool:
        """Whether this user may read and execute `program`."""
        return self._test("-r", program) and self._test("-x", program)

    def _test(self, flag: str, path: Path) -> bool:
        done = subprocess.run(  # noqa: S603  # the path is an argument, not a command
            ["/bin/sh", "-c", f'test {flag} "$0"', str(path)],
            user=self.uid,
            group=self.gid,
            extra_groups=[],
            cwd="/",
            check=False,
        )
        return done.returncode == 0


def postgres_account() -> Account | None:
    """Return the user to drop to; None where we are an ordinary user already."""
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam(UNPRIVILEGED)
    except KeyError:
        raise MissingPart(
            f"Postgres refuses to run as root, and there is no user {UNPRIVILEGED!r} to run it as",
            "start Hatchery as an ordinary user",
        ) from None
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
