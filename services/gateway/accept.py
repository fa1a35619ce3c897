"""Accepting a generation: stored with its first event, or found again by its request id."""

import datetime as dt
import hashlib
import uuid
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass

from hatchery.gateway.v1.generation_service_pb2 import Generation
from hatchery.progress.v1.progress_pb2 import StepCompleted

from services.gateway.names import AgentId, GenerationId, Owner, generation_name
from services.gateway.recipes.recipe import Recipe, Request
from services.gateway.reducer.narrator import Narrator
from services.gateway.reducer.snapshot import fold
from services.gateway.runner.history import History
from services.gateway.store.generations import Generations, NewGeneration
from services.gateway.store.rows import Row
from services.runtime.errors import RequestIdReused


@dataclass(frozen=True, slots=True)
class Retry:
    """What is tried again, the first of all its tries, and the step that was named to begin at."""

    of: uuid.UUID
    origin: uuid.UUID
    from_step: str


class Acceptor:
    """Stores what is asked for. `accepted` is called after each commit."""

    def __init__(
        self,
        generations: Generations,
        history: History,
        accepted: Callable[[], None],
        *,
        places: int,
        now: Callable[[], dt.datetime],
    ) -> None:
        """`places` is how many of them the engines work on at once."""
        self._generations = generations
        self._history = history
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
        return _the_same(row, _encoded(request), retry) if row else None

    async def accept(
        self,
        owner: Owner,
        rpc: str,
        recipe: Recipe,
        request: Request,
        *,
        description: str,
        agent: AgentId | None = None,
        results: Mapping[str, StepCompleted] | None = None,
        retry: Retry | None = None,
        upload: bytes = b"",
        made: Request | None = None,
        template: str = "",
    ) -> GenerationId:
        """Returns the generation for this request, which is a new one unless its id was used.

        `agent` is the one that it changes; without one it makes a new one. `results` are steps
        that are done already. `made` is what is worked with, where that is not what was asked for:
        with a `template` put in, and with the picture that steps begin with taken out, as `upload`.
        Raises RequestIdReused when the same id came with other fields, and
        RetryUnderWay.
        """
        generation = GenerationId(uuid.uuid4())
        request_id = uuid.UUID(request.request_id) if request.request_id else uuid.uuid4()
        asked, made = _encoded(request), made or request
        plan = recipe.plan(await self._history.expected(recipe, made), results or ())

        def first_event(ahead: int) -> tuple[bytes, bytes]:
            narrator = Narrator(generation_name(generation), plan)
            event = narrator.queued(self._now(), ahead, ahead + 1, places=self._places)
            event.sequence = 1
            snapshot = Generation()
            fold(snapshot, event)
            return event.SerializeToString(), snapshot.SerializeToString()

        row, new = await self._generations.accept(
            NewGeneration(
                id=generation,
                owner=owner,
                recipe=recipe.name,
                rpc=rpc,
                request_id=request_id,
                request=_encoded(made),
                asked=hashlib.sha256(asked).digest(),
                upload=upload,
                template=template,
                description=description,
                agent=agent or uuid.uuid4(),
                results={k: v.SerializeToString() for k, v in (results or {}).items()},
                retry_of=retry.of if retry else None,
                retry_from=retry.from_step if retry else "",
                origin=retry.origin if retry else None,
            ),
            first_event,
        )
        if not new:
            return _the_same(row, asked, retry)
        self._accepted()
        return generation


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
