"""What can be asked for: the models of the engine services, remembered for a short while."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from hatchery.gateway.v1.agent_service_pb2 import PortraitOptions
from hatchery.types.v1.model_pb2 import Model

from services.runtime.errors import HatcheryError, InvalidField, UnknownModel

# Seconds for which an answer is good.
_FRESH = 15.0


@dataclass(slots=True)
class _Source:
    ask: Callable[[], Awaitable[list[Model]]]
    clock: Callable[[], float]
    models: list[Model] = field(default_factory=list)
    asked: float = float("-inf")

    async def fresh(self) -> list[Model]:
        """What there is now, give or take a moment. Raises EngineUnavailable."""
        if self.clock() - self.asked > _FRESH:
            self.models = await self.ask()
            self.asked = self.clock()
        return self.models

    async def known(self) -> list[Model]:
        """What there is, or was when the service last answered."""
        try:
            return await self.fresh()
        except HatcheryError:
            if not self.models:
                raise
            return self.models


class Catalog:
    """The models of the llm and the avatar service."""

    def __init__(
        self,
        texts: Callable[[], Awaitable[list[Model]]],
        images: Callable[[], Awaitable[list[Model]]],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._sources = {"llm": _Source(texts, clock), "avatar": _Source(images, clock)}

    async def list(self) -> tuple[list[Model], list[str]]:
        """All models, and the names of the services that did not answer."""
        models, unavailable = [], []
        for name, source in self._sources.items():
            try:
                models += await source.fresh()
            except HatcheryError:
                unavailable.append(name)
        return models, unavailable

    async def check_text(self, model: str) -> None:
        """Raises UnknownModel, or EngineUnavailable when that cannot be known; "" always passes."""
        if model:
            await self._find("llm", model, "llm_model")

    async def check_portrait(self, options: PortraitOptions) -> None:
        """Raises UnknownModel or InvalidField for what the image model would refuse.

        What is left to the default needs no answer from the service, and passes without one.
        """
        if not (options.model or options.width or options.height or options.steps):
            return
        limits = (await self._find("avatar", options.model, "portrait.model")).image
        problems = {}
        for name, size in (("width", options.width), ("height", options.height)):
            if size and not limits.min_size <= size <= limits.max_size:
                problems[f"portrait.{name}"] = (
                    f"this model draws from {limits.min_size} to {limits.max_size} pixels"
                )
        if options.steps > limits.max_steps:
            problems["portrait.steps"] = f"this model makes at most {limits.max_steps} steps"
        if problems:
            raise InvalidField(problems)

    async def _find(self, service: str, model: str, field_name: str) -> Model:
        models = await self._sources[service].known()
        found = next((m for m in models if m.name == model or (not model and m.default)), None)
        if found is None:
            raise UnknownModel(model, [m.name for m in models], field=field_name)
        return found
