"""Running recipes that were installed: what is asked for, checked and accepted."""

from collections.abc import Mapping, Sequence

from hatchery.gateway.v1.recipe_service_pb2 import RunRecipeRequest

from services.gateway.accept import Acceptor
from services.gateway.names import GenerationId, Owner
from services.gateway.recipes.custom import CustomRecipe, Document
from services.gateway.recipes.installed.adapting import Installed, input_of
from services.gateway.recipes.recipe import Recipe
from services.gateway.upstream.catalog import Catalog
from services.runtime.errors import ResourceNotFound

_LONGEST_DESCRIPTION = 2000


class RecipeRunner:
    """Accepts what runs the recipes that are `installed`; `recipes` are all there are, by name."""

    def __init__(
        self,
        installed: Sequence[Installed],
        recipes: Mapping[str, Recipe],
        *,
        catalog: Catalog,
        acceptor: Acceptor,
    ) -> None:
        self.installed = installed
        self._by_name = {one.name: one.recipe for one in installed}
        self._recipes = recipes
        self._catalog = catalog
        self._acceptor = acceptor

    async def run(self, owner: Owner, request: RunRecipeRequest) -> GenerationId:
        """The generation of a new run. Raises what RunRecipe documents."""
        rpc = "RunRecipe"
        if earlier := await self._acceptor.earlier(owner, rpc, request):
            return earlier
        custom = self._by_name.get(request.name)
        if custom is None:
            raise ResourceNotFound(request.name)
        given = input_of(custom, request)
        await self._catalog.check_text(request.model, "model")
        return await self._acceptor.accept(
            owner,
            rpc,
            self._recipes[request.name],
            request,
            description=_description(custom, given),
        )


def _description(recipe: CustomRecipe, given: Document) -> str:
    """What it is about, for lists: the first text of the input, in the order of its schema."""
    named = [given.get(name) for name in recipe.input_schema.get("properties", {})]
    texts = (one.strip() for one in named if isinstance(one, str))
    # Postgres knows no NUL within a text.
    text = next(filter(None, texts), recipe.title).replace("\0", "\ufffd")
    if len(text) <= _LONGEST_DESCRIPTION:
        return text
    return f"{text[: _LONGEST_DESCRIPTION - 1]}…"
