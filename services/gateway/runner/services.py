"""What steps work with."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from hatchery.types.v1.cost_pb2 import Price
from hatchery.types.v1.model_pb2 import Model

from services.gateway.measures import Measures
from services.gateway.recipes.recipe import Apart, ImageService, Pictures, TextService, Work
from services.gateway.recipes.talk import Talk
from services.gateway.runner.history import History
from services.gateway.runner.slots import Slots
from services.gateway.store.rows import Row
from services.runtime.tracing import Tracing


class ModelOf(Protocol):
    """Knows models."""

    async def __call__(self, service: str, model: str, *, sees: bool) -> Model | None:
        """The one that a name means to a service, "llm" or "avatar"; None where nobody knows."""
        ...


@dataclass(frozen=True, slots=True)
class Services:
    """What steps work with."""

    texts: TextService
    images: ImageService
    pictures: Callable[[Row], Pictures]
    talk: Callable[[Row], Talk]
    work: Work
    apart: Apart
    slots: Slots
    history: History
    model: ModelOf
    price: Callable[[Model], Price | None]
    measures: Measures
    tracing: Tracing
