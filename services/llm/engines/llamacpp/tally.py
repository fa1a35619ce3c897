"""What the calls of one text took so far, and what they tell of it."""

import time
from collections.abc import Callable

from services.llm.engines.llamacpp.completions import Chunk
from services.llm.port import Emit, PromptRead, TokensWritten
from services.runtime.errors import OutputCutOff

Clock = Callable[[], float]


class Tally:
    """Sums over several calls, so that they show as the one text that they write."""

    def __init__(self, emit: Emit, *, max_tokens: int = 0, clock: Clock = time.monotonic) -> None:
        """`max_tokens` is the most that all calls may write; 0 for no such limit."""
        self.tokens = 0
        self.seconds = 0.0
        self.input_tokens = 0
        self.prompt_seconds = 0.0
        # How many tokens are still to come, as a guess; 0 when nobody knows.
        self.expected = 0
        self._emit = emit
        self._max_tokens = max_tokens
        self._clock = clock
        self._began = clock()
        self._calls = 0
        self._current = 0
        self._shown = (-1, -1)

    def hear(self, chunk: Chunk) -> None:
        """Tells what a chunk of the call under way means for the whole."""
        if self._calls == 0:
            self._prompt(chunk)
        written = self.tokens + chunk.tokens
        if self._max_tokens and written > self._max_tokens:
            raise cut_off()
        if chunk.tokens <= self._current:
            return
        self._current = chunk.tokens
        seconds = self.seconds + chunk.seconds
        self._emit(
            TokensWritten(
                tokens=written,
                # The first token's time is none: the engine counts from it.
                tokens_per_second=written / seconds if seconds > 1e-3 else 0.0,
                estimated_total=max(written, self.tokens + self.expected) if self.expected else 0,
                elapsed=self._clock() - self._began,
            )
        )

    def end(self, chunk: Chunk) -> None:
        """Closes a call with its last chunk."""
        # What a call finds in the cache was read, and counted, by an earlier one.
        self.input_tokens += chunk.prompt_read + (chunk.prompt_cached if self._calls == 0 else 0)
        self.prompt_seconds += chunk.prompt_seconds
        self.tokens += chunk.tokens
        self.seconds += chunk.seconds
        self._calls += 1
        self._current = 0

    def _prompt(self, chunk: Chunk) -> None:
        shown = (chunk.prompt_processed, chunk.prompt_total)
        if chunk.prompt_total and shown != self._shown:
            self._shown = shown
            self._emit(PromptRead(*shown))


def cut_off() -> OutputCutOff:
    """The error for a text that was not whole at its token limit."""
    return OutputCutOff("the model reached its token limit before its text was whole: allow more")
