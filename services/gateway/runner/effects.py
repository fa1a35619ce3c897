"""Stores what a step made, within the transaction of its end."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from google.protobuf.message import Message
from hatchery.types.v1.persona_pb2 import Persona
from hatchery.types.v1.thought_pb2 import Reply

from services.gateway.recipes.effects import (
    ChangeSheet,
    DropMemories,
    DropUpload,
    Effect,
    SetPortrait,
    StoreAgent,
    StoreArtifact,
    StoreAsset,
    StoreMemory,
    StoreReply,
    StoreSummary,
)
from services.gateway.recipes.reply.sheet import changed
from services.gateway.store.agents import (
    NewAgent,
    agent_of,
    put_agent,
    put_asset,
    put_portrait,
    put_sheet,
)
from services.gateway.store.artifacts import NewArtifact, put_artifact
from services.gateway.store.conversations import NewReply, put_reply, put_summary
from services.gateway.store.memories import drop_memories, put_memory
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
            case _:
                await _store_answer(connection, row, effect)


async def _store_answer(connection: "Connection", row: Row, effect: Effect) -> None:
    """Carries out an effect of a step that answers: whose it is, the row alone says."""
    assert row.conversation is not None
    match effect:
        case StoreReply():
            done = Reply(actions=effect.reply.actions)
            await put_reply(
                connection,
                NewReply(
                    conversation=row.conversation,
                    number=row.message + 1,
                    text=effect.reply.text,
                    generation=row.id,
                    reply=done.SerializeToString(),
                    fallback=_encoded(effect.fallback),
                ),
            )
        case StoreMemory():
            await put_memory(connection, effect.id, row.conversation, row.message, effect.text)
        case DropMemories():
            await drop_memories(connection, row.conversation, row.message, effect.kept)
        case StoreSummary():
            await put_summary(
                connection, row.conversation, effect.read, effect.summary, effect.upto
            )
        case ChangeSheet():
            await _change_sheet(connection, row, effect)


async def _change_sheet(connection: "Connection", row: Row, effect: ChangeSheet) -> None:
    assert row.conversation is not None
    agent = await agent_of(connection, row.conversation)
    try:
        persona = changed(Persona.FromString(agent.persona), effect.field, effect.value)
    except ValueError:
        return  # its owner has changed the sheet meanwhile, so that it has no room for this
    await put_sheet(
        connection, agent.id, persona.SerializeToString(), words_of(persona, agent.description)
    )


def _encoded(message: Message | None) -> bytes | None:
    return None if message is None else message.SerializeToString()
