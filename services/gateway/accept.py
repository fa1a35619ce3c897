"""Accepting a generation: stored with its first event, or found again by its request id."""

import datetime as dt
import hashlib
import uuid
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass

import structlog
from hatchery.gateway.v1.generation_service_pb2 import Generation
from hatchery.progress.v1.progress_pb2 import StepCompleted

from services.gateway.names import GenerationId, Owner, generation_name
from services.gateway.recipes.recipe import Recipe, Request
from services.gateway.reducer.narrator import Narrator, PlannedStep
from services.gateway.reducer.snapshot import fold
from services.gateway.runner.history import History
from services.gateway.spending import Quotes
from services.gateway.store.accepting import NewGeneration
from services.gateway.store.conversations import Turn
from services.gateway.store.generations import Generations
from services.gateway.store.rows import Row
from services.runtime.errors import RequestIdReused
from services.runtime.tracing import PARENT, here


@dataclass(frozen=True, slots=True)
class Retry:
    """What is tried again, the first of all its tries, and the step that was named to begin at."""

    of: uuid.UUID
    origin: uuid.UUID
    from_step: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """What several models make at once: a request for each, and the digest of what was asked."""

    requests: Sequence[Request]
    request_id: uuid.UUID
    description: str
    digest: bytes

    def id_of(self, place: int) -> uuid.UUID:
        """The request id of one of them: always the same."""
        return uuid.uuid5(self.request_id, str(place))


class Acceptor:
    """Stores what is asked for. `accepted` is called after each commit, with the first events."""

    def __init__(
        self,
        generations: Generations,
        history: History,
        quotes: Quotes,
        accepted: Callable[[Mapping[uuid.UUID, bytes]], None],
        *,
        places: int,
        now: Callable[[], dt.datetime],
    ) -> None:
        """`places` is how many of them the engines work on at once."""
        self._generations = generations
        self._history = history
        self._quotes = quotes
        self._places = places
        self._accepted = accepted
        self._now = now

    async def earlier(
        self, owner: Owner, rpc: str, request: Request, retry: Retry | None = None
    ) -> GenerationId | None:
        """The generation that the same request made before. Raises RequestIdReused."""
        if not request.request_id:
            return None
        row = await self._generations.requested(owner, rpc, uuid.UUID(request.request_id))
        if row is None:
            return None
        generation = _the_same(row, _encoded(request), retry)
        tell_of(row.id, row.trace)
        return generation

    async def earlier_all(
        self, owner: Owner, rpc: str, comparison: Comparison
    ) -> list[GenerationId]:
        """The generations that the same comparison made before. Raises RequestIdReused."""
        first = await self._generations.requested(owner, rpc, comparison.id_of(0))
        if first is None:
            return []
        assert first.comparison is not None
        rows = await self._generations.compared(first.comparison, owner)
        _check_same(rows, comparison.digest)
        return [GenerationId(row.id) for row in rows]

    async def accept(
        self,
        owner: Owner,
        rpc: str,
        recipe: Recipe,
        request: Request,
        *,
        description: str,
        resource: uuid.UUID | None = None,
        results: Mapping[str, StepCompleted] | None = None,
        retry: Retry | None = None,
        upload: bytes = b"",
        made: Request | None = None,
        template: str = "",
        caused_by: uuid.UUID | None = None,
        turn: Turn | None = None,
    ) -> GenerationId:
        """Returns the generation for this request, which is a new one unless its id was used.

        `resource` is what it changes; without one it makes a new one. `results` are steps that are
        done already. `made` is what is worked with, where that is not what was asked for: with a
        `template` put in, and with the picture that steps begin with taken out, as `upload`.
        `caused_by` is the generation whose action asks for it; `turn`, the message to be answered.
        Raises RequestIdReused when the same id came with other fields, QueueFull, BudgetExceeded
        and RetryUnderWay.
        """
        asked, made, results = _encoded(request), made or request, results or {}
        quote = await self._quotes.quote(owner, recipe, made, results)
        new = NewGeneration(
            id=uuid.uuid4(),
            owner=owner,
            recipe=recipe.name,
            rpc=rpc,
            request_id=uuid.UUID(request.request_id) if request.request_id else uuid.uuid4(),
            request=_encoded(made),
            asked=hashlib.sha256(asked).digest(),
            upload=upload,
            template=template,
            description=description,
            resource=resource or uuid.uuid4(),
            results={k: v.SerializeToString() for k, v in results.items()},
            retry_of=retry.of if retry else None,
            retry_from=retry.from_step if retry else "",
            origin=retry.origin if retry else None,
            reserved=quote.most,
            prices=quote.prices,
            caused_by=caused_by,
            turn=turn,
            trace=here().headers.get(PARENT),
        )
        plan = await self._plan(recipe, made, results)
        (row, *_), fresh = await self._store(owner, [new], {new.id: plan})
        if not fresh:
            _the_same(row, asked, retry)
        tell_of(row.id, None if fresh else row.trace)
        return GenerationId(row.id)

    async def accept_all(
        self, owner: Owner, rpc: str, recipe: Recipe, comparison: Comparison
    ) -> list[GenerationId]:
        """Returns the generations of a comparison, which are new ones unless its id was used.

        Raises RequestIdReused, QueueFull and BudgetExceeded.
        """
        id_, plans, new = uuid.uuid4(), dict[uuid.UUID, Sequence[PlannedStep]](), []
        for place, made in enumerate(comparison.requests):
            quote = await self._quotes.quote(owner, recipe, made, {})
            one = NewGeneration(
                id=uuid.uuid4(),
                owner=owner,
                recipe=recipe.name,
                rpc=rpc,
                request_id=comparison.id_of(place),
                request=_encoded(made),
                asked=comparison.digest,
                description=comparison.description,
                resource=uuid.uuid4(),
                results={},
                comparison=id_,
                place=place,
                reserved=quote.most,
                prices=quote.prices,
                trace=here().headers.get(PARENT),
            )
            plans[one.id] = await self._plan(recipe, made, {})
            new.append(one)
        rows, fresh = await self._store(owner, new, plans)
        if not fresh:
            _check_same(rows, comparison.digest)
        return [GenerationId(row.id) for row in rows]

    async def _store(
        self,
        owner: Owner,
        new: Sequence[NewGeneration],
        plans: Mapping[uuid.UUID, Sequence[PlannedStep]],
    ) -> tuple[list[Row], bool]:
        events = dict[uuid.UUID, bytes]()

        def first_event(one: NewGeneration, ahead: int) -> tuple[bytes, bytes]:
            narrator = Narrator(generation_name(one.id), plans[one.id])
            event = narrator.queued(self._now(), ahead, ahead + 1, places=self._places)
            event.sequence = 1
            snapshot = Generation()
            fold(snapshot, event)
            events[one.id] = event.SerializeToString()
            return events[one.id], snapshot.SerializeToString()

        budget = self._quotes.budget_of(owner) if any(one.reserved for one in new) else None
        rows, fresh = await self._generations.accept(new, first_event, budget)
        if fresh:
            self._accepted(events)
        return rows, fresh

    async def _plan(
        self, recipe: Recipe, made: Request, results: Mapping[str, StepCompleted]
    ) -> Sequence[PlannedStep]:
        return recipe.plan(await self._history.forecast(recipe, made), results)


