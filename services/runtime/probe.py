"""`python -m services.runtime.probe`: whether the server beside us is ready, as an exit status.

For container engines that ask by a command; Kubernetes asks by itself. It asks at
HATCHERY_HEALTH_LISTEN.
"""

import os
import sys

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

PATIENCE = 3.0  # seconds


def main() -> int:
    """0: calls are answered; 1: they are not, or nobody says so; 2: no address is set."""
    _, _, port = os.environ.get("HATCHERY_HEALTH_LISTEN", "").rpartition(":")
    if not port:
        sys.stderr.write("probe: HATCHERY_HEALTH_LISTEN is not set\n")
        return 2
    with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
        try:
            told = health_pb2_grpc.HealthStub(channel).Check(
                health_pb2.HealthCheckRequest(), timeout=PATIENCE
            )
        except grpc.RpcError:
            return 1
    return 0 if told.status == health_pb2.HealthCheckResponse.SERVING else 1


if __name__ == "__main__":
    sys.exit(main())
