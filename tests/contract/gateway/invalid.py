"""Requests that break a rule, and the field that they break it in."""

import base64
import uuid

from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp
from hatchery.gateway.v1 import agent_service_pb2 as agents
from hatchery.gateway.v1 import artifact_service_pb2 as artifacts
from hatchery.gateway.v1 import asset_service_pb2 as assets
from hatchery.gateway.v1 import conversation_service_pb2 as talks
from hatchery.gateway.v1 import generation_service_pb2 as generations
from hatchery.gateway.v1 import recipe_service_pb2 as recipes
from hatchery.gateway.v1 import template_service_pb2 as templates

from tests.contract.gateway.requests import AGENT, CONVERSATION, GENERATION, MEMORY

# A place of another list, where no message has a number as high.
_FAR = base64.urlsafe_b64encode(b"2026-01-01T00:00:00+00:00 " + str(uuid.UUID(int=2**100)).encode())
INVALID: list[tuple[str, Message, str]] = [
    ("AgentService.CreateAgent", agents.CreateAgentRequest(), "description"),
    ("AgentService.CreateAgent", agents.CreateAgentRequest(description=" \n\t"), "description"),
    (
        "AgentService.CreateAgent",
        agents.CreateAgentRequest(description="\u3000\u00a0\u200b"),
        "description",
    ),
    ("AgentService.CreateAgent", agents.CreateAgentRequest(description="x" * 2001), "description"),
    ("AgentService.CreateAgent", agents.CreateAgentRequest(description="a\0b"), "description"),
    (
        "AgentService.CreateAgent",
        agents.CreateAgentRequest(description="x", request_id="seven"),
        "request_id",
    ),
    (
        "AgentService.CreateAgent",
        agents.CreateAgentRequest(description="x", llm_model="x" * 201),
        "llm_model",
    ),
    *(
        (
            "AgentService.CreateAgent",
            agents.CreateAgentRequest(description="x", portrait=options),
            f"portrait.{options.ListFields()[0][0].name}",
        )
        for options in (
            agents.PortraitOptions(width=65),
            agents.PortraitOptions(width=48),
            agents.PortraitOptions(width=4096),
            agents.PortraitOptions(width=-16),
            agents.PortraitOptions(height=100),
            agents.PortraitOptions(height=2**31 - 1),
            # In the proto's range and not in the model's own.
            agents.PortraitOptions(width=1040),
            agents.PortraitOptions(height=2048),
            agents.PortraitOptions(steps=21),
            agents.PortraitOptions(steps=-1),
            agents.PortraitOptions(steps=101),
        )
    ),
    ("AgentService.GetAgent", agents.GetAgentRequest(), "name"),
    ("AgentService.GetAgent", agents.GetAgentRequest(name=GENERATION), "name"),
    ("AgentService.GetAgent", agents.GetAgentRequest(name=f"{AGENT}/x"), "name"),
    ("AgentService.GetAgent", agents.GetAgentRequest(name=AGENT.upper()), "name"),
    ("AgentService.GetAgent", agents.GetAgentRequest(name=f"{AGENT}\n"), "name"),
    ("AgentService.ListAgents", agents.ListAgentsRequest(page_size=-1), "page_size"),
    ("AgentService.ListAgents", agents.ListAgentsRequest(page_token="garbage"), "page_token"),
    ("AgentService.ListAgents", agents.ListAgentsRequest(page_token="Ω"), "page_token"),
    ("AgentService.ListAgents", agents.ListAgentsRequest(query="x" * 201), "query"),
    ("AgentService.ListAgents", agents.ListAgentsRequest(query="\0"), "query"),
    (
        "GenerationService.ListGenerations",
        generations.ListGenerationsRequest(agent=GENERATION),
        "agent",
    ),
    ("AgentService.UpdateAgent", agents.UpdateAgentRequest(), "agent"),
    (
        "AgentService.UpdateAgent",
        agents.UpdateAgentRequest(agent=agents.Agent(name="agents/1")),
        "agent.name",
    ),
    ("AgentService.DeleteAgent", agents.DeleteAgentRequest(name="agents/"), "name"),
    ("AgentService.UndeleteAgent", agents.UndeleteAgentRequest(name="x"), "name"),
    ("AgentService.RegenerateAvatar", agents.RegenerateAvatarRequest(name="x"), "name"),
    (
        "AgentService.RegenerateAvatar",
        agents.RegenerateAvatarRequest(name=AGENT, portrait=agents.PortraitOptions(steps=21)),
        "portrait.steps",
    ),
    ("AgentService.ExportAgent", agents.ExportAgentRequest(name="x"), "name"),
    ("AgentService.ImportAgent", agents.ImportAgentRequest(request_id="x"), "request_id"),
    ("AgentService.ImportAgent", agents.ImportAgentRequest(data=b"no card"), "data"),
    *(
        ("AgentService.CreateAgent", agents.CreateAgentRequest(template=name), "template")
        for name in ("knight", "templates/", "templates/Knight", "templates/a@0", "templates/a@b")
    ),
    (
        "AgentService.CreateAgent",
        agents.CreateAgentRequest(description="x", portrait=agents.PortraitOptions(style="x\0")),
        "portrait.style",
    ),
    ("TemplateService.ListTemplates", templates.ListTemplatesRequest(page_size=-1), "page_size"),
    ("TemplateService.ListTemplates", templates.ListTemplatesRequest(page_token="x"), "page_token"),
    ("TemplateService.GetTemplate", templates.GetTemplateRequest(name="templates/-"), "name"),
    (
        "TemplateService.CreateTemplate",
        templates.CreateTemplateRequest(template_id="x"),
        "template",
    ),
    *(
        (
            "TemplateService.CreateTemplate",
            templates.CreateTemplateRequest(template_id=id_, template=template),
            field,
        )
        for id_, template, field in (
            ("", templates.Template(title="x", description="x"), "template_id"),
            ("A", templates.Template(title="x", description="x"), "template_id"),
            ("x" * 64, templates.Template(title="x", description="x"), "template_id"),
            ("x", templates.Template(description="x"), "template.title"),
            ("x", templates.Template(title=" ", description="x"), "template.title"),
            ("x", templates.Template(title="x"), "template.description"),
            ("x", templates.Template(title="x", description="x\0"), "template.description"),
            ("x", templates.Template(title="x", description="x" * 1001), "template.description"),
        )
    ),
    (
        "TemplateService.UpdateTemplate",
        templates.UpdateTemplateRequest(template=templates.Template(name="templates/x@1")),
        "template.name",
    ),
    (
        "TemplateService.UpdateTemplate",
        templates.UpdateTemplateRequest(template=templates.Template(title="x")),
        "template.name",
    ),
    ("TemplateService.DeleteTemplate", templates.DeleteTemplateRequest(name="x"), "name"),
    (
        "GenerationService.RateGeneration",
        generations.RateGenerationRequest(name=GENERATION, stars=6),
        "stars",
    ),
    (
        "GenerationService.RateGeneration",
        generations.RateGenerationRequest(name=GENERATION, stars=-1),
        "stars",
    ),
    (
        "GenerationService.RateGeneration",
        generations.RateGenerationRequest(name=GENERATION, stars=1, comment="x" * 2001),
        "comment",
    ),
    *(
        (f"ConversationService.{rpc}", request, field)
        for rpc, request, field in (
            ("SendMessage", talks.SendMessageRequest(text="x"), "agent"),
            (
                "SendMessage",
                talks.SendMessageRequest(text="x", agent=AGENT, conversation=CONVERSATION),
                "agent",
            ),
            ("SendMessage", talks.SendMessageRequest(text="x", agent="agents/7"), "agent"),
            (
                "SendMessage",
                talks.SendMessageRequest(text="x", conversation=AGENT),
                "conversation",
            ),
            ("SendMessage", talks.SendMessageRequest(agent=AGENT), "text"),
            ("SendMessage", talks.SendMessageRequest(agent=AGENT, text=" \u200b\n"), "text"),
            ("SendMessage", talks.SendMessageRequest(agent=AGENT, text="a\0b"), "text"),
            ("SendMessage", talks.SendMessageRequest(agent=AGENT, text="x" * 8001), "text"),
            (
                "SendMessage",
                talks.SendMessageRequest(agent=AGENT, text="x", request_id="1"),
                "request_id",
            ),
            (
                "SendMessage",
                talks.SendMessageRequest(agent=AGENT, text="x", model="x" * 201),
                "model",
            ),
            (
                "SendMessage",
                talks.SendMessageRequest(agent=AGENT, text="x", allowed_actions=["DROP TABLE"]),
                "allowed_actions[0]",
            ),
            (
                "SendMessage",
                talks.SendMessageRequest(agent=AGENT, text="x", allowed_actions=["a", "a"]),
                "allowed_actions",
            ),
            (
                "SendMessage",
                talks.SendMessageRequest(
                    agent=AGENT, text="x", allowed_actions=["answer", "recal"]
                ),
                "allowed_actions[1]",
            ),
            ("GetConversation", talks.GetConversationRequest(name=AGENT), "name"),
            ("ListConversations", talks.ListConversationsRequest(page_size=-1), "page_size"),
            ("ListConversations", talks.ListConversationsRequest(page_token="?"), "page_token"),
            ("ListConversations", talks.ListConversationsRequest(agent="x"), "agent"),
            ("UpdateConversation", talks.UpdateConversationRequest(name="x"), "name"),
            (
                "UpdateConversation",
                talks.UpdateConversationRequest(name=CONVERSATION, title=" "),
                "title",
            ),
            (
                "UpdateConversation",
                talks.UpdateConversationRequest(name=CONVERSATION, summary="x" * 8001),
                "summary",
            ),
            (
                "UpdateConversation",
                talks.UpdateConversationRequest(name=CONVERSATION, summary="a\0b"),
                "summary",
            ),
            ("DeleteConversation", talks.DeleteConversationRequest(name="x"), "name"),
            ("ListMessages", talks.ListMessagesRequest(conversation="x"), "conversation"),
            (
                "ListMessages",
                talks.ListMessagesRequest(conversation=CONVERSATION, page_size=-1),
                "page_size",
            ),
            (
                "ListMessages",
                talks.ListMessagesRequest(conversation=CONVERSATION, page_token=_FAR.decode()),
                "page_token",
            ),
            ("ListMemories", talks.ListMemoriesRequest(query="x" * 501), "query"),
            ("ListMemories", talks.ListMemoriesRequest(query="a\0b"), "query"),
            ("ListMemories", talks.ListMemoriesRequest(agent="x"), "agent"),
            ("ListMemories", talks.ListMemoriesRequest(page_token="?"), "page_token"),
            ("ListMemories", talks.ListMemoriesRequest(page_size=-1), "page_size"),
            ("DeleteMemory", talks.DeleteMemoryRequest(name=f"{MEMORY}x"), "name"),
        )
    ),
    ("GenerationService.RateGeneration", generations.RateGenerationRequest(name="x"), "name"),
    (
        "GenerationService.RateGeneration",
        generations.RateGenerationRequest(name=GENERATION, step="a\0"),
        "step",
    ),
    (
        "GenerationService.QueryGenerationStats",
        generations.QueryGenerationStatsRequest(start_time=Timestamp(seconds=-1)),
        "start_time",
    ),
    (
        "GenerationService.QueryGenerationStats",
        generations.QueryGenerationStatsRequest(period=Duration(seconds=59)),
        "period",
    ),
    *(
        ("ArtifactService.CreateArtifact", artifacts.CreateArtifactRequest(**fields), field)
        for field, fields in (
            ("prompt", {}),
            ("prompt", {"prompt": " \n\u200b"}),
            ("prompt", {"prompt": "a\0b"}),
            ("prompt", {"prompt": "x" * 20_001}),
            ("kind", {"prompt": "x", "kind": 7}),
            ("request_id", {"prompt": "x", "request_id": "seven"}),
            ("model", {"prompt": "x", "model": "x" * 201}),
            ("max_tokens", {"prompt": "x", "max_tokens": -1}),
            ("max_tokens", {"prompt": "x", "max_tokens": 32_769}),
            ("temperature", {"prompt": "x", "temperature": 2.1}),
            ("temperature", {"prompt": "x", "temperature": float("nan")}),
            ("time_limit", {"prompt": "x", "time_limit": Duration()}),
            ("time_limit", {"prompt": "x", "time_limit": Duration(seconds=-1)}),
        )
    ),
    ("ArtifactService.GetArtifact", artifacts.GetArtifactRequest(name=AGENT), "name"),
    ("ArtifactService.ListArtifacts", artifacts.ListArtifactsRequest(page_size=-1), "page_size"),
    ("ArtifactService.ListArtifacts", artifacts.ListArtifactsRequest(kind=9), "kind"),
    ("ArtifactService.ListArtifacts", artifacts.ListArtifactsRequest(page_token="x"), "page_token"),
    ("ArtifactService.DeleteArtifact", artifacts.DeleteArtifactRequest(name="x"), "name"),
    ("ArtifactService.GetComparison", artifacts.GetComparisonRequest(name="x"), "name"),
    *(
        ("ArtifactService.CreateComparison", artifacts.CreateComparisonRequest(**fields), field)
        for field, fields in (
            ("artifact", {"models": ["", ""]}),
            ("artifact.prompt", {"models": ["", ""], "artifact": {}}),
            ("artifact", {"models": ["", ""], "artifact": {"prompt": "x", "model": "script"}}),
            ("models", {"artifact": {"prompt": "x"}}),
            ("models", {"models": [""], "artifact": {"prompt": "x"}}),
            ("models", {"models": [""] * 9, "artifact": {"prompt": "x"}}),
            ("models[1]", {"models": ["", "x" * 201], "artifact": {"prompt": "x"}}),
        )
    ),
    ("AssetService.DownloadAsset", assets.DownloadAssetRequest(name="assets/00"), "name"),
    *(
        ("AssetService.DownloadAsset", assets.DownloadAssetRequest(name=f"assets/{path}"), "name")
        for path in (
            "../../../etc/passwd",
            "..%2f..%2fetc%2fpasswd",
            "/etc/passwd",
            f"{'0' * 63}/",
            f"{'0' * 64}\0.png",
            f"{'A' * 64}",
        )
    ),
    (
        "GenerationService.WatchGeneration",
        generations.WatchGenerationRequest(name=GENERATION, starting_after=-1),
        "starting_after",
    ),
    ("GenerationService.WatchGeneration", generations.WatchGenerationRequest(name="x"), "name"),
    ("GenerationService.WatchGenerations", generations.WatchGenerationsRequest(), "cursors"),
    (
        "GenerationService.WatchGenerations",
        generations.WatchGenerationsRequest(cursors=[generations.GenerationCursor(name="x")]),
        "cursors[0].name",
    ),
    (
        "GenerationService.WatchGenerations",
        generations.WatchGenerationsRequest(
            cursors=[generations.GenerationCursor(name=GENERATION)] * 2
        ),
        "cursors",
    ),
    ("GenerationService.WaitGeneration", generations.WaitGenerationRequest(name="x"), "name"),
    ("GenerationService.GetGeneration", generations.GetGenerationRequest(name="x"), "name"),
    (
        "GenerationService.ListGenerations",
        generations.ListGenerationsRequest(page_token="AAAA"),
        "page_token",
    ),
    (
        "GenerationService.ListGenerations",
        generations.ListGenerationsRequest(states=[generations.Generation.STATE_UNSPECIFIED]),
        "states[0]",
    ),
    ("GenerationService.CancelGeneration", generations.CancelGenerationRequest(name="x"), "name"),
    ("GenerationService.PauseGeneration", generations.PauseGenerationRequest(name="x"), "name"),
    ("GenerationService.RetryGeneration", generations.RetryGenerationRequest(name="x"), "name"),
    (
        "GenerationService.RetryGeneration",
        generations.RetryGenerationRequest(name=GENERATION, request_id="x"),
        "request_id",
    ),
    (
        "GenerationService.RetryGeneration",
        generations.RetryGenerationRequest(name=GENERATION, from_step="x" * 101),
        "from_step",
    ),
    ("GenerationService.ResumeGeneration", generations.ResumeGenerationRequest(name="x"), "name"),
    *(
        ("RecipeService.RunRecipe", recipes.RunRecipeRequest(**fields), field)
        for field, fields in (
            ("name", {}),
            ("name", {"name": "greeting"}),
            ("name", {"name": "recipes/Greeting"}),
            ("name", {"name": "recipes/greeting\n"}),
            ("request_id", {"name": "recipes/greeting", "request_id": "seven"}),
            ("model", {"name": "recipes/greeting", "model": "x" * 201}),
            ("input.topic", {"name": "recipes/greeting"}),
        )
    ),
]
