"""What a request comes to that begins with a template. Pure."""

from hatchery.gateway.v1.agent_service_pb2 import CreateAgentRequest, PortraitOptions
from hatchery.gateway.v1.template_service_pb2 import Template

_ENDS = (".", "!", "?", "…")


def begun_with(template: Template, request: CreateAgentRequest) -> CreateAgentRequest:
    """The request, with what the template has where it says nothing itself."""
    whole = CreateAgentRequest()
    whole.CopyFrom(request)
    begin, more = template.description.strip(), request.description.strip()
    stop = "" if begin.endswith(_ENDS) or not more else "."
    whole.description = f"{begin}{stop} {more}".strip()
    whole.llm_model = request.llm_model or template.llm_model
    portrait = PortraitOptions()
    portrait.CopyFrom(template.portrait)
    portrait.MergeFrom(request.portrait)  # what is set goes before what is not
    whole.portrait.CopyFrom(portrait)
    return whole
