"""The step `write`: a model writes, going on with what stands there already."""

from dataclasses import dataclass, field

from hatchery.gateway.v1.artifact_service_pb2 import Artifact, CreateArtifactRequest
from hatchery.progress.v1.progress_pb2 import Fallback, Progress, StepCompleted
from hatchery.types.v1.usage_pb2 import Usage

from services.gateway.recipes.artifact.asking import text_request
from services.gateway.recipes.artifact.html import verify
from services.gateway.recipes.recipe import Emit, Kept, StepContext, StepResult
from services.runtime.errors import OutputCutOff, OutputInvalid
from services.runtime.status import to_status

BEGINNING = "beginning"
_NOTHING = Kept("", 0, 0.0)


async def write(context: StepContext) -> StepResult:
    """The step: has the text written, and checks that it is what was asked for."""
    request = context.request
    assert isinstance(request, CreateArtifactRequest)
    writing = _Writing(context.emit, context.kept or _NOTHING)
    app = request.kind == Artifact.KIND_APP
    try:
        completed = await _written(context, request, writing)
    except OutputCutOff as error:
        if app or not writing.text.strip():
            raise
        completed = writing.cut_off(context, error)
    if app:
        await context.apart(verify, completed.text)
    elif not completed.text.strip():
        raise OutputInvalid("the model wrote nothing: try again, or with another prompt")
    return StepResult(completed)


async def _written(
    context: StepContext, request: CreateArtifactRequest, writing: "_Writing"
) -> StepCompleted:
    left = request.max_tokens - writing.kept.tokens
    if left <= 0:
        raise OutputCutOff("the text had reached its token limit: allow more")
    asked = text_request(request, seed=context.seed, prefix=writing.kept.text, left=left)
    completed = await context.texts.write(asked, writing.hear, context.timeout)
    return writing.whole(completed)


@dataclass(slots=True)
class _Writing:
    """What a model writes, told together with what was kept."""

    emit: Emit
    kept: Kept
    read: int = 0
    tokens: int = 0
    rate: float = 0.0
    pieces: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All of it, as far as it stands."""
        return self.kept.text + "".join(self.pieces)

    def hear(self, event: Progress) -> None:
        """Hands on what the engine says, counted from the beginning of the text."""
        kind = event.WhichOneof("event")
        if kind == "text_delta":
            self.pieces.append(event.text_delta.text)
        elif kind == "prompt_progress":
            self.read = max(event.prompt_progress.total - self.kept.tokens, 0)
            event.prompt_progress.total = self.read
            event.prompt_progress.processed = min(event.prompt_progress.processed, self.read)
        elif kind == "token_progress":
            gauge = event.token_progress
            gauge.tokens += self.kept.tokens
            gauge.elapsed.FromNanoseconds(
                gauge.elapsed.ToNanoseconds() + round(self.kept.seconds * 1e9)
            )
            if gauge.estimated_total:
                gauge.estimated_total += self.kept.tokens
            if self.kept.tokens:
                # Those of the engine are of what it adds alone.
                event.fraction = 0.0
                event.ClearField("remaining")
            self.tokens, self.rate = gauge.tokens, gauge.tokens_per_second
        self.emit(event)

    def whole(self, completed: StepCompleted) -> StepCompleted:
        """The engine's result, with what was kept."""
        if kept := self.kept.tokens:
            usage = completed.usage
            usage.kept_tokens = kept
            usage.output_tokens += kept
            usage.input_tokens = max(usage.input_tokens - kept, 0)
            completed.text = self.kept.text + completed.text
        return completed

    def cut_off(self, context: StepContext, error: OutputCutOff) -> StepCompleted:
        """What there is of a text that reached its limit, and what is known of what it took."""
        usage = Usage(output_tokens=self.tokens or self.kept.tokens)
        if context.model is not None:
            usage.engine, usage.model = context.model.engine, context.model.name
        if self.read:
            usage.input_tokens = self.read
        if self.kept.tokens:
            usage.kept_tokens = self.kept.tokens
        if self.rate > 0:
            written = max(self.tokens - self.kept.tokens, 0)
            usage.generate_duration.FromNanoseconds(round(written / self.rate * 1e9))
        fallback = Fallback(substitute=BEGINNING, error=to_status(error))
        return StepCompleted(text=self.text, usage=usage, fallback=fallback)
