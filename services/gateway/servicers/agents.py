"""AgentService: checks what the proto cannot say, accepts generations, keeps agents."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import grpc
from google.protobuf.field_mask_pb2 import FieldMask
from hatchery.gateway.v1 import agent_service_pb2 as pb
from hatchery.gateway.v1.agent_service_pb2_grpc import AgentServiceServicer
from hatchery.progress.v1.progress_pb2 import Fallback
from hatchery.types.v1.persona_pb2 import Persona

from services.gateway.creating import Creator
from services.gateway.identity.callers import caller
from services.gateway.names import (
    AgentId,
    GenerationId,
    agent_id,
    agent_name,
    generation_name,
)
from services.gateway.servicers.cards import Cards
from services.gateway.servicers.pages import page_size, page_token, place, within
from services.gateway.servicers.streams import in_chunks, until_stopping
from services.gateway.store.agents import AgentRow, Agents
from services.gateway.watch.watcher import Watcher
from services.gateway.words import patterns_of, words_of
from services.runtime.errors import EtagMismatch, InvalidField, NotDeleted, ResourceNotFound
from services.runtime.interceptors import check

Context = grpc.aio.ServicerContext[Any, Any]


class AgentServicer(AgentServiceServicer):
    """The RPCs of agents. `stopping` ends the streams when the server goes away."""

    def __init__(
        self,
        agents: Agents,
        creator: Creator,
        watcher: Watcher,
        *,
        cards: Cards,
        stopping: asyncio.Event,
    ) -> None:
        self._agents = agents
        self._creator = creator
        self._watcher = watcher
        self._cards = cards
        self._stopping = stopping

    async def CreateAgent(  # type: ignore[override]  # it writes, and yields nothing
        self, request: pb.CreateAgentRequest, context: Context
    ) -> None:
        """Accepts the generation and streams it."""
        await self._stream(await self._creator.create(caller(), request), context)

    async def RegenerateAvatar(  # type: ignore[override]  # it writes, and yields nothing
        self, request: pb.RegenerateAvatarRequest, context: Context
    ) -> None:
        """Accepts the generation, with the persona that is there, and streams it."""
        await self._stream(await self._creator.redraw(caller(), request), context)

    async def GetAgent(self, request: pb.GetAgentRequest, context: Context) -> pb.Agent:
        """Reads one agent."""
        return _agent(await self._get(agent_id(request.name)))

    async def ListAgents(
        self, request: pb.ListAgentsRequest, context: Context
    ) -> pb.ListAgentsResponse:
        """Reads a page of agents."""
        size = page_size(request.page_size)
        rows = await self._agents.page(
            caller(),
            request.show_deleted,
            patterns_of(request.query),
            place(request.page_token),
            size + 1,
        )
        agents = list(within([_agent(row) for row in rows[:size]]))
        last = rows[len(agents) - 1] if len(rows) > len(agents) else None
        return pb.ListAgentsResponse(
            agents=agents, next_page_token=page_token(last.create_time, last.id) if last else ""
        )

    async def UpdateAgent(self, request: pb.UpdateAgentRequest, context: Context) -> pb.Agent:
        """Changes the persona's fields that the mask names."""
        agent = await self._agents.live(agent_id(request.agent.name), caller())
        _check_etag(agent, request.agent.etag)
        persona = Persona.FromString(agent.persona)
        FieldMask(paths=_persona_paths(request)).MergeMessage(
            request.agent.persona, persona, replace_message_field=True, replace_repeated_field=True
        )
        check(persona)
        return _agent(
            _unless_changed(
                await self._agents.set_persona(
                    agent.id,
                    caller(),
                    agent.version,
                    persona.SerializeToString(),
                    words_of(persona, agent.description),
                )
            )
        )

    async def DeleteAgent(self, request: pb.DeleteAgentRequest, context: Context) -> pb.Agent:
        """Marks an agent as deleted."""
        agent = await self._agents.live(agent_id(request.name), caller())
        _check_etag(agent, request.etag)
        return _agent(_unless_changed(await self._agents.delete(agent.id, caller(), agent.version)))

    async def UndeleteAgent(self, request: pb.UndeleteAgentRequest, context: Context) -> pb.Agent:
        """Brings a deleted agent back."""
        agent = await self._get(agent_id(request.name))
        row = await self._agents.undelete(agent.id, caller())
        if row is None:
            raise NotDeleted(f"{request.name} is not deleted")
        return _agent(row)

    async def ExportAgent(  # type: ignore[override]  # it writes, and yields nothing
        self, request: pb.ExportAgentRequest, context: Context
    ) -> None:
        """Streams the agent as a card; the first chunk says what it is."""
        agent = await self._agents.live(agent_id(request.name), caller())
        file = await self._cards.export(agent, request.format)
        first = {
            "media_type": file.media_type,
            "file_name": file.name,
            "size_bytes": len(file.data),
        }
        await in_chunks(context, pb.ExportAgentResponse, file.data, first)

    async def ImportAgent(
        self, request_iterator: AsyncIterator[pb.ImportAgentRequest], context: Context
    ) -> pb.Agent:
        """Keeps the agent that a card tells of."""
        return _agent(await self._get(await self._cards.keep(caller(), request_iterator)))

    async def _stream(self, generation: GenerationId, context: Context) -> None:
        await until_stopping(self._stopping, self._watcher.watch(generation, 0, context.write))

    async def _get(self, agent: AgentId) -> AgentRow:
        row = await self._agents.get(agent, caller())
        if row is None:
            raise ResourceNotFound(agent_name(agent))
        return row


def _persona_paths(request: pb.UpdateAgentRequest) -> list[str]:
    """The paths under `persona` to change: those of the mask, or of every field that is set."""
    paths = list(request.update_mask.paths)
    if not paths:
        return [field.name for field, _ in request.agent.persona.ListFields()]
    if "persona" in paths:
        paths += [f"persona.{name}" for name in Persona.DESCRIPTOR.fields_by_name]
        paths.remove("persona")
    inner = FieldMask(paths=[path.removeprefix("persona.") for path in paths])
    wrong = next((path for path in paths if not path.startswith("persona.")), "")
    if wrong or not inner.IsValidForDescriptor(Persona.DESCRIPTOR):
        raise InvalidField({"update_mask": "only persona and paths under it can be changed"})
    return list(inner.paths)


def _check_etag(agent: AgentRow, etag: str) -> None:
    if etag and etag != str(agent.version):
        raise EtagMismatch("the agent has changed; read it again")


def _unless_changed(row: AgentRow | None) -> AgentRow:
    """The row that was written; between reading and writing somebody else may have been faster."""
    if row is None:
        raise EtagMismatch("the agent has changed; read it again")
    return row


def _agent(row: AgentRow) -> pb.Agent:
    agent = pb.Agent(
        name=agent_name(row.id),
        description=row.description,
        generation=generation_name(row.generation) if row.generation else "",
        etag=str(row.version),
    )
    agent.persona.ParseFromString(row.persona)
    agent.portrait.ParseFromString(row.portrait)
    if row.portrait_fallback is not None:
        agent.portrait_fallback.CopyFrom(Fallback.FromString(row.portrait_fallback))
    agent.create_time.FromDatetime(row.create_time)
    agent.update_time.FromDatetime(row.update_time)
    if row.delete_time:
        agent.delete_time.FromDatetime(row.delete_time)
    return agent
