"""Making agents, and drawing their portraits anew: what is asked for, checked and accepted."""

import uuid
from functools import partial

from hatchery.gateway.v1.agent_service_pb2 import CreateAgentRequest, RegenerateAvatarRequest
from hatchery.progress.v1.progress_pb2 import StepCompleted
from hatchery.types.v1.persona_pb2 import Persona

from services.gateway.accept import Acceptor
from services.gateway.names import GenerationId, Owner, agent_id
from services.gateway.pictures import NoPicture, stripped
from services.gateway.recipes.agent import (
    CREATE_AGENT,
    CREATE_AGENT_FROM_PICTURE,
    REGENERATE_AVATAR,
)
from services.gateway.recipes.picture.steps import SIDE
from services.gateway.recipes.portrait import FROM_PICTURE
from services.gateway.store.agents import AgentRow, Agents
from services.gateway.store.generations import Generations
from services.gateway.store.templates import Templates
from services.gateway.templates.begun import begun_with
from services.gateway.templates.lookup import find
from services.gateway.upstream.catalog import Catalog
from services.gateway.workers import Workers
from services.runtime.errors import InvalidField


class Creator:
    """Accepts what makes an agent or draws it anew."""

    def __init__(
        self,
        generations: Generations,
        agents: Agents,
        templates: Templates,
        *,
        catalog: Catalog,
        acceptor: Acceptor,
        work: Workers,
    ) -> None:
        self._generations = generations
        self._agents = agents
        self._templates = templates
        self._catalog = catalog
        self._acceptor = acceptor
        self._work = work

    async def create(self, owner: Owner, request: CreateAgentRequest) -> GenerationId:
        """The generation of a new agent. Raises what CreateAgent documents."""
        rpc = "CreateAgent"
        if earlier := await self._acceptor.earlier(owner, rpc, request):
            return earlier
        made, template = await self._begun(owner, request)
        await self._catalog.check_text(made.llm_model)
        await self._catalog.check_vision(made.vision_model)
        await self._catalog.check_portrait(made.portrait)
        picture = await self._taken(owner, made)
        return await self._acceptor.accept(
            owner,
            rpc,
            CREATE_AGENT_FROM_PICTURE if picture else CREATE_AGENT,
            request,
            made=made,
            template=template,
            description=made.description,
            upload=picture,
        )

    async def redraw(
        self,
        owner: Owner,
        request: RegenerateAvatarRequest,
        *,
        caused_by: uuid.UUID | None = None,
    ) -> GenerationId:
        """The generation of a new portrait. Raises what RegenerateAvatar documents.

        `caused_by` is the generation whose action asks for it.
        """
        rpc = "RegenerateAvatar"
        if earlier := await self._acceptor.earlier(owner, rpc, request):
            return earlier
        await self._catalog.check_portrait(request.portrait)
        agent = await self._agents.live(agent_id(request.name), owner)
        return await self._acceptor.accept(
            owner,
            rpc,
            REGENERATE_AVATAR,
            request,
            description=agent.description,
            resource=agent.id,
            results=await self._results(agent),
            caused_by=caused_by,
        )

    async def _begun(
        self, owner: Owner, request: CreateAgentRequest
    ) -> tuple[CreateAgentRequest, str]:
        """What the request comes to, and the version of the template that it begins with."""
        if request.template:
            template = await find(self._templates, owner, request.template)
            return begun_with(template, request), f"{template.name}@{template.version}"
        made = CreateAgentRequest()
        made.CopyFrom(request)
        return made, ""

    async def _taken(self, owner: Owner, made: CreateAgentRequest) -> bytes:
        """The picture, taken out of the request and rid of what else its file told; or nothing.

        Raises InvalidField for what is none, and QueueFull before it costs anything.
        """
        data = made.reference_image
        if not data:
            return b""
        made.ClearField("reference_image")
        await self._generations.check_room(owner)
        try:
            return (await self._work(partial(stripped, data, side=SIDE))).data
        except NoPicture as error:
            raise InvalidField({"reference_image": str(error)}) from error

    async def _results(self, agent: AgentRow) -> dict[str, StepCompleted]:
        """What a portrait is drawn by: who it is, and the picture that it came from."""
        persona = {"persona": StepCompleted(persona=Persona.FromString(agent.persona))}
        recipe = CREATE_AGENT_FROM_PICTURE.name
        latest = await self._generations.latest(agent.id, agent.owner, recipe)
        made = await self._generations.results(latest) if latest else {}
        return persona | {
            name: StepCompleted.FromString(made[name]) for name in FROM_PICTURE if name in made
        }
