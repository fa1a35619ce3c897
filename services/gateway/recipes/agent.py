"""The recipes of an agent: to hatch one, and to draw its portrait again."""

from hatchery.gateway.v1.agent_service_pb2 import CreateAgentRequest, RegenerateAvatarRequest
from hatchery.progress.v1.progress_pb2 import StepCompleted

from services.gateway.names import agent_name
from services.gateway.recipes import portrait
from services.gateway.recipes.documents import write_document
from services.gateway.recipes.effects import SetPortrait, StoreAgent
from services.gateway.recipes.persona.asking import persona_from, persona_request
from services.gateway.recipes.picture.steps import STEPS as PICTURE_STEPS
from services.gateway.recipes.recipe import DOCUMENT, Most, Recipe, Step, StepContext, StepResult


async def write_persona(context: StepContext) -> StepResult:
    """The step: has the persona written."""
    request = context.request
    assert isinstance(request, CreateAgentRequest)
    asked = persona_request(context.description, model=request.llm_model, seed=context.seed)
    document, usage = await write_document(context, asked)
    persona = persona_from(document, context.description)
    return StepResult(StepCompleted(persona=persona, usage=usage))


async def save_agent(context: StepContext) -> StepResult:
    """The step: keeps the agent."""
    drawn = context.results["avatar"]
    written = context.persona
    effect = StoreAgent(
        written.persona,
        drawn.portrait,
        drawn.fallback if drawn.HasField("fallback") else None,
        keep_persona=bool(written.reused),
    )
    return StepResult(StepCompleted(resource=agent_name(context.resource)), [effect])


async def save_portrait(context: StepContext) -> StepResult:
    """The step: gives the agent its new portrait."""
    drawn = context.results["avatar"]
    effect = SetPortrait(drawn.portrait, drawn.fallback if drawn.HasField("fallback") else None)
    return StepResult(StepCompleted(resource=agent_name(context.resource)), [effect])


_AVATAR = Step(
    "avatar",
    "Drawing the portrait",
    portrait.draw,
    expected=3.0,
    engine="avatar",
    model=lambda request: request.portrait.model,
    size=portrait.size,
    fallback=portrait.placeholder,
    most=lambda _: Most(pictures=1),
)

_SAVE = Step("save", "Settling in", save_agent, expected=0.1)

CREATE_AGENT = Recipe(
    "create_agent",
    CreateAgentRequest,
    [
        Step(
            "persona",
            "Dreaming up a persona",
            write_persona,
            expected=8.0,
            engine="llm",
            model=lambda request: request.llm_model,
            most=lambda _: DOCUMENT,
        ),
        _AVATAR,
        _SAVE,
    ],
)

CREATE_AGENT_FROM_PICTURE = Recipe(
    "create_agent_from_picture",
    CreateAgentRequest,
    [*PICTURE_STEPS, _AVATAR, _SAVE],
    takes="upload",
)

REGENERATE_AVATAR = Recipe(
    "regenerate_avatar",
    RegenerateAvatarRequest,
    [_AVATAR, Step("save", "Settling in", save_portrait, expected=0.1)],
)
