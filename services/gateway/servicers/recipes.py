"""RecipeService: recipes that were installed beside the gateway."""

import asyncio
import json
from typing import Any

import grpc
from hatchery.gateway.v1 import recipe_service_pb2 as pb
from hatchery.gateway.v1.recipe_service_pb2_grpc import RecipeServiceServicer

from services.gateway.identity.callers import caller
from services.gateway.recipes.installed.adapting import Installed
from services.gateway.running import RecipeRunner
from services.gateway.servicers.streams import until_stopping
from services.gateway.watch.watcher import Watcher

Context = grpc.aio.ServicerContext[Any, Any]


class RecipeServicer(RecipeServiceServicer):
    """The RPCs of recipes. `stopping` ends the streams."""

    def __init__(self, runner: RecipeRunner, watcher: Watcher, *, stopping: asyncio.Event) -> None:
        self._runner = runner
        self._watcher = watcher
        self._stopping = stopping

    async def ListRecipes(
        self, request: pb.ListRecipesRequest, context: Context
    ) -> pb.ListRecipesResponse:
        """Tells of all of them."""
        return pb.ListRecipesResponse(recipes=[_told(one) for one in self._runner.installed])

    async def RunRecipe(  # type: ignore[override]  # it writes, and yields nothing
        self, request: pb.RunRecipeRequest, context: Context
    ) -> None:
        """Accepts the generation and streams it."""
        generation = await self._runner.run(caller(), request)
        await until_stopping(self._stopping, self._watcher.watch(generation, 0, context.write))


def _told(installed: Installed) -> pb.Recipe:
    recipe = installed.recipe
    told = pb.Recipe(
        name=installed.name,
        title=recipe.title,
        description=recipe.description,
        package=installed.package,
        package_version=installed.version,
        input_schema=json.dumps(recipe.input_schema),
    )
    for step, share in zip(recipe.steps, installed.shares(), strict=True):
        told.steps.add(
            step=step.name,
            title=step.title,
            engine=step.engine,
            output_schema=json.dumps(step.output_schema),
            share=share,
        )
    return told
