"""Trying again: a new generation that keeps what the ended one has finished."""

import uuid
from collections.abc import Mapping

from hatchery.gateway.v1.generation_service_pb2 import RetryGenerationRequest
from hatchery.progress.v1.progress_pb2 import StepCompleted

from services.gateway.accept import Acceptor, Retry
from services.gateway.names import GenerationId, Owner, asset_digest, generation_name
from services.gateway.recipes.recipe import Recipe
from services.gateway.store.agents import Agents
from services.gateway.store.conversations import Turn
from services.gateway.store.generations import Generations
from services.gateway.store.rows import ENDED, Row
from services.gateway.store.uploads import Uploads
from services.runtime.errors import InvalidField, NotEnded, NothingToRetry

_RPC = "RetryGeneration"


class Retrier:
    """Accepts retries."""

    def __init__(
        self,
        generations: Generations,
        uploads: Uploads,
        agents: Agents,
        acceptor: Acceptor,
        recipes: Mapping[str, Recipe],
    ) -> None:
        self._generations = generations
        self._uploads = uploads
        self._agents = agents
        self._acceptor = acceptor
        self._recipes = recipes

    async def retry(
        self, owner: Owner, source: Row, request: RetryGenerationRequest
    ) -> GenerationId:
        """Returns the retry of `source`, which is a new generation unless the request id was used.

        Raises NotEnded, NothingToRetry, InvalidField, RequestIdReused, QueueFull, BudgetExceeded
        and RetryUnderWay.
        """
        recipe = self._recipes.get(source.recipe)
        if recipe is None:
            raise NothingToRetry("the package that its recipe came from is not installed here")
        asked = recipe.request.FromString(source.request)
        asked.request_id = request.request_id
        if request.HasField("seed"):
            asked.seed = request.seed
        retry = Retry(source.id, source.origin or source.id, request.from_step)
        if earlier := await self._acceptor.earlier(owner, _RPC, asked, retry):
            return earlier
        if source.state not in ENDED:
            raise NotEnded("it has not ended: cancel it first, or wait")
        results = await self._generations.results(source.id)
        kept = _kept(recipe, source.id, results, request.from_step)
        picture = b""
        if recipe.takes and recipe.takes not in kept:
            picture = await self._picture(source, results.get(recipe.takes))
        return await self._acceptor.accept(
            owner,
            _RPC,
            recipe,
            asked,
            description=source.description,
            resource=source.resource,
            results=kept,
            retry=retry,
            template=source.template,
            upload=picture,
            turn=Turn(source.conversation, "", source.message) if source.conversation else None,
        )

    async def _picture(self, source: Row, result: bytes | None) -> bytes:
        """The picture that a generation began with, by the result of the step that took it in.

        Raises NothingToRetry where it is gone.
        """
        if result is not None:
            picture = StepCompleted.FromString(result).picture
            asset = await self._agents.asset(asset_digest(picture.asset), source.owner)
            assert asset is not None
            return asset.data
        data = await self._uploads.get(source.id)
        if data is None:
            raise NothingToRetry("the picture that it began with is no longer kept: bring it again")
        return data


def _kept(
    recipe: Recipe, source: uuid.UUID, results: Mapping[str, bytes], from_step: str
) -> dict[str, StepCompleted]:
    """What was made before the step to begin at, marked as reused; each from where it was made."""
    again = _again(recipe, results, from_step)
    kept = {}
    for step, result in results.items():
        if step not in again:
            kept[step] = StepCompleted.FromString(result)
            kept[step].reused = kept[step].reused or generation_name(source)
            kept[step].ClearField("cost")  # it was paid there
    return kept


def _again(recipe: Recipe, results: Mapping[str, bytes], from_step: str) -> list[str]:
    """The steps to be done again: from the one that was named, or the first unfinished one."""
    names = [step.name for step in recipe.steps]
    unfinished = next((place for place, name in enumerate(names) if name not in results), None)
    if not from_step:
        if unfinished is None:
            raise NothingToRetry("it went well: name the step to begin at, as from_step")
        return names[unfinished:]
    if from_step not in names:
        raise InvalidField({"from_step": f"must be one of {', '.join(names)}"})
    place = names.index(from_step)
    if unfinished is not None and place > unfinished:
        raise InvalidField({"from_step": f"{names[unfinished]}, before it, has not finished"})
    return names[place:]
