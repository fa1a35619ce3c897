"""Writing texts and apps, one or several side by side: what is asked for, checked and accepted."""

import hashlib
import uuid

from hatchery.gateway.v1.artifact_service_pb2 import (
    Artifact,
    CreateArtifactRequest,
    CreateComparisonRequest,
)

from services.gateway.accept import Acceptor, Comparison
from services.gateway.names import GenerationId, Owner
from services.gateway.recipes.artifact.steps import CREATE_APP, CREATE_TEXT
from services.gateway.recipes.recipe import Recipe
from services.gateway.upstream.catalog import Catalog

_SEEDS = 2**32


class ArtifactCreator:
    """Accepts what makes artifacts."""

    def __init__(self, *, catalog: Catalog, acceptor: Acceptor, max_tokens: int) -> None:
        """`max_tokens` bounds what is written where a request does not."""
        self._catalog = catalog
        self._acceptor = acceptor
        self._max_tokens = max_tokens

    async def create(self, owner: Owner, request: CreateArtifactRequest) -> GenerationId:
        """The generation of a new artifact. Raises what CreateArtifact documents."""
        rpc = "CreateArtifact"
        if earlier := await self._acceptor.earlier(owner, rpc, request):
            return earlier
        await self._catalog.check_text(request.model, "model")
        made = self._made(request)
        return await self._acceptor.accept(
            owner, rpc, _recipe(made), request, made=made, description=made.prompt
        )

    async def compare(self, owner: Owner, request: CreateComparisonRequest) -> list[GenerationId]:
        """The generations of a new comparison. Raises what CreateComparison documents."""
        rpc = "CreateComparison"
        asked = CreateComparisonRequest()
        asked.CopyFrom(request)
        asked.ClearField("request_id")
        comparison = Comparison(
            requests=[self._draft(request, place) for place, _ in enumerate(request.models)],
            request_id=uuid.UUID(request.request_id) if request.request_id else uuid.uuid4(),
            description=request.artifact.prompt,
            digest=hashlib.sha256(asked.SerializeToString(deterministic=True)).digest(),
        )
        if earlier := await self._acceptor.earlier_all(owner, rpc, comparison):
            return earlier
        for place, model in enumerate(request.models):
            await self._catalog.check_text(model, f"models[{place}]")
        recipe = _recipe(self._made(request.artifact))
        return await self._acceptor.accept_all(owner, rpc, recipe, comparison)

    def _draft(self, request: CreateComparisonRequest, place: int) -> CreateArtifactRequest:
        """What one of several models is asked; each draft of the same has a seed of its own."""
        made, models = self._made(request.artifact), list(request.models)
        made.model = models[place]
        if made.HasField("seed"):
            made.seed = (made.seed + models[:place].count(made.model)) % _SEEDS
        return made

    def _made(self, request: CreateArtifactRequest) -> CreateArtifactRequest:
        """The request, with what it leaves open."""
        made = CreateArtifactRequest()
        made.CopyFrom(request)
        made.kind = made.kind or Artifact.KIND_TEXT
        made.max_tokens = made.max_tokens or self._max_tokens
        return made


def _recipe(made: CreateArtifactRequest) -> Recipe:
    return CREATE_APP if made.kind == Artifact.KIND_APP else CREATE_TEXT
