"""Which connections the pods of a cluster have, as their networks list them."""

import subprocess
from collections.abc import Iterator
from ipaddress import ip_address

from tests.support.containers.cluster import Cluster
from tests.support.containers.network import NODE, to
from tests.support.containers.pods import Pod
from tests.support.containers.policies import Connection, End
from tests.support.manifests import workloads

OUTSIDE = End("outside")
NAMES = End("names", "kube-system")


def connections(cluster: Cluster) -> Iterator[Connection]:
    """Those of all pods with others. The machine's own probes are let in everywhere."""
    ends = {pod.address: end(pod) for pod in cluster.pods.values()}
    labels = workloads(cluster.overlay)["postgres"]["spec"]["template"]["metadata"]["labels"]
    ends[cluster.postgres] = End("postgres", "hatchery", tuple(labels.items()))
    for pod in cluster.pods.values():
        if pod.process.poll() is not None:
            continue
        listening = {port["containerPort"] for port in pod.container["ports"]}
        for (_, port), (address, other) in _listed(pod):
            if ip_address(address).is_loopback:
                continue
            if port not in listening:
                yield Connection(end(pod), ends.get(address, End(address)), other)
            elif address == NODE and port not in _probed(pod):
                yield Connection(OUTSIDE, end(pod), port)
    for address in cluster.names.asked_by:
        yield Connection(ends[address], NAMES, 53, "UDP")


def end(pod: Pod) -> End:
    """A pod, as policies see it."""
    ports = tuple((port["name"], port["containerPort"]) for port in pod.container["ports"])
    workload = pod.name.rpartition("-")[0]
    return End(workload, "hatchery", tuple(pod.labels.items()), ports)


def _probed(pod: Pod) -> set[int]:
    probes = (pod.container[name] for name in ("startupProbe", "livenessProbe", "readinessProbe"))
    asked = (probe.get("grpc") or probe["httpGet"] for probe in probes)
    return {pod.port(place["port"]) for place in asked}


def _listed(pod: Pod) -> Iterator[tuple[tuple[str, int], tuple[str, int]]]:
    """Both ends of each, ours first; also of those that are just over."""
    told = subprocess.run(
        [*to(pod.pid), "ss", "-Htan", "state", "connected"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    for line in told.splitlines():
        _, _, _, ours, theirs, *_ = line.split()
        yield _place(ours), _place(theirs)


def _place(text: str) -> tuple[str, int]:
    address, _, port = text.rpartition(":")
    return address.strip("[]").removeprefix("::ffff:"), int(port)
