"""Stores what a step made, within the transaction of its end."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from google.protobuf.message import Message

from services.gateway.recipes.effects import (
    DropUpload,
    Effect,
    SetPortrait,
    StoreAgent,
    StoreArtifact,
    StoreAsset,
)
from services.gateway.store.agents import NewAgent, put_agent, put_asset, put_portrait
from services.gateway.store.artifacts import NewArtifact, put_artifact
from services.gateway.store.rows import Row
from services.gateway.store.uploads import drop_upload
from services.gateway.words import words_of

if TYPE_CHECKING:
    from services.gateway.store.database import Connection


async def store_effects(connection: "Connection", row: Row, effects: Sequence[Effect]) -> None:
    """Carries out the effects of a step of the generation `row`."""
    for effect in effects:
        match effect:
            case StoreAsset():
                await put_asset(
                    connection, row.owner, effect.digest, effect.media_type, effect.data
                )
            case DropUpload():
                await drop_upload(connection, row.id)
            case StoreArtifact():
                await put_artifact(
                    connection,
                    NewArtifact(
                        id=row.resource,
                        owner=row.owner,
                        generation=row.id,
                        kind=effect.kind,
                        title=effect.title,
                        prompt=effect.prompt,
                        content=effect.content,
                        media_type=effect.media_type,
                        usage=_encoded(effect.usage),
                        cost=_encoded(effect.cost),
                        fallback=_encoded(effect.fallback),
                    ),
                )
            case StoreAgent():
                await put_agent(
                    connection,
                    NewAgent(
                        id=row.resource,
                        owner=row.owner,
                        generation=row.id,
                        description=row.description,
                        persona=effect.persona.SerializeToString(),
                        words=words_of(effect.persona, row.description),
                        portrait=effect.portrait.SerializeToString(),
                        portrait_fallback=_encoded(effect.fallback),
                        keep_persona=effect.keep_persona,
                    ),
                )
            case SetPortrait():
                await put_portrait(
                    connection,
                    row.resource,
                    row.owner,
                    effect.portrait.SerializeToString(),
                    _encoded(effect.fallback),
                )


def _encoded(message: Message | None) -> bytes | None:
    return None if message is None else message.SerializeToString()
