"""Statistics in a browser: what was made, beside what the database and the gateway say of it."""

import datetime as dt
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import grpc
import pytest
import pytest_asyncio
from hatchery.gateway.v1 import generation_service_pb2 as pb
from hatchery.gateway.v1.generation_service_pb2_grpc import GenerationServiceStub
from playwright.async_api import Browser, Locator, Page, expect

from tests.e2e.browser.conftest import PATIENCE, Visitor, visiting
from tests.e2e.browser.looking import by_each, look_at
from tests.e2e.browser.past import DAY, ENDS, MODELS, add, add_history
from tests.e2e.conftest import Stack, running_stack
from tests.support.postgres import connected, fresh_database, postgres_server

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(300)]
expect.set_options(timeout=PATIENCE)

_PRICES = """
unit = "bricks"
[models."*"]
input = 0.1
output = 0.5
picture = 2
[budget]
limit = 100
period = "1d"
"""


@dataclass(frozen=True)
class House:
    """A stack, and the database that it keeps everything in."""

    stack: Stack
    database: str


@pytest.fixture(scope="module")
def prices(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A price list."""
    path: Path = tmp_path_factory.mktemp("prices") / "prices.toml"
    path.write_text(_PRICES)
    return path


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(prices: Path) -> AsyncIterator[House]:
    """With prices and a budget."""
    with postgres_server() as server:
        async with fresh_database(server) as database:
            settings = {"HATCHERY_DATABASE_URL": database, "HATCHERY_PRICES": str(prices)}
            with running_stack(**settings) as stack:
                yield House(stack, database)


@pytest_asyncio.fixture(loop_scope="module")
async def rows(house: House) -> AsyncIterator[asyncpg.Connection]:
    """The database, in which nothing was made yet."""
    async with connected(house.database) as connection:
        await connection.execute("TRUNCATE generations CASCADE")
        yield connection


@pytest_asyncio.fixture(loop_scope="module")
async def reader(chromium: Browser, house: House) -> AsyncIterator[Visitor]:
    """Somebody at a desktop."""
    async with visiting(chromium, house.stack) as somebody:
        yield somebody


async def _open(reader: Visitor, period: str) -> Page:
    page = await reader.open(f"/statistics?range={period}")
    await expect(page.locator(".statistics")).to_have_attribute("aria-busy", "false")
    return page


def _plot(page: Page, title: str) -> Locator:
    return page.get_by_role("figure", name=title, exact=True)


async def _numbers(plot: Locator) -> list[list[str]]:
    """The rows of the table below a plot."""
    await plot.get_by_text("In numbers").click()
    cells: list[list[str]] = await plot.locator("tbody tr").evaluate_all(
        "rows => rows.map(row => [...row.cells].map(cell => cell.innerText))"
    )
    return cells


async def test_where_nothing_was_made_that_is_said(
    rows: asyncpg.Connection, reader: Visitor
) -> None:
    """No plot of nothing is drawn; the whole budget is left."""
    assert 0 == await rows.fetchval("SELECT count(*) FROM generations")
    for period in ("day", "month", "year", "all", "nonsense"):
        page = await _open(reader, period)
        await expect(page.get_by_text("Nothing was made in this time.")).to_be_visible()
        await expect(page.get_by_role("figure")).to_have_count(1)
        await expect(_plot(page, "Budget")).to_contain_text("100 % left")
        await page.close()


async def test_one_companion_is_shown_as_the_gateway_tells_of_it(
    rows: asyncpg.Connection, reader: Visitor, house: House
) -> None:
    """Its step, its model's speed and its cost are the gateway's numbers."""
    done = house.stack.hatchery("hatch", "--json", "an owl who keeps the time")
    assert 0 == done.returncode, done.stderr
    async with grpc.aio.insecure_channel(house.stack.gateway) as channel:
        stub = GenerationServiceStub(channel)
        told = await stub.QueryGenerationStats(pb.QueryGenerationStatsRequest())
    (recipe,) = told.recipes
    (persona,) = (one for one in told.steps if one.step == "persona")
    page = await _open(reader, "day")
    await expect(_plot(page, "Generations").locator(".readout")).to_contain_text(": 1 completed")
    speed = f"{persona.median_tokens_per_second:.1f} tokens/s"
    await expect(_plot(page, "How fast models write")).to_contain_text(speed)
    course = _plot(page, "How fast models write, over time").locator(".readout")
    await expect(course).to_contain_text(f"{persona.model} {speed}")
    took = {row[0]: row[3] for row in await _numbers(_plot(page, "How long it took"))}
    assert {"Hatched from a sentence", "persona", "avatar", "save"} == set(took)
    assert all(took.values())
    cost = recipe.cost.amount_micros / 1e6
    assert cost > 2, "a picture costs two bricks"
    await expect(_plot(page, "What it cost, in bricks")).to_contain_text(f"{cost:.2f} bricks")
    await expect(_plot(page, "Budget")).to_contain_text(f"Spent: {cost:.2f} bricks")
    await expect(_plot(page, "What failed, and why")).to_contain_text("Nothing failed.")


async def test_a_month_is_told_as_it_was(rows: asyncpg.Connection, reader: Visitor) -> None:
    """Every count in every table is that of the database; what is older is left out."""
    await add_history(rows, 120, 45)
    page = await _open(reader, "month")
    since = "date_trunc('day', now() AT TIME ZONE 'UTC') - interval '29 days'"
    scope = f"g.create_time AT TIME ZONE 'UTC' >= {since}"
    by_day = await rows.fetch(
        "SELECT (create_time AT TIME ZONE 'UTC')::date AS day,"
        " count(*) FILTER (WHERE state = 'COMPLETED') AS completed,"
        " count(*) FILTER (WHERE state = 'FAILED') AS failed,"
        " count(*) FILTER (WHERE state = 'CANCELLED') AS stopped"
        f" FROM generations AS g WHERE {scope} GROUP BY day ORDER BY day"
    )
    expected = [
        [f"{day:%-d %b %Y}", str(completed), str(failed), str(stopped)]
        for day, completed, failed, stopped in by_day
    ]
    assert 0 < sum(int(row[1]) for row in expected) < 120
    # English abbreviates one month by four letters.
    told = await _numbers(_plot(page, "Generations"))
    assert expected == [[row[0].replace("Sept", "Sep"), *row[1:]] for row in told]

    tries = await rows.fetchval(
        "SELECT count(*) FROM failures AS f JOIN generations AS g ON g.id = generation"
        f" WHERE {scope}"
    )
    ended = sum(int(row[2]) for row in expected)
    failed = await _numbers(_plot(page, "What failed, and why"))
    assert {("Engine busy", "0", str(tries)), ("Engine timeout", str(ended), "0")} == {
        (reason, generations, times) for reason, generations, times in failed
    }
    stood_in = await rows.fetchval(
        "SELECT count(*) FROM times AS t JOIN generations AS g ON g.id = generation"
        f" WHERE fallback <> '' AND {scope}"
    )
    assert stood_in == sum(int(row[3]) for row in await _numbers(_plot(page, "Substitutes")))
    errors = {row[2] for row in await _numbers(_plot(page, "How good estimates were"))}
    assert {"20 %"} == errors
    speeds = {row[0] for row in await _numbers(_plot(page, "How fast models write"))}
    assert set(MODELS) == speeds


async def test_a_keyboard_reads_every_value(rows: asyncpg.Connection, reader: Visitor) -> None:
    """The arrows go from day to day; what is read is announced, and is what a mouse reads there."""
    now = dt.datetime.now(dt.UTC)
    for number, days in enumerate((0, 0, 2)):
        await add(rows, number, now - DAY * days)
    page = await _open(reader, "month")
    plot = _plot(page, "Generations")
    course, readout = plot.get_by_role("slider"), plot.locator(".readout")
    await expect(readout).to_contain_text(": 2 completed")
    await course.focus()
    for key, value, said in (
        ("ArrowLeft", 28, "nothing"),
        ("ArrowLeft", 27, "1 completed"),
        ("Home", 0, "nothing"),
        ("ArrowLeft", 0, "nothing"),
        ("End", 29, "2 completed"),
        ("ArrowRight", 29, "2 completed"),
    ):
        await page.keyboard.press(key)
        await expect(course).to_have_attribute("aria-valuenow", str(value))
        await expect(course).to_have_attribute("aria-valuetext", re.compile(f": {said}$"))
        await expect(readout).to_contain_text(f": {said}")
    column = plot.locator("rect.mark-solid").nth(1)
    await column.hover()
    await expect(readout).to_contain_text(": 1 completed")


async def test_the_range_stays_chosen(rows: asyncpg.Connection, reader: Visitor) -> None:
    """It is in the address: a reload shows the same, and each range has what was made in it."""
    now = dt.datetime.now(dt.UTC)
    for number, days in enumerate((0, 3, 40, 500)):
        await add(rows, number, now - DAY * days)
    page = await _open(reader, "month")
    begun = page.locator(".glance div").first
    for title, generations in (("Day", 1), ("Month", 2), ("Year", 3), ("All", 4)):
        chip = page.get_by_role("button", name=title, exact=True)
        await chip.click()
        await expect(begun).to_have_text(
            re.compile(f"^{generations}\\s*begun|begun\\s*{generations}$")
        )
        await page.reload()
        await expect(chip).to_have_attribute("aria-pressed", "true")
        await expect(begun).to_contain_text(str(generations))


@pytest.fixture(params=[1, 5, 100])
def generations(request: pytest.FixtureRequest) -> int:
    """How many there are to be shown."""
    return int(request.param)


async def test_few_and_many_are_looked_at(
    rows: asyncpg.Connection, chromium: Browser, house: House, generations: int
) -> None:
    """Nothing is wider than its window, and axe finds nothing, with the tables closed and open."""
    await add_history(rows, generations, 30)
    async with AsyncExitStack() as visits:
        for name, visitor in (await by_each(chromium, house.stack, visits)).items():
            page = await _open(visitor, "month")
            await look_at(page, f"statistics-{generations}-{name}")
            for summary in await page.get_by_text("In numbers").all():
                await summary.click()
            await look_at(page, f"statistics-{generations}-open-{name}")


async def test_colour_is_not_all_that_tells(rows: asyncpg.Connection, reader: Visitor) -> None:
    """What failed and what was stopped have patterns of their own, beside what was completed."""
    now = dt.datetime.now(dt.UTC)
    for number in range(len(ENDS)):
        await add(rows, number, now)
    page = await _open(reader, "day")
    marks = _plot(page, "Generations").locator(".timeline rect.mark")
    fills = await marks.evaluate_all("marks => marks.map(mark => mark.getAttribute('fill'))")
    assert {None, "url(#plot-hatch)", "url(#plot-dots)"} == set(fills)


async def test_a_database_that_is_away_is_told(
    rows: asyncpg.Connection, reader: Visitor, house: House
) -> None:
    """What was shown stays, with a word about what could not be read."""
    await add(rows, 0, dt.datetime.now(dt.UTC))
    page = await _open(reader, "month")
    await reader.context.set_offline(True)
    await page.get_by_role("button", name="Year", exact=True).click()
    await expect(page.get_by_role("alert")).to_contain_text("Hatchery cannot be reached.")
    await expect(_plot(page, "Generations")).to_be_visible()
    await reader.context.set_offline(False)
    await page.get_by_role("button", name="Month", exact=True).click()
    await expect(page.get_by_role("alert")).to_have_count(0)
    reader.seen.complaints.clear()  # the browser's own, of the connection that was not there
