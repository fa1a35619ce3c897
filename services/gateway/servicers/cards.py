"""Agents as character cards, out and in."""

import asyncio
import hashlib
import re
import uuid
from collections.abc import AsyncIterable
from dataclasses import dataclass

from hatchery.gateway.v1 import agent_service_pb2 as pb
from hatchery.progress.v1.progress_pb2 import Fallback
from hatchery.types.v1.image_pb2 import ImageRef
from hatchery.types.v1.persona_pb2 import Persona

from services.gateway.cards.card import LARGEST, Card, as_png, read
from services.gateway.cards.document import encode, parse
from services.gateway.cards.persona import card_of, description_of, persona_of, with_persona
from services.gateway.names import AgentId, Owner, agent_name, asset_digest, asset_name
from services.gateway.pictures import PNG, NoPicture, Picture, egg, stripped
from services.gateway.store.agents import AgentRow, Agents
from services.gateway.store.imports import Imports, NewImport
from services.gateway.words import words_of
from services.runtime.errors import InvalidField, PictureMissing, RequestIdReused
from services.runtime.interceptors import check
from services.runtime.status import to_status

_SIDE = 1024
_PLACEHOLDER = 512
# So many are decoded at a time: a picture of 40 million pixels takes 160 MB.
_AT_ONCE = 2
_JSON = "application/json"


@dataclass(frozen=True, slots=True)
class File:
    """A card as it is sent."""

    data: bytes
    media_type: str
    name: str


class Cards:
    """Writes agents as cards, and keeps those that come as such."""

    def __init__(self, agents: Agents, imports: Imports) -> None:
        self._agents = agents
        self._imports = imports
        self._decoding = asyncio.Semaphore(_AT_ONCE)

    async def export(self, agent: AgentRow, form: pb.ExportAgentRequest.Format.ValueType) -> File:
        """The agent as it is now, with all that its card came with."""
        persona = Persona.FromString(agent.persona)
        kept = await self._imports.card(agent.id, agent.owner)
        document = (
            with_persona(parse(kept), persona) if kept else card_of(persona, agent.description)
        )
        name = _file_name(persona.name)
        if form == pb.ExportAgentRequest.FORMAT_JSON:
            return File(encode(document), _JSON, f"{name}.json")
        portrait = ImageRef.FromString(agent.portrait)
        asset = await self._agents.asset(asset_digest(portrait.asset), Owner(agent.owner))
        picture = asset.data if asset and asset.media_type == PNG else egg(_PLACEHOLDER).data
        return File(await asyncio.to_thread(as_png, document, picture), PNG, f"{name}.png")

    async def keep(self, owner: Owner, requests: AsyncIterable[pb.ImportAgentRequest]) -> AgentId:
        """The agent that came of a card. Raises InvalidField and RequestIdReused."""
        request_id, data = await _received(requests)
        async with self._decoding:
            card, picture = await asyncio.to_thread(_looked_at, data)
        persona = persona_of(card.document)
        check(persona)
        description = description_of(card.document)
        shown = picture or egg(_PLACEHOLDER)
        digest = hashlib.sha256(shown.data).digest()
        portrait = ImageRef(
            asset=asset_name(digest),
            media_type=PNG,
            width=shown.width,
            height=shown.height,
            size_bytes=len(shown.data),
        )
        missing = to_status(PictureMissing("the card came without a picture"))
        fallback = None if picture else Fallback(substitute="placeholder", error=missing)
        agent, earlier = await self._imports.keep(
            NewImport(
                id=uuid.uuid4(),
                owner=owner,
                request_id=request_id,
                digest=(whole := hashlib.sha256(data).digest()),
                card=encode(card.document),
                description=description,
                persona=persona.SerializeToString(),
                words=words_of(persona, description),
                portrait=portrait.SerializeToString(),
                portrait_fallback=fallback and fallback.SerializeToString(),
                picture=shown.data,
                picture_digest=digest,
                picture_type=PNG,
            )
        )
        if earlier != whole:
            raise RequestIdReused(
                "this request_id was used before with another card; choose a new one",
                metadata={"agent": agent_name(agent)},
            )
        return AgentId(agent)


async def _received(requests: AsyncIterable[pb.ImportAgentRequest]) -> tuple[uuid.UUID, bytes]:
    """The request id, one of our own where none was given, and all the bytes."""
    request_id, data = "", bytearray()
    async for request in requests:
        request_id = request_id or request.request_id
        data += request.data
        if len(data) > LARGEST:
            raise InvalidField({"data": f"the card is larger than {LARGEST} bytes"})
    return uuid.UUID(request_id) if request_id else uuid.uuid4(), bytes(data)


def _looked_at(data: bytes) -> tuple[Card, Picture | None]:
    card = read(data)
    if card.picture is None:
        return card, None
    try:
        return card, stripped(card.picture, side=_SIDE)
    except NoPicture as error:
        raise InvalidField({"data": f"the card's picture {error}"}) from error


def _file_name(name: str) -> str:
    """A name that any file system takes, of ASCII, as a header may have to carry it."""
    return re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-")[:60] or "companion"
