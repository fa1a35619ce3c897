"""What is drawn anew in a terminal several times a second, and gone at its end."""

import threading
import time
from abc import ABC, abstractmethod
from types import TracebackType
from typing import Self

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.live import Live

FRAMES = 12  # a second


class Drawing(ABC):
    """A frame that changes. Whatever changes it holds `lock`."""

    def __init__(self, console: Console | None = None) -> None:
        self.lock = threading.Lock()
        self.console = console or Console(highlight=False, markup=False, emoji=False)
        self._live = Live(self, console=self.console, refresh_per_second=FRAMES, transient=True)

    @abstractmethod
    def frame(self, console: Console, now: float) -> RenderableType:
        """Return what there is to see at a time."""

    def __enter__(self) -> Self:
        self._live.start(refresh=True)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._live.stop()

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        with self.lock:
            yield self.frame(console, time.monotonic())
