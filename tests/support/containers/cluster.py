"""A cluster of one machine, on which an overlay of deploy/kubernetes runs.

Postgres alone is not its manifest's own: that image cannot be had here. The Postgres of the tests
stands in for it, with its user, database and password, and is called at the address of a pod.
"""

import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from tests.support.containers.given import Namespace
from tests.support.containers.images import Images
from tests.support.containers.kubelet import wait_for
from tests.support.containers.network import NODE, Network, holder, inside, network
from tests.support.containers.pods import DOMAIN, Pod, running
from tests.support.containers.standing_in import passing
from tests.support.manifests import Manifest, container, of_kind, workloads
from tests.support.names import Names, names
from tests.support.postgres import postgres_server

Secrets = Mapping[str, Mapping[str, str]]


@dataclass
class Cluster:
    """One that runs."""

    overlay: str
    images: Images
    network: Network
    names: Names
    namespace: Namespace
    folder: Path
    database: str  # Postgres's URL, as this machine sees it
    postgres: str = ""  # its address in the cluster
    pods: dict[str, Pod] = field(default_factory=dict)
    closing: ExitStack = field(default_factory=ExitStack)

    def start(self, workload: str, changed: Manifest | None = None) -> Pod:
        """Starts one more pod of a workload; nobody waits for it, and no name leads there."""
        manifest = changed or workloads(self.overlay)[workload]
        number = sum(pod.name.startswith(f"{workload}-") for pod in self.pods.values())
        name = f"{workload}-{number}"
        (self.folder / name).mkdir()
        pid = self.closing.enter_context(holder())
        image = self.images.built(target(container(manifest)["image"]))
        pod = running(
            name,
            manifest,
            image,
            self.namespace,
            network=pid,
            address=self.network.plug(pid),
            folder=self.folder / name,
        )
        self.pods[name] = self.closing.enter_context(pod)
        return self.pods[name]

    def wait(self, pod: Pod) -> None:
        """Waits until it has started and is ready; its service's name leads there then."""
        for probe in ("startupProbe", "readinessProbe"):
            wait_for(pod, probe, self.network.pid)
        self._name(pod.name.rpartition("-")[0], lambda places: (*places, pod.address))

    def end(self, pod: Pod) -> float:
        """Ends it, and its service's name leads there no more; how long that took in seconds."""
        others = lambda places: tuple(p for p in places if p != pod.address)  # noqa: E731
        self._name(pod.name.rpartition("-")[0], others)
        return pod.end()

    def _name(self, service: str, changed: Callable[[tuple[str, ...]], tuple[str, ...]]) -> None:
        name = f"{service}.{DOMAIN}"
        self.names.places[name] = changed(tuple(self.names.places.get(name, ())))


def target(image: str) -> str:
    """The target of the Dockerfile that an image is."""
    return image.removeprefix("hatchery/").partition(":")[0]


@contextmanager
def cluster(
    overlay: str, images: Images, folder: Path, secrets: Secrets | None = None
) -> Iterator[Cluster]:
    """A network with Postgres in it, and what the overlay's pods may name."""
    with ExitStack() as closing:
        database = closing.enter_context(postgres_server())
        plugged = closing.enter_context(network())
        told = closing.enter_context(_names_of(plugged))
        secret = {"password": urlsplit(database).password or ""}
        namespace = Namespace(
            {one["metadata"]["name"]: one["data"] for one in of_kind(overlay, "ConfigMap")},
            {"postgres": secret, **(secrets or {})},
        )
        made = Cluster(overlay, images, plugged, told, namespace, folder, database)
        closing.push(made.closing.__exit__)
        made.postgres = closing.enter_context(_standing_in(database, plugged))
        told.places[f"postgres.{DOMAIN}"] = (made.postgres,)
        yield made


@contextmanager
def _names_of(plugged: Network) -> Iterator[Names]:
    running = names(NODE, 53)
    told = inside(plugged.pid, running.__enter__)
    try:
        yield told
    finally:
        running.__exit__(None, None, None)


@contextmanager
def _standing_in(database: str, plugged: Network) -> Iterator[str]:
    """Passes what comes to a pod's address on to a Postgres outside; yields that address."""
    place = urlsplit(database)
    with holder() as pid:
        address = plugged.plug(pid)
        listener = inside(pid, lambda: socket.create_server((address, 5432)))
        with passing(listener, place.hostname or "", place.port or 0):
            yield address
