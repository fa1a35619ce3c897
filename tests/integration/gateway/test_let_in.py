"""A Postgres that lets a gateway in no more, and later again."""

import uuid
from pathlib import Path
from urllib.parse import urlsplit

from grpc_health.v1 import health_pb2, health_pb2_grpc

from tests.support.gateway import gateway
from tests.support.oracle import assert_story
from tests.support.postgres import connected
from tests.support.scripted import Engines
from tests.support.waiting import until

_END = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1"


async def test_a_gateway_whose_role_is_locked_waits_until_it_is_let_in(
    database_url: str, engines: Engines, tmp_path: Path
) -> None:
    """As while a password changes: it is not ready meanwhile, and goes on afterwards."""
    role = f"locked_{uuid.uuid4().hex}"
    address = urlsplit(database_url)
    host = address.netloc.rpartition("@")[2]
    url = address._replace(netloc=f"{role}:secret@{host}").geturl()
    async with connected(database_url) as owner:
        await owner.execute(f"CREATE ROLE {role} LOGIN SUPERUSER PASSWORD 'secret'")
        try:
            async with gateway(url, engines, tmp_path) as client:
                health = health_pb2_grpc.HealthStub(client.channel)

                async def is_ready() -> bool:
                    answer = await health.Check(health_pb2.HealthCheckRequest())
                    return bool(answer.status == health_pb2.HealthCheckResponse.SERVING)

                async def is_not() -> bool:
                    return not await is_ready()

                await until(is_ready)
                await owner.execute(f"ALTER ROLE {role} NOLOGIN")
                await owner.execute(_END, role)
                await until(is_not)
                await owner.execute(f"ALTER ROLE {role} LOGIN")
                await until(is_ready)
                assert_story(await client.hatch())
        finally:
            await owner.execute(f"REASSIGN OWNED BY {role} TO CURRENT_USER")
            await owner.execute(f"DROP OWNED BY {role}")
            await owner.execute(f"DROP ROLE {role}")