def tell_of(generation: uuid.UUID, trace: str | None) -> None:
    """Has the logs and the span of a call say which generation it is about.

    `trace` is where that belongs, if not there. What is done within another generation says so.
    """
    if "method" not in structlog.contextvars.get_contextvars():
        return
    structlog.contextvars.bind_contextvars(generation=str(generation))
    here().note({"hatchery.generation": str(generation)})
    if trace:
        here().link(trace)


def _check_same(rows: Sequence[Row], digest: bytes) -> None:
    """Raises RequestIdReused unless these came of the same request."""
    if any(row.asked != digest for row in rows):
        raise RequestIdReused(
            "this request_id was used before with other fields; choose a new one",
            metadata={"generation": generation_name(rows[0].id)},
        )


def _the_same(row: Row, asked: bytes, retry: Retry | None) -> GenerationId:
    again = (retry.of, retry.from_step) if retry else (None, "")
    # What was accepted before there were digests has none.
    same = row.asked == hashlib.sha256(asked).digest() if row.asked else row.request == asked
    if not same or (row.retry_of, row.retry_from) != again:
        raise RequestIdReused(
            "this request_id was used before with other fields; choose a new one",
            metadata={"generation": generation_name(row.id)},
        )
    return GenerationId(row.id)


def _encoded(request: Request) -> bytes:
    """The request without its id, which is kept beside it."""
    copy = deepcopy(request)
    copy.request_id = ""
    return copy.SerializeToString(deterministic=True)
