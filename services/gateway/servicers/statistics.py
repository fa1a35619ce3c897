"""What an owner's generations come to, as QueryGenerationStats tells it."""

import datetime as dt
from dataclasses import dataclass, field

from google.protobuf.duration_pb2 import Duration
from hatchery.gateway.v1 import generation_service_pb2 as pb
from hatchery.types.v1.cost_pb2 import Cost

from services.gateway.names import Owner
from services.gateway.prices import PriceList
from services.gateway.store.budgets import Budgets
from services.gateway.store.deliveries import Delivered, Deliveries
from services.gateway.store.stats import FailureRow, RecipeRow, Scope, Stats, StepRow
from services.gateway.watch.deliveries import BOUNDS
from services.runtime.tally import Tally

_ALWAYS = dt.datetime.min.replace(tzinfo=dt.UTC)
# Postgres, and a datetime, know no later year.
_LATEST = 253_402_300_799
# The most periods that are told.
_PERIODS = 400


@dataclass(slots=True)
class _Told:
    """What is told of one stretch of time."""

    recipes: dict[str, pb.RecipeStats] = field(default_factory=dict)
    steps: dict[tuple[str, str, str, str], pb.StepStats] = field(default_factory=dict)


class Statistics:
    """Answers QueryGenerationStats."""

    def __init__(
        self, stats: Stats, deliveries: Deliveries, budgets: Budgets, prices: PriceList
    ) -> None:
        self._stats = stats
        self._deliveries = deliveries
        self._budgets = budgets
        self._prices = prices

    async def query(
        self, owner: Owner | None, request: pb.QueryGenerationStatsRequest
    ) -> pb.QueryGenerationStatsResponse:
        """What there is to tell of an owner's generations; of everybody's, where that is None."""
        since = _ALWAYS
        if request.HasField("start_time"):
            seconds = min(request.start_time.seconds, _LATEST)
            since = dt.datetime.fromtimestamp(seconds, dt.UTC)
        answer = pb.QueryGenerationStatsResponse()
        for told in (await self._told(Scope(owner, since))).values():
            answer.recipes.extend(told.recipes.values())
            answer.steps.extend(told.steps.values())
        if request.HasField("period"):
            scope = Scope(owner, since, request.period.ToTimedelta())
            periods = await self._told(await self._stats.latest(scope, _PERIODS))
            for start in sorted(periods):
                period = answer.periods.add(
                    recipes=periods[start].recipes.values(), steps=periods[start].steps.values()
                )
                period.start_time.FromDatetime(start)
        delivered = await self._deliveries.told(owner, since)
        if delivered.streams or delivered.latencies:
            answer.streams.CopyFrom(_streams(delivered))
        if owner is not None:
            await self._put_budget(owner, answer)
        return answer

    async def _told(self, scope: Scope) -> dict[dt.datetime, _Told]:
        told: dict[dt.datetime, _Told] = {}
        for recipe in await self._stats.recipes(scope):
            here = told.setdefault(recipe.start, _Told())
            here.recipes[recipe.recipe] = self._recipe(recipe)
        for step in await self._stats.steps(scope):
            key = step.recipe, step.step, step.engine, step.model
            told.setdefault(step.start, _Told()).steps[key] = _step(step)
        for failure in await self._stats.failures(scope):
            _put(told.setdefault(failure.start, _Told()), failure)
        return told

    def _recipe(self, row: RecipeRow) -> pb.RecipeStats:
        priced = bool(self._prices.models)
        return pb.RecipeStats(
            recipe=row.recipe,
            generations=row.generations,
            completed=row.completed,
            failed=row.failed,
            cancelled=row.cancelled,
            median_duration=_duration(row.median),
            p90_duration=_duration(row.p90),
            satisfaction=pb.Satisfaction(ratings=row.ratings, mean_stars=row.mean_stars),
            cost=self._cost(row.cost_micros) if priced else None,
        )

    def _cost(self, micros: int) -> Cost:
        return Cost(amount_micros=micros, unit=self._prices.unit)

    async def _put_budget(self, owner: Owner, answer: pb.QueryGenerationStatsResponse) -> None:
        budget = self._prices.budget_of(owner)
        if budget is None:
            return
        spending = await self._budgets.spending(owner, budget)
        answer.budget.limit.CopyFrom(self._cost(budget.limit))
        answer.budget.spent.CopyFrom(self._cost(spending.spent))
        answer.budget.reserved.CopyFrom(self._cost(spending.reserved))
        answer.budget.period.FromTimedelta(budget.period)


def _step(row: StepRow) -> pb.StepStats:
    return pb.StepStats(
        recipe=row.recipe,
        step=row.step,
        engine=row.engine,
        model=row.model,
        completed=row.completed,
        median_duration=_duration(row.median),
        p90_duration=_duration(row.p90),
        median_tokens_per_second=row.rate,
        input_tokens=row.input_tokens,
        output_tokens=row.output_tokens,
        fallbacks=row.fallbacks,
        median_estimate_error=row.estimate_error,
        satisfaction=pb.Satisfaction(ratings=row.ratings, mean_stars=row.mean_stars),
        updates=row.updates,
        median_update_gap=_duration(row.median_gap),
        max_update_gap=_duration(row.max_gap),
        total_duration=_duration(row.worked),
    )


def _streams(delivered: Delivered) -> pb.StreamStats:
    late = Tally(BOUNDS, delivered.latencies)
    return pb.StreamStats(
        streams=delivered.streams,
        left=delivered.gone,
        failures=[
            pb.FailureStats(reason=reason, failures=failures)
            for reason, failures in delivered.failures.items()
        ],
        events=late.total,
        median_latency=_duration(late.quantile(0.5)),
        p99_latency=_duration(late.quantile(0.99)),
    )


def _put(told: _Told, failure: FailureRow) -> None:
    """Adds a reason to what failed for it: a step may have done nothing but fail."""
    if failure.step:
        key = failure.recipe, failure.step, failure.engine, failure.model
        step = told.steps.setdefault(
            key,
            pb.StepStats(
                recipe=failure.recipe,
                step=failure.step,
                engine=failure.engine,
                model=failure.model,
            ),
        )
        step.failures.add(reason=failure.reason, failures=failure.failures)
    elif recipe := told.recipes.get(failure.recipe):  # none, where it has just begun
        recipe.failures.add(reason=failure.reason, failures=failure.failures)


def _duration(seconds: float) -> Duration:
    told = Duration()
    told.FromTimedelta(dt.timedelta(seconds=seconds))
    return told
