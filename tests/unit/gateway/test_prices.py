"""The price list: what it says, and what it cannot mean."""

import datetime as dt
from pathlib import Path

import pytest
from hatchery.types.v1.cost_pb2 import Price
from hatchery.types.v1.model_pb2 import Model

from services.gateway.prices import PriceList, PricesUnusable
from services.gateway.reducer.prices import cost_of

_LIST = """
unit = "bricks"
[models.smollm2]
input = 0.1
output = 0.5
[models."qwen3"]
output = 3
[models."*"]
picture = 2
[budget]
limit = 100
period = "12h"
owners = { alice = 0.000001 }
"""


def _read(folder: Path, text: str) -> PriceList:
    path = folder / "prices.toml"
    path.write_text(text)
    return PriceList.read(path)


def test_a_model_has_the_price_of_its_name_an_alias_or_any_other(tmp_path: Path) -> None:
    """In millionths of the unit, exactly."""
    prices = _read(tmp_path, _LIST)
    small, aliased, other = (
        prices.price(model)
        for model in (
            Model(name="smollm2"),
            Model(name="qwen3:latest", aliases=["qwen3"]),
            Model(name="sketch"),
        )
    )
    assert Price(unit="bricks", input_micros=100_000, output_micros=500_000) == small
    assert Price(unit="bricks", output_micros=3_000_000) == aliased
    assert Price(unit="bricks", picture_micros=2_000_000) == other


def test_owners_have_a_budget_of_their_own_or_that_of_all(tmp_path: Path) -> None:
    """Over a time that ends now."""
    prices = _read(tmp_path, _LIST)
    everybody, alice = prices.budget_of("bob"), prices.budget_of("alice")
    assert everybody is not None
    assert alice is not None
    assert (100_000_000, dt.timedelta(hours=12), "bricks") == (
        everybody.limit,
        everybody.period,
        everybody.unit,
    )
    assert 1 == alice.limit


def test_without_a_list_nothing_costs_anything() -> None:
    """No price, no budget."""
    prices = PriceList.read(None)
    assert prices.price(Model(name="x")) is None
    assert prices.budget_of("x") is None


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("unit = ", "cannot be read"),
        ("[models.x]\noutput = -1", "models.x.output"),
        ("[models.x]\noutput = 0.0000001", "models.x.output"),
        ("[models.x]\noutput = inf", "models.x.output"),
        ("[models.x]\noutput = nan", "models.x.output"),
        ('[models.x]\noutput = "lots"', "models.x.output"),
        ("[models.x]\nouptut = 1", "models.x.ouptut"),
        ("[budget]\nlimit = 1", "budget.period"),
        ('[budget]\nlimit = 1\nperiod = "a day"', "budget.period"),
        ('[budget]\nlimit = 1\nperiod = "0d"', "budget.period"),
        ("[budget]\nlimit = 1\nperiod = 3", "budget.period"),
        ('unit = ""', "unit"),
        ("currency = 1", "currency"),
    ],
)
def test_what_a_list_cannot_mean_is_told_with_its_place(
    tmp_path: Path, text: str, problem: str
) -> None:
    """A gateway does not start with a price list that is misread."""
    with pytest.raises(PricesUnusable) as refused:
        _read(tmp_path, text)
    assert problem in refused.value.message


def test_a_list_that_is_not_there_is_told(tmp_path: Path) -> None:
    """As one that cannot be read."""
    with pytest.raises(PricesUnusable):
        PriceList.read(tmp_path / "none.toml")


def test_costs_are_rounded_up_once() -> None:
    """A part of a millionth is a whole one; nothing is nothing."""
    price = Price(unit="bricks", input_micros=1, output_micros=1, picture_micros=5)
    assert [0, 1, 1, 2, 7] == [
        cost_of(price, *used).amount_micros
        for used in ((0, 0, 0), (1, 0, 0), (500, 500, 0), (501, 500, 0), (1000, 1000, 1))
    ]
