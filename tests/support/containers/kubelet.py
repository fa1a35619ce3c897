"""What Kubernetes asks pods: its probes of all kinds, from the machine that they run on.

As a program, one gRPC probe, since gRPC has threads of its own.
"""

import http.client
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import closing
from typing import Any

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

from tests.support.containers.network import inside, to
from tests.support.containers.pods import Pod

PROBES = ("startupProbe", "livenessProbe", "readinessProbe")


def answers(pod: Pod, probe: Mapping[str, Any], node: int) -> bool:
    """Asks once; `node` is a process in the machine's own network."""
    patience = probe.get("timeoutSeconds", 1)
    if "exec" in probe:
        try:
            return pod.execute(probe["exec"]["command"], timeout=patience).returncode == 0
        except subprocess.TimeoutExpired:
            return False
    if "httpGet" in probe:
        place = probe["httpGet"]
        status, _, _ = inside(
            node, lambda: got(pod.address, pod.port(place["port"]), place["path"], patience)
        )
        return 200 <= status < 400
    place = probe["grpc"]
    return serves(f"{pod.address}:{place['port']}", place.get("service", ""), patience, node)


def serves(address: str, service: str, patience: float, network: int) -> bool:
    """Whether a gRPC service says that it does; asked from the network of a process."""
    asked = (address, service, str(patience))
    program = (sys.executable, "-m", "tests.support.containers.kubelet", *asked)
    return subprocess.run([*to(network), *program], check=False).returncode == 0


def got(
    address: str, port: int, path: str, timeout: float = 5, **headers: str
) -> tuple[int, Mapping[str, str], bytes]:
    """The answer to a GET; its status is 0 where there is none."""
    with closing(http.client.HTTPConnection(address, port, timeout=timeout)) as connection:
        try:
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()
        except OSError:
            return 0, {}, b""


def wait_for(pod: Pod, name: str, node: int) -> None:
    """Asks as often as the probe may fail at the start. Raises AssertionError."""
    probe = pod.container[name]
    tries = pod.container["startupProbe"]["failureThreshold"]
    for _ in range(tries):
        if answers(pod, probe, node):
            return
        assert pod.process.poll() is None, f"{pod.name} ended: {pod.log.read_text()[-3000:]}"
        time.sleep(pod.container["startupProbe"]["periodSeconds"])
    raise AssertionError(f"{pod.name}: {name} fails: {pod.log.read_text()[-3000:]}")


def main(address: str, service: str, patience: str) -> int:
    """0 where the service serves."""
    with grpc.insecure_channel(address) as channel:
        request = health_pb2.HealthCheckRequest(service=service)
        try:
            told = health_pb2_grpc.HealthStub(channel).Check(request, timeout=float(patience))
        except grpc.RpcError:
            return 1
    return 0 if told.status == health_pb2.HealthCheckResponse.SERVING else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
