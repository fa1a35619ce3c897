"""The step `write`: a model writes, going on with what stands there already."""

from hatchery.gateway.v1.artifact_service_pb2 import Artifact, CreateArtifactRequest
from hatchery.progress.v1.progress_pb2 import StepCompleted

from services.gateway.recipes.artifact.asking import text_request
from services.gateway.recipes.artifact.html import verify
from services.gateway.recipes.recipe import StepContext, StepResult
from services.gateway.recipes.writing import NOTHING, Writing
from services.runtime.errors import OutputCutOff, OutputInvalid


async def write(context: StepContext) -> StepResult:
    """The step: has the text written, and checks that it is what was asked for."""
    request = context.request
    assert isinstance(request, CreateArtifactRequest)
    writing = Writing(context.emit, context.kept or NOTHING)
    app = request.kind == Artifact.KIND_APP
    try:
        completed = await _written(context, request, writing)
    except OutputCutOff as error:
        if app or not writing.text.strip():
            raise
        completed = writing.cut_off(context.model, error)
    if not app and not completed.text.strip():
        raise OutputInvalid("the model wrote nothing: try again, or with another prompt")
    return StepResult(completed)


async def check_app(context: StepContext, written: StepResult) -> None:
    """Raises OutputInvalid where what was written is no app that works alone."""
    await context.apart(verify, written.completed.text)


async def _written(
    context: StepContext, request: CreateArtifactRequest, writing: Writing
) -> StepCompleted:
    left = request.max_tokens - writing.kept.tokens
    if left <= 0:
        raise OutputCutOff("the text had reached its token limit: allow more")
    asked = text_request(request, seed=context.seed, prefix=writing.kept.text, left=left)
    completed = await context.texts.write(asked, writing.hear, context.timeout)
    return writing.whole(completed)
