"""Whether a server is ready, asked in its own words."""

import asyncio
import math
import time

LOOK_EVERY = 0.05  # seconds
PATIENCE = 2.0  # seconds for one question

# A client that reconnects at once: the server is about to come up, and is our own.
CHANNEL_OPTIONS = [
    ("grpc.initial_reconnect_backoff_ms", 50),
    ("grpc.min_reconnect_backoff_ms", 50),
    ("grpc.max_reconnect_backoff_ms", 100),
    ("grpc.use_local_subchannel_pool", 1),
    ("grpc.enable_http_proxy", 0),
]


async def grpc_serving(target: str, patience: float = math.inf) -> bool:
    """Return True once grpc.health.v1 at `target` (host:port) says SERVING for the whole server.

    False when it has been saying something else for `patience` seconds.
    """
    import grpc  # noqa: PLC0415  # the engines are to be started before this is loaded
    from grpc_health.v1 import health_pb2, health_pb2_grpc  # noqa: PLC0415

    give_up = math.inf
    async with grpc.aio.insecure_channel(target, options=CHANNEL_OPTIONS) as channel:
        stub = health_pb2_grpc.HealthStub(channel)
        while True:
            try:
                answer = await stub.Check(
                    health_pb2.HealthCheckRequest(), timeout=PATIENCE, wait_for_ready=True
                )
                if answer.status == health_pb2.HealthCheckResponse.SERVING:
                    return True
                give_up = min(give_up, time.monotonic() + patience)
                if time.monotonic() >= give_up:
                    return False
            except grpc.RpcError:
                pass  # not up yet; if it ended, its supervisor sees that
            await asyncio.sleep(LOOK_EVERY)
