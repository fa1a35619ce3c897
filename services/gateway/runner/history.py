"""What earlier runs say of how long the steps of a generation take."""

from services.gateway.recipes.recipe import Recipe, Request, Step
from services.gateway.reducer.expected import Expected
from services.gateway.store.times import Kind, Times


class History:
    """Expectations that rest on what is stored."""

    def __init__(self, times: Times) -> None:
        self._times = times

    async def expected(self, recipe: Recipe, request: Request) -> dict[str, Expected]:
        """By step; those of a kind that never ran are left out."""
        took = await self._times.took([kind(step, request) for step in recipe.steps])
        return {
            step: Expected(known.median, known.low, known.high, known.runs)
            for step, known in took.items()
        }


def kind(step: Step, request: Request) -> Kind:
    """What the time of a step depends on."""
    return Kind(step.name, step.model(request), step.size(request))
