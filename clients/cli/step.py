"""One step of a story, by its present attempt: a pure fold over its events."""

from dataclasses import dataclass, field

from google.protobuf.timestamp_pb2 import Timestamp
from hatchery.progress.v1 import progress_pb2 as pb
from hatchery.types.v1.cost_pb2 import Cost
from hatchery.types.v1.estimate_pb2 import TokenEstimate


@dataclass(slots=True)
class Step:
    """What the step said."""

    name: str
    title: str = ""
    index: int = 0
    total: int = 0
    attempt: int = 0
    began: Timestamp | None = None
    texts: dict[str, str] = field(default_factory=dict)
    tokens: pb.TokenProgress | None = None
    expected_tokens: TokenEstimate | None = None
    work: pb.StepProgress | None = None
    prompt: pb.PromptProgress | None = None
    loading: pb.ModelLoading | None = None
    retrying: pb.StepRetrying | None = None
    result: pb.StepCompleted | None = None
    actions: dict[int, pb.ActionProgress] = field(default_factory=dict)  # by index
    voided: int = 0  # what earlier attempts cost, in millionths
    unit: str = ""
    worked: float = 0.0  # seconds
    took: float | None = None  # seconds; None unless both its beginning and its end were heard

    @property
    def cost(self) -> Cost | None:
        """What it cost, or costs by now, earlier attempts too; None where nothing is priced."""
        told = self.result or self.tokens
        if told is None or not told.HasField("cost"):
            return Cost(amount_micros=self.voided, unit=self.unit) if self.voided else None
        return Cost(amount_micros=self.voided + told.cost.amount_micros, unit=told.cost.unit)

    def void(self, earlier: "Step") -> None:
        """Take over what the attempts before have cost."""
        if (cost := earlier.cost) is not None:
            self.voided, self.unit = cost.amount_micros, cost.unit

    def hear(self, event: pb.Progress, kind: str | None) -> None:
        """Take the next event in."""
        match kind:
            case "step_started":
                self._begin(event)
            case "model_loading":
                self.loading = event.model_loading
            case "prompt_progress":
                self.loading, self.prompt = None, event.prompt_progress
            case "text_delta":
                self.loading = self.prompt = None
                written = event.text_delta
                self.texts[written.field] = self.texts.get(written.field, "") + written.text
            case "token_progress":
                self.loading = self.prompt = None
                self.tokens = event.token_progress
            case "step_progress":
                self.loading = None
                self.work = event.step_progress
            case "action_progress":
                self.actions[event.action_progress.index] = event.action_progress
            case "step_retrying":
                self.retrying = event.step_retrying
            case "step_completed":
                self.result = event.step_completed
                if self.began is not None:
                    self.took = self.worked

    def _begin(self, event: pb.Progress) -> None:
        begun = event.step_started
        self.title, self.index, self.total = begun.title, begun.index, begun.total
        self.began = event.emit_time
        if begun.HasField("expected_tokens"):
            self.expected_tokens = begun.expected_tokens
        if not begun.continues:
            self.texts, self.tokens, self.work, self.actions = {}, None, None, {}
