"""What a service costs over its bare engine."""

from tests.bench.figures import Figure


async def measure() -> list[Figure]:
    """Nothing yet."""
    return []
