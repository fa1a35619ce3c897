"""What an answer of Ollama's says as it streams, and what came of it."""

import time
from collections.abc import Callable, Mapping
from typing import Any

import ollama

from services.llm.engines.ollama.deltas import Deltas
from services.llm.loops import LoopWatch, ends_in_a_loop
from services.llm.port import Emit, ModelLoading, TextWritten, TokensWritten, Written
from services.llm.prefix import Prefix
from services.llm.schema import Schema
from services.runtime.errors import EngineFailed, OutputCutOff, OutputInvalid, OutputLooping

_NANOSECONDS = 1e9


class Hearing:
    """Reports one answer through `emit`.

    While it streams, a chunk counts as a token, which is an estimate; the last gauge has the
    server's own count. What a model thinks to itself is counted and not told.
    """

    def __init__(
        self,
        emit: Emit,
        schema: Schema | None,
        expected: int,
        prefix: Prefix,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`expected` is how many tokens there may be; 0 when unknown."""
        self._emit = emit
        self._schema = schema
        self._expected = expected
        self._clock = clock
        self._began = clock()
        self._first = 0.0
        self._tokens = 0
        self._prefix = prefix
        self._loops = LoopWatch(prefix.text)
        self._deltas = Deltas(lambda field, text: emit(TextWritten(field, text)))
        self._pieces: list[str] = []
        self._last: ollama.ChatResponse | None = None

    def waiting(self, model: str) -> None:
        """Says that the model is being loaded."""
        self._emit(ModelLoading(model, self._clock() - self._began))

    def hear(self, chunk: ollama.ChatResponse) -> None:
        """Takes the next chunk. Raises OutputLooping."""
        content = _sound(chunk.message.content or "")
        if content or chunk.message.thinking:
            self._count()
        if content := self._prefix.added(content):
            self._pieces.append(content)
            if self._schema is None:
                self._emit(TextWritten("", content))
            else:
                self._deltas.feed(content)
            if self._loops.feed(content):
                raise looping()
        if chunk.done:
            self._last = chunk

    def end(self, model: str, seed: int) -> Written:
        """The result. Raises EngineFailed, OutputCutOff, OutputLooping or OutputInvalid."""
        last = self._last
        if last is None:
            raise EngineFailed("Ollama broke off its work")
        text = "".join(self._pieces)
        tokens, seconds = last.eval_count or 0, (last.eval_duration or 0) / _NANOSECONDS
        prompt = last.prompt_eval_count or 0
        rate = tokens / seconds if seconds else 0.0
        self._emit(TokensWritten(tokens, rate, tokens, self._clock() - self._began))
        end = (self._prefix.text + text)[-1000:]
        if last.done_reason == "length":
            raise looping() if ends_in_a_loop(end) else cut_off()
        return Written(
            text="" if self._schema else text,
            document=self._document(self._schema) if self._schema else None,
            model=last.model or model,
            seed=seed,
            input_tokens=prompt,
            output_tokens=tokens,
            load_seconds=(last.load_duration or 0) / _NANOSECONDS,
            prompt_seconds=(last.prompt_eval_duration or 0) / _NANOSECONDS,
            generate_seconds=seconds,
        )

    def _count(self) -> None:
        now = self._clock()
        self._tokens += 1
        self._first = self._first or now
        writing = now - self._first
        self._emit(
            TokensWritten(
                tokens=self._tokens,
                tokens_per_second=(self._tokens - 1) / writing if writing > 0 else 0.0,
                estimated_total=max(self._tokens, self._expected) if self._expected else 0,
                elapsed=now - self._began,
                estimated=True,
            )
        )

    def _document(self, schema: Schema) -> Mapping[str, Any]:
        try:
            document = self._deltas.end()
        except ValueError:
            raise OutputInvalid("the model's answer is no JSON document: try again") from None
        return schema.check(document)


def _sound(text: str) -> str:
    """The text without halves of characters, which JSON can hold and UTF-8 cannot."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def looping() -> OutputLooping:
    """The error for a model that repeats itself."""
    return OutputLooping("the model repeated itself without end: try again")


def cut_off() -> OutputCutOff:
    """The error for a text that was not whole at its token limit."""
    return OutputCutOff("the model reached its token limit before its text was whole: allow more")
