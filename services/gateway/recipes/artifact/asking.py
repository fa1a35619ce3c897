"""What a model is asked for. Pure."""

from hatchery.gateway.v1.artifact_service_pb2 import Artifact, CreateArtifactRequest
from hatchery.llm.v1.llm_service_pb2 import GenerateRequest, Message, SamplingOptions

from services.gateway.recipes.recipe import Most

_APP = """\
You write small web apps. Answer with one HTML document and nothing else: it begins with \
<!DOCTYPE html> and ends with </html>. All CSS stands in a <style> element and all JavaScript in \
a <script> element of it. It has no network: use no library, font, picture or address from \
elsewhere, and draw what you need with CSS, SVG or a canvas. Make it work completely, look good on \
a phone and on a desktop, and be usable with a keyboard. Give it a short <title>."""
# Tokens that a template puts around each message.
_AROUND = 64


def text_request(
    request: CreateArtifactRequest, *, seed: int | None, prefix: str, left: int
) -> GenerateRequest:
    """What the text service is asked, to go on after `prefix` with `left` tokens at most."""
    asked = GenerateRequest(
        model=request.model,
        messages=[Message(role=Message.ROLE_USER, content=request.prompt)],
        sampling=SamplingOptions(max_tokens=left),
        seed=seed,
        prefix=prefix,
    )
    if request.kind == Artifact.KIND_APP:
        asked.messages.insert(0, Message(role=Message.ROLE_SYSTEM, content=_APP))
    if request.HasField("temperature"):
        asked.sampling.temperature = request.temperature
    return asked


def most_of(request: CreateArtifactRequest) -> Most:
    """The most that writing it may use: no token has less than a byte."""
    said = text_request(request, seed=None, prefix="", left=0).messages
    read = sum(len(message.content.encode()) + _AROUND for message in said)
    return Most(read=read, written=request.max_tokens)
