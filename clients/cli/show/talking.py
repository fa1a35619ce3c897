"""A companion that answers in a terminal: its thinking live, then folded, then its reply."""

import time
from collections.abc import Iterable
from types import TracebackType
from typing import Self

from hatchery.progress.v1.progress_pb2 import Progress
from rich.console import Console, Group
from rich.text import Text

from clients.cli.sentences import of_status
from clients.cli.show import telling, thought
from clients.cli.show.colours import GOLD, ROSE, SOFT
from clients.cli.show.drawing import Drawing
from clients.cli.show.flow import Flow
from clients.cli.show.thinking import folded, frame, left_out, reply_of, substitutes
from clients.cli.show.told import Told
from clients.cli.story import ANSWERING, Phase
from clients.cli.wording import CleanStream, clean

_INTERRUPTS = frozenset({"completed", "failed", "cancelled", "paused", "recovered"})
_ENDS_LINE = frozenset({"step_started", "step_retrying", "step_completed"})


class _Thinking(Drawing):
    """The steps, drawn for as long as nothing is said."""

    def __init__(self, told: Told, console: Console, *, is_folded: bool) -> None:
        super().__init__(console)
        self._told = told
        self._is_folded = is_folded

    def frame(self, console: Console, now: float) -> Group:
        return frame(self._told, console, now, is_folded=self._is_folded)


class TalkDisplay:
    """Shows one reply. What is written stays; what is drawn meanwhile goes.

    `known` are the reasons of substitutes that were told before, and need not be told again.
    """

    def __init__(
        self, who: str, console: Console | None = None, known: set[str] | None = None
    ) -> None:
        self.console = console or Console(highlight=False, markup=False, emoji=False)
        self._who = clean(who)
        self._known = known if known is not None else set()
        self._view = Told("")
        self._drawn: _Thinking | None = None
        self._speaks = False
        self._has_said = False  # in this attempt
        self._told = 0  # actions of this attempt that were told
        self._is_folded = False
        self._clean, self._flow = CleanStream(), Flow(lambda: self.console.width)

    def __enter__(self) -> Self:
        self._draw()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._hush()
        self._undraw()

    def hear(self, event: Progress) -> None:
        """Show the next event."""
        kind = event.WhichOneof("event")
        of_answer = event.step == ANSWERING
        if kind in _INTERRUPTS or (of_answer and kind in _ENDS_LINE):
            self._hush()
        if self._drawn is not None:
            with self._drawn.lock:
                self._take(event)
        else:
            self._take(event)
        match kind:
            case "step_started" if of_answer:
                self._begin(again=not event.step_started.continues)
            case "text_delta" if of_answer and not event.text_delta.field:
                self._say(event.text_delta.text)
            case "step_completed" if of_answer and not self._has_said:
                self._say(reply_of(self._view.story))
                self._hush()
            case "step_retrying" if of_answer:
                self._note([telling.retrying(event.step_retrying)], ROSE)
            case "completed" | "failed" | "cancelled":
                self._end()
        if not self._speaks and not self._view.story.ended:
            self._draw()

    def lost(self, pause: float) -> None:
        """Say that the connection is gone, until the next event."""
        self._hush()
        self._view.lost = True
        self._draw()

    def _take(self, event: Progress) -> None:
        self._view.lost = False
        self._view.story.hear(event, time.monotonic())

    def _begin(self, *, again: bool) -> None:
        """Begin to act and to answer; where there was an answer before, say that it is void."""
        if again and self._has_said:
            self._undraw()
            self._note(["It begins to answer again."], ROSE)
        if again:
            self._has_said, self._told = False, 0

    def _say(self, piece: str) -> None:
        """Write what of the reply is new, after the thinking is folded."""
        if not self._speaks:
            self._undraw()
            self._fold()
            label = Text("… " if self._has_said else f"{self._who}: ", f"bold {GOLD}")
            self._speaks = self._has_said = True
            self.console.print(label, end="")
            self._clean = CleanStream()
            self._flow = Flow(lambda: self.console.width, label.cell_len)
        self._write(self._flow.feed(self._clean.feed(piece)))

    def _hush(self) -> None:
        """End the line of a reply, whole or not."""
        if self._speaks:
            self._speaks = False
            self._write("\n")

    def _fold(self) -> None:
        story, now = self._view.story, time.monotonic()
        if not self._is_folded:
            self._is_folded = True
            self._note([folded(story, now)], SOFT)
            self._note(left_out(story), ROSE)
        self._tell_substitutes()
        self._tell_actions()

    def _tell_substitutes(self) -> None:
        for why, line in substitutes(self._view.story).items():
            if why not in self._known:
                self._known.add(why)
                self._note([line], ROSE)

    def _tell_actions(self) -> None:
        step = self._view.story.steps.get(ANSWERING)
        ended = [] if step is None else [
            told for told in step.actions.values() if told.state != told.STATE_RUNNING
        ]  # fmt: skip
        for told in ended[self._told :]:
            if said := thought.action(told):
                self._note([said], ROSE if told.action.HasField("error") else SOFT)
            if command := thought.follow_up(told):
                self._copyable(command)
        self._told = max(self._told, len(ended))

    def _end(self) -> None:
        self._undraw()
        story = self._view.story
        if story.phase is Phase.CANCELLED:
            self._note(["Stopped."], ROSE)
            return
        self._fold()
        if story.phase is Phase.FAILED and story.error is not None:
            self._note([f"It failed: {of_status(story.error)}"], ROSE)
        memory = story.steps.get("memory")
        if memory is not None and memory.result is not None:
            said = thought.kept(memory.result.memory_update)
            self._note([said] if said else [], SOFT)

    def _draw(self) -> None:
        if self._drawn is None:
            self._drawn = _Thinking(self._view, self.console, is_folded=self._is_folded)
            self._drawn.__enter__()

    def _undraw(self) -> None:
        if self._drawn is not None:
            self._drawn.__exit__(None, None, None)
            self._drawn = None

    def _note(self, lines: Iterable[str], colour: str) -> None:
        for line in lines:
            for part in Text(line, colour).wrap(self.console, max(self.console.width - 3, 1)):
                part.rstrip()
                self.console.print(Text("  ").append_text(part))

    def _copyable(self, command: str) -> None:
        """Print a command that a terminal breaks, if anything does: so that it is copied whole."""
        self.console.print(Text(f"  {command}", SOFT), soft_wrap=True)

    def _write(self, text: str) -> None:
        self.console.file.write(text)
        self.console.file.flush()
