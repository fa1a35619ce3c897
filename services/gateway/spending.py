"""What a generation may cost, worked out before it is accepted, and its prices."""

from collections.abc import Collection
from dataclasses import dataclass

from hatchery.types.v1.cost_pb2 import Price
from hatchery.types.v1.model_pb2 import Model

from services.gateway.names import Owner
from services.gateway.prices import PriceList
from services.gateway.recipes.recipe import Recipe, Request, Step
from services.gateway.reducer.prices import cost_of, encoded
from services.gateway.store.budgets import Budget
from services.gateway.upstream.catalog import Catalog
from services.runtime.errors import EngineUnavailable


@dataclass(frozen=True, slots=True)
class Quote:
    """The most that a generation may cost, in millionths of the unit, and its prices by step.

    `prices` is None where one of them is not known yet.
    """

    most: int
    prices: str | None


class Quotes:
    """Prices what is asked for, by the price list and what models mean now."""

    def __init__(self, prices: PriceList, catalog: Catalog) -> None:
        self._prices = prices
        self._catalog = catalog

    def budget_of(self, owner: Owner) -> Budget | None:
        """What an owner may spend; None for as much as they like."""
        return self._prices.budget_of(owner)

    async def quote(
        self, owner: Owner, recipe: Recipe, request: Request, done: Collection[str]
    ) -> Quote:
        """What the steps that are not done may cost, each as often as it is tried.

        Raises EngineUnavailable where a budget needs the price of a model that cannot be told now.
        """
        if not self._prices.models:
            return Quote(0, None)
        most, prices, known = 0, dict[str, Price](), True
        for step in recipe.steps:
            if not step.engine or step.name in done:
                continue
            model = await self._model(owner, step, request)
            known = known and model is not None
            if model is not None and step.spares(model):
                continue
            if model is not None and (price := self._prices.price(model)) is not None:
                prices[step.name] = price
                most += _most(step, request, price)
        return Quote(most, encoded(prices) if known else None)

    async def _model(self, owner: Owner, step: Step, request: Request) -> Model | None:
        model = await self._catalog.resolve(step.engine, step.model(request), sees=step.sees)
        if model is None and self.budget_of(owner) is not None:
            raise EngineUnavailable(
                f"the {step.engine} service has not said yet which models it has, so that nobody"
                " knows what this costs: try again in a moment"
            )
        return model


def _most(step: Step, request: Request, price: Price) -> int:
    """Every try is given its prompt and may write all that it may; only one draws a picture."""
    most = step.most(request)
    tokens = cost_of(price, most.read, most.written, 0).amount_micros * step.attempts
    return tokens + cost_of(price, 0, 0, most.pictures).amount_micros
