"""A pod as its manifest says: its own network, its containers in mounts and processes of their own.

A machine has no container engine for that, but `unshare`, `nsenter`, `chroot` and `setpriv`.
"""

import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.support.containers.given import Namespace, command, identity
from tests.support.containers.images import Image
from tests.support.containers.network import NODE, to
from tests.support.containers.rooms import (
    ALONE,
    DIES_WITH_US,
    furnished,
    mounted,
    quoted,
    shell,
)
from tests.support.manifests import Manifest

DOMAIN = "hatchery.svc.cluster.local"


@dataclass(frozen=True)
class Pod:
    """One that runs."""

    name: str
    labels: Mapping[str, str]
    spec: Manifest
    address: str
    told: tuple[str, ...]  # before a command: who it runs as, where, and its variables
    process: "subprocess.Popen[bytes]"
    log: Path

    @property
    def container(self) -> Manifest:
        """Its only one."""
        (only,) = self.spec["containers"]
        found: Manifest = only
        return found

    @property
    def pid(self) -> int:
        """The container's first process, as this machine counts."""
        return int(psutil.Process(self.process.pid).children()[0].pid)

    def port(self, name: int | str) -> int:
        """A port of the container, by its name or number."""
        ports = {one["name"]: int(one["containerPort"]) for one in self.container.get("ports", ())}
        return name if isinstance(name, int) else ports[name]

    def execute(
        self, words: Sequence[str], timeout: float = 60
    ) -> "subprocess.CompletedProcess[str]":
        """Runs a command in the container, as `kubectl exec` does."""
        entered = (
            "nsenter",
            f"--target={self.pid}",
            "--mount",
            "--uts",
            "--net",
            "--pid",
            "--root",
        )
        return subprocess.run(
            [*entered, *self.told, *words],
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    def end(self) -> float:
        """Ends it as Kubernetes does; returns how many seconds that took, or else it is killed."""
        began = time.monotonic()
        before = self.container.get("lifecycle", {}).get("preStop", {})
        patience = self.spec["terminationGracePeriodSeconds"]
        try:
            if "exec" in before:
                done = self.execute(before["exec"]["command"], timeout=patience)
                assert 0 == done.returncode, done.stderr
            time.sleep(before.get("sleep", {}).get("seconds", 0))
            os.kill(self.pid, signal.SIGTERM)
            self.process.wait(began + patience - time.monotonic())
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise
        return time.monotonic() - began


@contextmanager
def running(
    name: str,
    manifest: Manifest,
    image: Image,
    namespace: Namespace,
    *,
    network: int,
    address: str,
    folder: Path,
) -> Iterator[Pod]:
    """Runs a pod of a workload in the network of a process; `folder` is for what is its own."""
    template = manifest["spec"]["template"]
    spec = template["spec"]
    (container,) = spec["containers"]
    root, extra = folder / "root", folder / "extra"
    _lay(extra, name, address, container)
    told = {"HOSTNAME": name, "HOME": "/tmp", **namespace.environment(container)}
    before = (
        *identity(spec, container),
        *("/usr/bin/env", "-i", f"--chdir={image.folder}"),
        *(f"{variable}={value}" for variable, value in {**image.environment, **told}.items()),
    )
    unchanged = container["securityContext"].get("readOnlyRootFilesystem", False)
    lines = [
        *mounted(root, (*image.layers, extra), None if unchanged else folder / "changes"),
        *furnished(root),
        *namespace.mounts(root, spec, container, folder / "volumes"),
        quoted(("hostname", name)),
        f"exec {quoted(('chroot', root, *before, *command(image, container)))}",
    ]
    log = folder / "log"
    with (
        log.open("wb") as output,
        subprocess.Popen(
            [*DIES_WITH_US, *to(network), *ALONE, "--uts", *shell(lines)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        ) as process,
    ):
        try:
            labels = template["metadata"]["labels"]
            yield Pod(name, labels, spec, address, before, process, log)
        finally:
            _gone(process)


def _gone(process: "subprocess.Popen[bytes]") -> None:
    """Kills what is left of a pod, and sees that nothing is."""
    try:
        inside = psutil.Process(process.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return
    process.kill()
    _, alive = psutil.wait_procs(inside, 20)
    assert [] == alive


def _lay(extra: Path, name: str, address: str, container: Manifest) -> None:
    """What is laid over an image: where volumes go, and the three files on names."""
    for mount in container.get("volumeMounts", ()):
        (extra / mount["mountPath"].lstrip("/")).mkdir(parents=True)
    (extra / "etc").mkdir(parents=True, exist_ok=True)
    (extra / "etc" / "hostname").write_text(f"{name}\n")
    (extra / "etc" / "hosts").write_text(f"127.0.0.1 localhost\n::1 localhost\n{address} {name}\n")
    (extra / "etc" / "resolv.conf").write_text(
        f"nameserver {NODE}\nsearch {DOMAIN} svc.cluster.local cluster.local\noptions ndots:5\n"
    )
