"""What a generation may cost, worked out before it is accepted."""

from collections.abc import Collection

from services.gateway.names import Owner
from services.gateway.prices import PriceList
from services.gateway.recipes.recipe import Recipe, Request, Step
from services.gateway.reducer.prices import cost_of
from services.gateway.store.budgets import Budget
from services.gateway.upstream.catalog import Catalog
from services.runtime.errors import EngineUnavailable


class Spending:
    """Prices what is asked for, by the price list and what models mean now."""

    def __init__(self, prices: PriceList, catalog: Catalog) -> None:
        self._prices = prices
        self._catalog = catalog

    def budget_of(self, owner: Owner) -> Budget | None:
        """What an owner may spend; None for as much as they like."""
        return self._prices.budget_of(owner)

    async def most(
        self, owner: Owner, recipe: Recipe, request: Request, done: Collection[str]
    ) -> int:
        """The most that the steps that are not done may cost, in millionths of the unit.

        Raises EngineUnavailable where a budget needs the price of a model that cannot be told now.
        """
        steps = [step for step in recipe.steps if step.engine and step.name not in done]
        return sum([await self._of(owner, step, request) for step in steps])

    async def _of(self, owner: Owner, step: Step, request: Request) -> int:
        if not self._prices.models:
            return 0
        model = await self._catalog.resolve(step.engine, step.model(request))
        if model is None:
            if self.budget_of(owner) is None:
                return 0
            raise EngineUnavailable(
                f"the {step.engine} service has not said yet which models it has, so that nobody"
                " knows what this costs: try again in a moment"
            )
        price, most = self._prices.price(model), step.most(request)
        if price is None:
            return 0
        return cost_of(price, most.read, most.written, most.pictures).amount_micros
