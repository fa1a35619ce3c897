"""From what an engine reports to the Progress of the stream: pure but for the clock it is given."""

from collections.abc import Callable

from hatchery.progress.v1 import progress_pb2 as wire
from hatchery.types.v1.estimate_pb2 import Estimate

from services.llm.convert import duration
from services.llm.port import EngineEvent, ModelLoading, PromptRead, TextWritten, TokensWritten

Send = Callable[[wire.Progress], None]
Clock = Callable[[], float]

# In seconds.
_GAUGE_INTERVAL = 0.1

# Reading the prompt is short beside writing. The estimate of the total is a guess, so that the
# bar stays below its end until that has come.
_PROMPT_SHARE = 0.1
_CEILING = 0.99
# How far the true number of tokens strays from the estimated one.
_LOW, _HIGH = 0.6, 1.6
# Tokens a second. Below this there is no telling.
_SLOWEST = 0.01


class Reporter:
    """Turns engine events into Progress and sends them. The fraction never goes back.

    Text goes out as it comes. The gauge follows at most ten times a second: nobody reads faster,
    and a message a token costs as much as the text itself.
    """

    def __init__(self, engine: str, send: Send, *, clock: Clock) -> None:
        """`clock` counts seconds."""
        self._engine = engine
        self._send = send
        self._clock = clock
        self._fraction = 0.0
        self._gauge_sent = float("-inf")
        self._gauge_held: TokensWritten | None = None

    def report(self, event: EngineEvent) -> None:
        """Sends what an engine event means to a client."""
        match event:
            case ModelLoading(model, elapsed):
                loading = wire.ModelLoading(
                    engine=self._engine, model=model, elapsed=duration(elapsed)
                )
                self._emit(wire.Progress(model_loading=loading))
            case PromptRead(processed, total):
                self._advance(_PROMPT_SHARE * processed / total if total else 0.0)
                read = wire.PromptProgress(processed=processed, total=total)
                self._emit(wire.Progress(prompt_progress=read))
            case TextWritten(field, text):
                self._emit(wire.Progress(text_delta=wire.TextDelta(field=field, text=text)))
            case TokensWritten():
                self._gauge_held = event
                if self._clock() - self._gauge_sent >= _GAUGE_INTERVAL:
                    self.flush()

    def flush(self) -> None:
        """Sends the latest gauge, where it was held back."""
        event, self._gauge_held = self._gauge_held, None
        if event is not None:
            self._gauge_sent = self._clock()
            self._tokens(event)

    def _tokens(self, event: TokensWritten) -> None:
        progress = wire.Progress(
            token_progress=wire.TokenProgress(
                tokens=event.tokens,
                tokens_per_second=event.tokens_per_second,
                estimated_total=event.estimated_total,
                elapsed=duration(event.elapsed),
                estimated=event.estimated,
            )
        )
        if event.estimated_total > 0:
            share = min(1.0, event.tokens / event.estimated_total)
            self._advance(_PROMPT_SHARE + (1 - _PROMPT_SHARE) * share)
            if event.tokens_per_second > _SLOWEST:
                left = max(0, event.estimated_total - event.tokens) / event.tokens_per_second
                progress.remaining.CopyFrom(_estimate(left))
        self._emit(progress)

    def _advance(self, fraction: float) -> None:
        self._fraction = max(self._fraction, min(_CEILING, fraction))

    def _emit(self, progress: wire.Progress) -> None:
        progress.fraction = self._fraction
        self._send(progress)


def _estimate(seconds: float) -> Estimate:
    return Estimate(
        expected=duration(seconds),
        low=duration(seconds * _LOW),
        high=duration(seconds * _HIGH),
        basis=Estimate.BASIS_RATE,
    )
