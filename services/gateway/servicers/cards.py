"""Agents as character cards, out and in."""

import asyncio
import hashlib
import re
import uuid
from collections.abc import AsyncIterable
from dataclasses import dataclass
from functools import partial

from hatchery.gateway.v1 import agent_service_pb2 as pb
from hatchery.progress.v1.progress_pb2 import Fallback
from hatchery.types.v1.image_pb2 import ImageRef
from hatchery.types.v1.persona_pb2 import Persona

from services.gateway.cards.card import LARGEST, as_png, read
from services.gateway.cards.document import decode, encode
from services.gateway.cards.persona import card_of, description_of, persona_of, with_persona
from services.gateway.names import AgentId, Owner, agent_name, asset_digest
from services.gateway.pictures import PNG, NoPicture, egg, stripped
from services.gateway.recipes.effects import StoreAsset
from services.gateway.recipes.portrait import portrait_ref
from services.gateway.store.agents import AgentRow, Agents, Asset
from services.gateway.store.imports import Imports, NewImport
from services.gateway.words import words_of
from services.gateway.workers import Workers
from services.runtime.errors import InvalidField, PictureMissing, RequestIdReused
from services.runtime.interceptors import check
from services.runtime.status import to_status

_SIDE = 1024
_PLACEHOLDER = 512
# So many cards are received at a time; each has so many seconds to come.
_UPLOADS, _PATIENCE = 16, 120.0
_JSON = "application/json"


@dataclass(frozen=True, slots=True)
class File:
    """A card as it is sent."""

    data: bytes
    media_type: str
    name: str


class Cards:
    """Writes agents as cards, and keeps those that come as such."""

    def __init__(self, agents: Agents, imports: Imports, work: Workers) -> None:
        self._agents = agents
        self._imports = imports
        self._receiving = asyncio.Semaphore(_UPLOADS)
        self._work = work

    async def export(self, agent: AgentRow, form: pb.ExportAgentRequest.Format.ValueType) -> File:
        """The agent as it is now, with all that its card came with."""
        kept = await self._imports.card(agent.id, agent.owner)
        picture = None
        if form != pb.ExportAgentRequest.FORMAT_JSON:
            portrait = ImageRef.FromString(agent.portrait)
            asset = await self._agents.asset(asset_digest(portrait.asset), Owner(agent.owner))
            drawn = asset is not None and asset.media_type == PNG
            picture = asset.data if asset and drawn else egg(_PLACEHOLDER).data
        return await self._work(partial(_written, agent, kept, picture))

    async def keep(self, owner: Owner, requests: AsyncIterable[pb.ImportAgentRequest]) -> AgentId:
        """The agent that came of a card. Raises InvalidField and RequestIdReused."""
        async with self._receiving:
            request_id, data = await _received(requests)
            new = await self._work(partial(_looked_at, owner, request_id, data))
        check(Persona.FromString(new.persona))
        agent, earlier = await self._imports.keep(new)
        if earlier != new.digest:
            raise RequestIdReused(
                "this request_id was used before with another card; choose a new one",
                metadata={"agent": agent_name(agent)},
            )
        return AgentId(agent)


async def _received(requests: AsyncIterable[pb.ImportAgentRequest]) -> tuple[uuid.UUID, bytes]:
    """The request id, one of our own where none was given, and all the bytes."""
    request_id, data = "", bytearray()
    try:
        async with asyncio.timeout(_PATIENCE):
            async for request in requests:
                request_id = request_id or request.request_id
                if data and not request.data:
                    raise InvalidField({"data": "a piece of the card is empty"})
                data += request.data
                if len(data) > LARGEST:
                    raise InvalidField({"data": f"the card is larger than {LARGEST} bytes"})
    except TimeoutError as error:
        late = f"the card was not there within {_PATIENCE:.0f} seconds"
        raise InvalidField({"data": late}) from error
    return uuid.UUID(request_id) if request_id else uuid.uuid4(), bytes(data)


def _looked_at(owner: Owner, request_id: uuid.UUID, data: bytes) -> NewImport:
    card = read(data)
    persona = persona_of(card.document)
    description = description_of(card.document, persona)
    placeholder, picture = egg(_PLACEHOLDER), None
    if card.picture is not None:
        try:
            picture = stripped(card.picture, side=_SIDE)
        except NoPicture as error:
            raise InvalidField({"data": f"the card's picture {error}"}) from error
    # A placeholder that went out comes back as one.
    missing = picture is None or picture == placeholder
    shown = picture or placeholder
    asset = StoreAsset(shown.data, PNG)
    why = to_status(PictureMissing("the card came without a picture"))
    fallback = Fallback(substitute="placeholder", error=why)
    return NewImport(
        id=uuid.uuid4(),
        owner=owner,
        request_id=request_id,
        digest=hashlib.sha256(data).digest(),
        card=encode(card.document),
        description=description,
        persona=persona.SerializeToString(),
        words=words_of(persona, description),
        portrait=portrait_ref(asset, shown.width, shown.height).SerializeToString(),
        portrait_fallback=fallback.SerializeToString() if missing else None,
        picture=Asset(asset.media_type, asset.data),
        picture_digest=asset.digest,
    )


def _written(agent: AgentRow, kept: tuple[bytes, bytes] | None, picture: bytes | None) -> File:
    """The card as JSON; in a picture, where there is one."""
    persona = Persona.FromString(agent.persona)
    if kept:
        document = with_persona(decode(kept[0]), Persona.FromString(kept[1]), persona)
    else:
        document = card_of(persona, agent.description)
    name = f"{_file_name(persona.name)}-{agent.id.hex[:8]}"
    if picture is None:
        return File(encode(document), _JSON, f"{name}.json")
    return File(as_png(document, picture), PNG, f"{name}.png")


def _file_name(name: str) -> str:
    """The beginning of a file's name, of letters that any file system takes."""
    return re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-")[:60] or "companion"
