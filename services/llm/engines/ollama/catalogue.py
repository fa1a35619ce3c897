"""Which models an Ollama server has."""

import asyncio
import re
from collections.abc import Sequence

import ollama

from services.llm.engines.ollama.failures import translated
from services.llm.port import Model

# From so many parameters on a model holds a document together that it has a schema for.
_HOLDS_DOCUMENTS = 1e9
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([KMBT])", re.IGNORECASE)
_UNITS = {"K": 1e3, "M": 1e6, "B": 1e9, "T": 1e12}


class Catalogue:
    """Lists a server's models that can write. What a model can do is asked once."""

    def __init__(self, client: ollama.AsyncClient, url: str, preferred: str) -> None:
        """`preferred` is the model to list first; empty for the server's own order."""
        self._client = client
        self._url = url
        self._preferred = full_name(preferred) if preferred else ""
        self._abilities: dict[str, frozenset[str]] = {}

    async def models(self) -> Sequence[Model]:
        """The models, the default first. Raises EngineUnavailable."""
        with translated(self._url):
            listed, loaded = await asyncio.gather(self._client.list(), self._loaded())
            abilities = await asyncio.gather(
                *(self._able(one.model or "", one.digest or "") for one in listed.models)
            )
        models = [
            Model(
                name=one.model or "",
                title=_title(one),
                loaded=one.model in loaded,
                vision="vision" in able,
                documents=_parameters(one) >= _HOLDS_DOCUMENTS,
                aliases=_aliases(one.model or ""),
            )
            for one, able in zip(listed.models, abilities, strict=True)
            # A server that is too old to say what its models can do is believed to write.
            if one.model and (not able or "completion" in able)
        ]
        return sorted(models, key=lambda model: model.name != self._preferred)

    async def _loaded(self) -> frozenset[str]:
        running = await self._client.ps()
        return frozenset(one.model for one in running.models if one.model)

    async def _able(self, model: str, digest: str) -> frozenset[str]:
        if digest not in self._abilities:
            try:
                shown = await self._client.show(model)
            except ollama.ResponseError:
                # Deleted in between, or broken: the call that uses it will tell.
                return frozenset()
            self._abilities[digest] = frozenset(shown.capabilities or ())
        return self._abilities[digest]


def full_name(model: str) -> str:
    """The name with its tag, as the server lists it."""
    return model if ":" in model.rpartition("/")[2] else f"{model}:latest"


def _aliases(model: str) -> Sequence[str]:
    """What else means it: the latest one needs no tag."""
    short, _, tag = model.rpartition(":")
    return (short,) if tag == "latest" else ()


def _parameters(one: ollama.ListResponse.Model) -> float:
    """How many parameters it has; more than enough where nobody says."""
    said = _SIZE.fullmatch((one.details.parameter_size or "") if one.details else "")
    return float(said[1]) * _UNITS[said[2].upper()] if said else float("inf")


def _title(one: ollama.ListResponse.Model) -> str:
    details = one.details
    facts = [details.parameter_size, details.quantization_level] if details else []
    told = ", ".join(fact for fact in facts if fact)
    return f"{one.model} ({told})" if told else one.model or ""
