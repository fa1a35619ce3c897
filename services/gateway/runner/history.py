"""What earlier runs say of how long the steps of a generation take, and what they write."""

from statistics import median

import structlog
from hatchery.types.v1.model_pb2 import Model

from services.gateway.recipes.recipe import Forecast, Recipe, Request, Step, Text
from services.gateway.reducer.expected import Expected
from services.gateway.reducer.length import Length
from services.gateway.store.failures import Failure, Failures
from services.gateway.store.rows import Row
from services.gateway.store.times import Kind, Times, Written
from services.runtime.errors import HatcheryError, StoreUnavailable
from services.runtime.status import reason_name

log = structlog.get_logger()

# Tokens/s of a model that never wrote, as a guess.
_RATE = 25.0


class History:
    """Expectations that rest on what is stored, and the failures that statistics tell of."""

    def __init__(self, times: Times, failures: Failures) -> None:
        self._times = times
        self._failures = failures

    async def forecast(self, recipe: Recipe, request: Request) -> dict[str, Forecast]:
        """By step; those of which nothing is known are left out."""
        took = await self._times.took([kind(step, request) for step in recipe.steps])
        known = {
            step: Forecast(Expected(it.median, it.low, it.high, it.runs))
            for step, it in took.items()
        }
        for step in recipe.steps:
            if step.text is not None:
                texts = await self._times.written(kind(step, request))
                known[step.name] = _foretold(step.text, request, texts)
        return known

    async def failed(
        self, row: Row, step: Step, attempt: int, model: Model | None, error: HatcheryError
    ) -> None:
        """Keeps a try of a step that failed; statistics may miss one while the store is lost."""
        failure = Failure(
            row.id,
            step.name,
            attempt,
            model.engine if model else "",
            model.name if model else "",
            reason_name(error),
        )
        try:
            await self._failures.put(failure)
        except StoreUnavailable:
            log.warning("a failed try is missing in the statistics", step=step.name)


def kind(step: Step, request: Request) -> Kind:
    """What the time of a step depends on."""
    return Kind(step.name, step.model(request), step.size(request))


def _foretold(text: Text, request: Request, texts: list[Written]) -> Forecast:
    """The length of a text, and its time at the rate of earlier ones."""
    runs = [(one.features, one.tokens) for one in texts]
    length = Length.learned(text.prior, runs, text.features(request), text.most(request))
    low, middle, high = (length.tokens(share) for share in (0.1, 0.5, 0.9))
    if not texts:
        return Forecast(Expected.guess(middle / _RATE), length)
    rate = median(one.rate for one in texts)
    # Reading the prompt, and whatever else is not writing.
    rest = max(median(one.seconds - one.tokens / one.rate for one in texts), 0.0)
    expected = Expected(rest + middle / rate, rest + low / rate, rest + high / rate, len(texts))
    return Forecast(expected, length)
