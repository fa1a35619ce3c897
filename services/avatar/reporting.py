"""From what an engine reports to the Progress of the stream: pure but for the clock it is given."""

from collections.abc import Callable

from hatchery.progress.v1 import progress_pb2 as wire
from hatchery.types.v1.estimate_pb2 import Estimate

from services.avatar.convert import duration
from services.avatar.port import EngineEvent, ModelLoading, PreviewReady, StepDone

Send = Callable[[wire.Progress], None]
Clock = Callable[[], float]


class Reporter:
    """Turns engine events into Progress and sends them, previews no faster than asked for."""

    def __init__(
        self, engine: str, send: Send, *, preview_interval: float | None, clock: Clock
    ) -> None:
        """`preview_interval` is in seconds, None for no previews; `clock` counts seconds."""
        self._engine = engine
        self._send = send
        self._preview_interval = preview_interval
        self._clock = clock
        self._last_preview = float("-inf")
        self._fraction = 0.0
        self._pace = Pace()

    def report(self, event: EngineEvent) -> None:
        """Sends what an engine event means to a client."""
        match event:
            case ModelLoading():
                self._emit(
                    wire.Progress(
                        model_loading=wire.ModelLoading(
                            engine=self._engine, model=event.model, elapsed=duration(event.elapsed)
                        )
                    )
                )
            case StepDone():
                self._step_done(event)
            case PreviewReady():
                self._preview(event)

    def _step_done(self, event: StepDone) -> None:
        # One part more than there are steps: the picture still has to be decoded and encoded.
        self._fraction = max(self._fraction, event.done / (event.total + 1))
        progress = wire.Progress(
            step_progress=wire.StepProgress(
                done=event.done,
                total=event.total,
                unit=event.unit,
                elapsed=duration(event.elapsed),
            )
        )
        if (remaining := self._pace.remaining(event)) is not None:
            progress.remaining.CopyFrom(remaining)
        self._emit(progress)

    def _preview(self, event: PreviewReady) -> None:
        now = self._clock()
        if self._preview_interval is None or now - self._last_preview < self._preview_interval:
            return
        self._last_preview = now
        self._emit(
            wire.Progress(
                preview=wire.Preview(
                    image=event.image,
                    media_type=event.media_type,
                    width=event.width,
                    height=event.height,
                    index=event.index,
                )
            )
        )

    def _emit(self, progress: wire.Progress) -> None:
        progress.fraction = self._fraction
        self._send(progress)


class Pace:
    """How fast the steps go. The first one is left out: it includes reading the prompt."""

    def __init__(self) -> None:
        self._first: StepDone | None = None
        self._latest: StepDone | None = None
        self._fastest = float("inf")
        self._slowest = 0.0

    def remaining(self, event: StepDone) -> Estimate | None:
        """The time that the steps still to come will take; None where it cannot be known."""
        before, self._latest = self._latest, event
        if self._first is None or before is None:
            self._first = event
            return None
        if event.done <= before.done or event.done >= event.total:
            return None
        step = (event.elapsed - before.elapsed) / (event.done - before.done)
        self._fastest = min(self._fastest, step)
        self._slowest = max(self._slowest, step)
        mean = (event.elapsed - self._first.elapsed) / (event.done - self._first.done)
        left = event.total - event.done
        return Estimate(
            expected=duration(left * mean),
            low=duration(left * self._fastest),
            high=duration(left * self._slowest),
            basis=Estimate.BASIS_RATE,
        )
