"""A well-formed request of every RPC, and how a refused one is read."""

import uuid

from google.protobuf.message import Message
from hatchery.gateway.v1 import agent_service_pb2 as agents
from hatchery.gateway.v1 import artifact_service_pb2 as artifacts
from hatchery.gateway.v1 import asset_service_pb2 as assets
from hatchery.gateway.v1 import conversation_service_pb2 as talks
from hatchery.gateway.v1 import generation_service_pb2 as generations
from hatchery.gateway.v1 import model_service_pb2 as models
from hatchery.gateway.v1 import recipe_service_pb2 as recipes
from hatchery.gateway.v1 import template_service_pb2 as templates

from tests.support.calls import RPCS, Refusal, call
from tests.support.gateway import Client

_NOBODY = uuid.UUID(int=7)
AGENT, GENERATION = f"agents/{_NOBODY}", f"generations/{_NOBODY}"
ASSET = "assets/" + "0" * 64
ARTIFACT, COMPARISON = f"artifacts/{_NOBODY}", f"comparisons/{_NOBODY}"
CONVERSATION, MEMORY = f"conversations/{_NOBODY}", f"memories/{_NOBODY}"
TEMPLATE, RECIPE = "templates/nobodys", "recipes/nobodys"
POEM = artifacts.CreateArtifactRequest(prompt="a poem about tides")
# A well-formed request of every RPC, about nothing that is there.
VALID: dict[str, Message] = {
    "AgentService.CreateAgent": agents.CreateAgentRequest(description="a dragon"),
    "AgentService.GetAgent": agents.GetAgentRequest(name=AGENT),
    "AgentService.ListAgents": agents.ListAgentsRequest(),
    "AgentService.UpdateAgent": agents.UpdateAgentRequest(agent=agents.Agent(name=AGENT)),
    "AgentService.DeleteAgent": agents.DeleteAgentRequest(name=AGENT),
    "AgentService.UndeleteAgent": agents.UndeleteAgentRequest(name=AGENT),
    "AgentService.RegenerateAvatar": agents.RegenerateAvatarRequest(name=AGENT),
    "AgentService.ExportAgent": agents.ExportAgentRequest(name=AGENT),
    "AgentService.ImportAgent": agents.ImportAgentRequest(
        data=b'{"name": "a dragon", "description": ""}'
    ),
    "ArtifactService.CreateArtifact": POEM,
    "ArtifactService.GetArtifact": artifacts.GetArtifactRequest(name=ARTIFACT),
    "ArtifactService.ListArtifacts": artifacts.ListArtifactsRequest(),
    "ArtifactService.DeleteArtifact": artifacts.DeleteArtifactRequest(name=ARTIFACT),
    "ArtifactService.CreateComparison": artifacts.CreateComparisonRequest(
        artifact=POEM, models=["", "script"]
    ),
    "ArtifactService.GetComparison": artifacts.GetComparisonRequest(name=COMPARISON),
    "AssetService.DownloadAsset": assets.DownloadAssetRequest(name=ASSET),
    "ConversationService.SendMessage": talks.SendMessageRequest(agent=AGENT, text="Hello!"),
    "ConversationService.GetConversation": talks.GetConversationRequest(name=CONVERSATION),
    "ConversationService.ListConversations": talks.ListConversationsRequest(),
    "ConversationService.UpdateConversation": talks.UpdateConversationRequest(
        name=CONVERSATION, title="Tides"
    ),
    "ConversationService.DeleteConversation": talks.DeleteConversationRequest(name=CONVERSATION),
    "ConversationService.ListMessages": talks.ListMessagesRequest(conversation=CONVERSATION),
    "ConversationService.ListMemories": talks.ListMemoriesRequest(),
    "ConversationService.DeleteMemory": talks.DeleteMemoryRequest(name=MEMORY),
    "GenerationService.WatchGeneration": generations.WatchGenerationRequest(name=GENERATION),
    "GenerationService.WatchGenerations": generations.WatchGenerationsRequest(
        cursors=[generations.GenerationCursor(name=GENERATION)]
    ),
    "GenerationService.WaitGeneration": generations.WaitGenerationRequest(name=GENERATION),
    "GenerationService.GetGeneration": generations.GetGenerationRequest(name=GENERATION),
    "GenerationService.ListGenerations": generations.ListGenerationsRequest(),
    "GenerationService.CancelGeneration": generations.CancelGenerationRequest(name=GENERATION),
    "GenerationService.PauseGeneration": generations.PauseGenerationRequest(name=GENERATION),
    "GenerationService.ResumeGeneration": generations.ResumeGenerationRequest(name=GENERATION),
    "GenerationService.RetryGeneration": generations.RetryGenerationRequest(name=GENERATION),
    "GenerationService.RateGeneration": generations.RateGenerationRequest(name=GENERATION, stars=5),
    "GenerationService.QueryGenerationStats": generations.QueryGenerationStatsRequest(),
    "ModelService.ListModels": models.ListModelsRequest(),
    "RecipeService.ListRecipes": recipes.ListRecipesRequest(),
    "RecipeService.RunRecipe": recipes.RunRecipeRequest(name=RECIPE, request_id=str(_NOBODY)),
    "TemplateService.ListTemplates": templates.ListTemplatesRequest(),
    "TemplateService.GetTemplate": templates.GetTemplateRequest(name=TEMPLATE),
    "TemplateService.CreateTemplate": templates.CreateTemplateRequest(
        template_id="mine", template=templates.Template(title="Mine", description="a fox")
    ),
    "TemplateService.UpdateTemplate": templates.UpdateTemplateRequest(
        template=templates.Template(name=TEMPLATE, title="Mine", description="a fox")
    ),
    "TemplateService.DeleteTemplate": templates.DeleteTemplateRequest(name=TEMPLATE),
}
# What needs no store to be answered.
STORELESS = {"ModelService.ListModels", "RecipeService.ListRecipes"}


async def refusal_of(client: Client, rpc: str, request: Message | bytes) -> Refusal:
    """What an RPC answers that has to refuse."""
    answer = await call(client.channel, RPCS[rpc], request, client.metadata)
    assert isinstance(answer, Refusal), f"{rpc} was not refused: {answer}"
    return answer


async def listed(client: Client) -> Refusal | None:
    """How a list of agents was refused; None where it was answered."""
    asked = VALID["AgentService.ListAgents"]
    answer = await call(client.channel, RPCS["AgentService.ListAgents"], asked, client.metadata)
    return answer if isinstance(answer, Refusal) else None
