"""A text in the making: what a model adds to what stands there already, told as one text."""

from dataclasses import dataclass, field

from hatchery.progress.v1.progress_pb2 import Fallback, Progress, StepCompleted
from hatchery.types.v1.model_pb2 import Model
from hatchery.types.v1.usage_pb2 import Usage

from services.gateway.recipes.recipe import Emit, Kept
from services.runtime.errors import OutputCutOff
from services.runtime.status import to_status

BEGINNING = "beginning"
NOTHING = Kept("", 0, 0.0)


@dataclass(slots=True)
class Writing:
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

    def cut_off(self, model: Model | None, error: OutputCutOff) -> StepCompleted:
        """What there is of a text that reached its limit, and what is known of what it took."""
        fallback = Fallback(substitute=BEGINNING, error=to_status(error))
        return StepCompleted(text=self.text, usage=self.usage(model), fallback=fallback)

    def usage(self, model: Model | None) -> Usage:
        """What is known of what it took by now."""
        usage = Usage(output_tokens=self.tokens or self.kept.tokens)
        if model is not None:
            usage.engine, usage.model = model.engine, model.name
        if self.read:
            usage.input_tokens = self.read
        if self.kept.tokens:
            usage.kept_tokens = self.kept.tokens
        if self.rate > 0:
            written = max(self.tokens - self.kept.tokens, 0)
            usage.generate_duration.FromNanoseconds(round(written / self.rate * 1e9))
        return usage
