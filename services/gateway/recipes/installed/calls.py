"""The calls of engines that one attempt of a step makes, told as one piece of work. Pure."""

from google.protobuf.duration_pb2 import Duration
from hatchery.llm.v1.llm_service_pb2 import GenerateRequest
from hatchery.progress.v1.progress_pb2 import Progress
from hatchery.types.v1.usage_pb2 import Usage

from services.runtime.errors import OutputCutOff, PromptTooLong

# Tokens that a template puts around each message.
_AROUND = 64
# The most that one call may ask for.
_MOST = 32_768


class Calls:
    """What was read and written so far, of `read` and `written` tokens, and what that took.

    `done` of `total` units of the step are finished; what an engine tells fills the next one.
    """

    def __init__(self, read: int, written: int) -> None:
        self.done, self.total = 0, 1
        self.count = 0
        self.usage: Usage | None = None
        self._read, self._written = read, written
        # Of this call: the most that it reads, and what it is told to have read and written.
        self._reads = self._reading = self._writing = 0
        self._elapsed, self._took = 0, 0
        self._into = ""
        # Where text was told by earlier calls, and by this one.
        self._told, self._telling = set[str](), set[str]()

    @property
    def first(self) -> bool:
        """Whether there was no call before the present one."""
        return self.count <= 1

    def begin(self, asked: GenerateRequest, max_tokens: int, into: str) -> int:
        """Begins one; returns how many tokens it may write, 0 meaning all that are left.

        Raises PromptTooLong and OutputCutOff where the step may not read or write so much more.
        """
        self.count += 1
        # No token has less than a byte.
        self._reads = asked.ByteSize() + _AROUND * len(asked.messages)
        self._reading = self._writing = self._took = 0
        self._into, self._telling = into, set()
        if self._reads > self._read:
            raise PromptTooLong("the prompt is longer than what the step may give to a model")
        if self._written <= 0:
            raise OutputCutOff("the step has written as much as it may")
        return min(max_tokens or self._written, self._written, _MOST)

    def heard(self, event: Progress) -> Progress:
        """What an engine tells, counted from the beginning of the step. The event is taken over."""
        before = self.usage or Usage()
        match event.WhichOneof("event"):
            case "text_delta":
                self._place(event)
            case "prompt_progress":
                self._reading = event.prompt_progress.total
                event.prompt_progress.total += before.input_tokens
                event.prompt_progress.processed += before.input_tokens
            case "token_progress":
                gauge = event.token_progress
                self._writing, self._took = gauge.tokens, gauge.elapsed.ToNanoseconds()
                gauge.tokens += before.output_tokens
                gauge.elapsed.FromNanoseconds(self._took + self._elapsed)
                if self.total > 1:
                    gauge.estimated_total = 0
                elif gauge.estimated_total:
                    gauge.estimated_total += before.output_tokens
        event.fraction = min((self.done + event.fraction) / self.total, 1.0)
        if self.total > 1 or not self.first:
            event.ClearField("remaining")  # which is of this call alone
        return event

    def ended(self, usage: Usage | None) -> None:
        """The present one ended, with the engine's counts or, where it failed, without."""
        if usage is None:
            usage = Usage()
            if self._reading:
                usage.input_tokens = self._reading
            if self._writing:
                usage.output_tokens = self._writing
        read = usage.input_tokens if usage.HasField("input_tokens") else self._reads
        written = usage.output_tokens if usage.HasField("output_tokens") else self._writing
        self._read -= read
        self._written -= written
        self._elapsed += self._took
        self._told |= self._telling
        if usage.ByteSize():
            self.usage = _sum(self.usage, usage)

    def _place(self, event: Progress) -> None:
        delta = event.text_delta
        delta.field = self._into + delta.field
        if delta.field in self._told - self._telling:
            delta.text = f"\n\n{delta.text}"
        self._telling.add(delta.field)


def _sum(so_far: Usage | None, more: Usage) -> Usage:
    if so_far is None:
        return more
    total = Usage()
    total.CopyFrom(so_far)
    total.engine, total.model = more.engine or so_far.engine, more.model or so_far.model
    for field, value in more.ListFields():
        if isinstance(value, Duration):
            time = getattr(total, field.name)
            time.FromNanoseconds(time.ToNanoseconds() + value.ToNanoseconds())
        elif isinstance(value, int) and field.name != "seed":
            setattr(total, field.name, getattr(so_far, field.name) + value)
    return total
