"""What streams came to, brought to the one table by several replicas and through an outage."""

import asyncio
import datetime as dt

from services.gateway.store.database import Database, open_database
from services.gateway.store.deliveries import Delivered
from services.gateway.store.deliveries import Deliveries as Store
from services.gateway.watch.deliveries import BOUNDS, Deliveries
from tests.support.postgres import connected
from tests.support.proxy import proxied_database

_ALWAYS = dt.datetime.min.replace(tzinfo=dt.UTC)


def _ignore(_: float) -> None:
    """Hears how late an event was."""


async def test_replicas_add_to_the_same_hour(database: Database) -> None:
    """Nothing is lost and nobody waits for anybody, however many bring theirs at once."""
    owners = [f"owner-{number}" for number in range(20)]
    one = Delivered(3, 1, {"SHUTTING_DOWN": 1}, (1, 0, 2))
    other = Delivered(1, 0, {"SHUTTING_DOWN": 1, "TOKEN_INVALID": 2}, (0, 5, 1))
    stores = [Store(database) for _ in range(10)]
    await asyncio.gather(
        *(
            store.add(dict.fromkeys(owners if what is one else reversed(owners), what))
            for store in stores
            for what in (one, other)
        )
    )
    for owner in owners:
        told = await stores[0].told(owner, _ALWAYS)
        assert Delivered(40, 10, {"SHUTTING_DOWN": 20, "TOKEN_INVALID": 20}, [10, 50, 30]) == told
    assert Delivered(latencies=[]) == await stores[0].told("nobody", _ALWAYS)


async def test_only_what_came_since_is_told(database: Database, database_url: str) -> None:
    """The hour in which it begins counts as a whole, and what was before does not."""
    store = Store(database)
    await store.add({"ada": Delivered(1, 0, {}, (1,))})
    async with connected(database_url) as connection:
        await connection.execute("UPDATE deliveries SET hour = hour - interval '3 hours'")
    await store.add({"ada": Delivered(2, 0, {}, (2,))})
    now = dt.datetime.now(dt.UTC)
    assert [3, 3, 2, 2, 0] == [
        (await store.told("ada", since)).streams
        for since in (
            _ALWAYS,
            now - dt.timedelta(hours=3),
            now - dt.timedelta(hours=1, minutes=59),
            now,
            now + dt.timedelta(hours=2),
        )
    ]


async def test_more_buckets_may_follow(database: Database) -> None:
    """A release that knows more of them adds to what an earlier one stored."""
    store = Store(database)
    await store.add({"ada": Delivered(1, 0, {}, (1, 1))})
    await store.add({"ada": Delivered(1, 0, {}, (1, 1, 1))})
    await store.add({"ada": Delivered(1, 0, {}, (1, 1))})
    assert [3, 3, 1] == (await store.told("ada", _ALWAYS)).latencies


async def test_an_outage_loses_nothing_that_was_counted(database_url: str) -> None:
    """What the store does not take is brought again, with what was counted meanwhile."""
    async with (
        proxied_database(database_url) as (url, proxy),
        open_database(url, timeout=1.0) as database,
    ):
        deliveries = Deliveries(Store(database))
        deliveries.begin("ada", _ignore)
        deliveries.ended("ada", gone=True)
        proxy.cut()
        await deliveries.flush()
        deliveries.ended("ada", reason="STORE_UNAVAILABLE")
        await deliveries.flush()
        proxy.mend()
        await deliveries.flush()
        await deliveries.flush()
        told = await Store(database).told("ada", _ALWAYS)
    assert (2, 1, {"STORE_UNAVAILABLE": 1}) == (told.streams, told.gone, told.failures)
    assert [0] * (len(BOUNDS) + 1) == told.latencies
