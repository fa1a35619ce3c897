"""What can be asked for: the models of the engine services, remembered for a short while."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from hatchery.gateway.v1.agent_service_pb2 import PortraitOptions
from hatchery.types.v1.model_pb2 import Model

from services.runtime.errors import HatcheryError, InvalidField, UnknownModel

# Seconds for which an answer is good, and for which it is when a name is not in it.
_FRESH = 15.0
_FRESH_FOR_UNKNOWN = 1.0
# Seconds in which a service says what it has, where that is only of interest.
_SOON = 0.5


@dataclass(frozen=True, slots=True)
class Offer:
    """The models of a service; `pull_command`, put before a name, brings another."""

    models: Sequence[Model] = ()
    pull_command: str = ""

    def find(self, name: str) -> Model | None:
        """The model of a name or an alias, the default for ""."""
        for model in self.models:
            if name in (model.name, *model.aliases) or (not name and model.default):
                return model
        return None


@dataclass(slots=True)
class _Source:
    ask: Callable[[], Awaitable[Offer]]
    clock: Callable[[], float]
    offer: Offer = field(default_factory=Offer)
    asked: float = float("-inf")
    asking: asyncio.Task[None] | None = None

    async def fresh(self, age: float = _FRESH) -> Offer:
        """What there is now, or was `age` seconds ago. Raises EngineUnavailable.

        It is asked once for all who want to know, and to its end, also where they cannot wait.
        """
        if self.clock() - self.asked > age:
            if self.asking is None or self.asking.done():
                self.asking = asyncio.create_task(self._ask())
                self.asking.add_done_callback(_heard)
            await asyncio.shield(self.asking)
        return self.offer

    async def _ask(self) -> None:
        self.offer = await self.ask()
        self.asked = self.clock()

    async def known(self, name: str) -> Offer:
        """What there is, or was when the service last answered; as new as can be without `name`."""
        try:
            offer = await self.fresh()
            return offer if offer.find(name) else await self.fresh(_FRESH_FOR_UNKNOWN)
        except HatcheryError:
            if self.offer.find(name) is None:
                raise
            return self.offer


def _heard(asking: asyncio.Task[None]) -> None:
    """Whoever could not wait need not hear that it came to nothing."""
    if not asking.cancelled():
        asking.exception()


class Catalog:
    """The models of the llm and the avatar service."""

    def __init__(
        self,
        texts: Callable[[], Awaitable[Offer]],
        images: Callable[[], Awaitable[Offer]],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._sources = {"llm": _Source(texts, clock), "avatar": _Source(images, clock)}

    async def list(self) -> tuple[list[Model], list[str]]:
        """All models, and the names of the services that did not answer."""
        models: list[Model] = []
        unavailable: list[str] = []
        for name, source in self._sources.items():
            try:
                models += (await source.fresh()).models
            except HatcheryError:
                unavailable.append(name)
        return models, unavailable

    async def resolve(self, service: str, model: str, *, sees: bool = False) -> Model | None:
        """What a name means to a service, as far as can be told soon; "" means its default.

        Where it has to see, it is the first that can, unless that one can itself.
        """
        source = self._sources.get(service)
        if source is None:
            return None
        with suppress(HatcheryError, TimeoutError):
            async with asyncio.timeout(_SOON):
                await source.known(model)
        found = source.offer.find(model)
        if sees:
            able = (one for one in (found, *source.offer.models) if one and one.vision)
            return next(able, found)
        return found

    async def check_text(self, model: str, name: str = "llm_model") -> None:
        """Raises UnknownModel, or EngineUnavailable when that cannot be known; "" always passes.

        `name` is the field that has it.
        """
        if model:
            await self._find("llm", model, name)

    async def check_vision(self, model: str) -> None:
        """Raises as check_text does, and InvalidField for a model that cannot look at pictures."""
        if model and not (await self._find("llm", model, "vision_model")).vision:
            raise InvalidField({"vision_model": "this model cannot look at pictures"})

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
        offer = await self._sources[service].known(model)
        found = offer.find(model)
        if found is None:
            raise UnknownModel(
                model,
                [known.name for known in offer.models],
                field=field_name,
                pull_command=offer.pull_command,
            )
        return found
