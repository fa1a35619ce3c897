"""The price list that docs/prices.md shows is one."""

import re
from pathlib import Path

from hatchery.types.v1.model_pb2 import Model

from services.gateway.prices import PriceList

PAGE = Path(__file__).parents[3] / "docs" / "prices.md"


def test_the_list_that_is_shown_is_read(tmp_path: Path) -> None:
    """With each of its parts."""
    (shown,) = re.findall(r"^```toml\n(.*?)^```$", PAGE.read_text(), re.DOTALL | re.MULTILINE)
    path = tmp_path / "prices.toml"
    path.write_text(shown)
    prices = PriceList.read(path)
    assert (100_000, 500_000, 0) == _micros(prices, "smollm2")
    assert (0, 0, 2_000_000) == _micros(prices, "sketch")
    assert (0, 1_000_000, 0) == _micros(prices, "another")
    budgets = [prices.budget_of(owner) for owner in ("alice", "bob")]
    assert [500, 100] == [budget.limit / 1e6 for budget in budgets if budget]


def _micros(prices: PriceList, name: str) -> tuple[int, int, int]:
    price = prices.price(Model(name=name))
    assert price is not None
    return price.input_micros, price.output_micros, price.picture_micros
