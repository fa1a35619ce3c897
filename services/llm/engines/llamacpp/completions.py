"""One call into llama.cpp: made on a thread, told to the event loop, stopped at the next token."""

import asyncio
import contextvars
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Any

import structlog

from services.llm.engines.llamacpp.loading import LlamaServer
from services.runtime.errors import EngineFailed, HatcheryError, InvalidField, PromptTooLong

log = structlog.get_logger()

_STREAMED = {
    "stream": True,
    "timings_per_token": True,
    "return_progress": True,
    "stream_options": {"include_usage": True},
    "cache_prompt": True,
}


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of a completion, with the engine's own count so far. Durations are in seconds.

    `logprob` is that of its unlikeliest token, before any grammar; 0 where it was not asked for.
    """

    text: str
    logprob: float
    finish: str
    prompt_processed: int
    prompt_total: int
    prompt_cached: int
    prompt_read: int
    prompt_seconds: float
    tokens: int
    seconds: float


OnChunk = Callable[[Chunk], None]


class Completions:
    """Calls of one loaded model. An error that `on_chunk` raises stops the call and is raised."""

    def __init__(self, server: LlamaServer, threads: Executor) -> None:
        self._server = server
        self._threads = threads

    async def complete(self, body: Mapping[str, Any], on_chunk: OnChunk) -> Chunk:
        """Completes a prompt; returns the last chunk, with the totals."""
        return await self._call(self._server.handle_completions, body, on_chunk)

    async def chat(self, body: Mapping[str, Any], on_chunk: OnChunk) -> Chunk:
        """Answers a conversation; returns the last chunk, with the totals."""
        return await self._call(self._server.handle_chat_completions, body, on_chunk)

    async def _call(
        self, handle: Callable[..., object], body: Mapping[str, Any], on_chunk: OnChunk
    ) -> Chunk:
        loop = asyncio.get_running_loop()
        stop = threading.Event()
        heard = _Heard(on_chunk, stop)
        # What is logged of what was heard belongs to this call.
        context = contextvars.copy_context()

        def callback(raw: Any) -> bool:
            # On the engine's thread. The library swallows what is raised here, so nothing is.
            if not stop.is_set():
                loop.call_soon_threadsafe(heard.hear, raw, context=context)
            return stop.is_set()

        call = loop.run_in_executor(self._threads, handle, {**body, **_STREAMED}, callback)
        try:
            await asyncio.shield(call)
        except asyncio.CancelledError:
            stop.set()
            await asyncio.wait([call])
            raise
        except Exception as error:
            log.exception("llama.cpp failed")
            raise EngineFailed("the embedded model broke off its work") from error
        return heard.end()


class _Heard:
    """What the event loop heard of a call."""

    def __init__(self, on_chunk: OnChunk, stop: threading.Event) -> None:
        self._on_chunk = on_chunk
        self._stop = stop
        self._failure: Exception | None = None
        self._last: Chunk | None = None

    def hear(self, raw: Any) -> None:
        """Takes one chunk as the library gives it."""
        if self._stop.is_set():
            return
        try:
            for one in raw if isinstance(raw, list) else [raw]:
                if "error" in one:
                    raise refused(one["error"])
                self._last = read(one, self._last)
                self._on_chunk(self._last)
        except Exception as failure:
            self._failure = failure
            self._stop.set()

    def end(self) -> Chunk:
        """The last chunk. Raises what went wrong."""
        if self._failure is not None:
            raise self._failure
        if self._last is None or not self._last.finish:
            raise EngineFailed("the embedded model broke off its work")
        return self._last


def read(raw: Mapping[str, Any], before: Chunk | None) -> Chunk:
    """A chunk from the library's form of it, completion or chat. Counts never go back."""
    choice = (raw.get("choices") or [{}])[0]
    text = choice.get("text") or (choice.get("delta") or {}).get("content") or ""
    timings = raw.get("timings") or {}
    progress = raw.get("prompt_progress") or {}
    cached = timings.get("cache_n", 0) or progress.get("cache", 0)
    likely = (choice.get("logprobs") or {}).get("content") or ()
    return Chunk(
        text=text,
        logprob=min((token["logprob"] for token in likely), default=0.0),
        finish=choice.get("finish_reason") or (before.finish if before else ""),
        prompt_processed=progress.get("processed", before.prompt_processed if before else 0),
        prompt_total=progress.get("total", before.prompt_total if before else 0),
        prompt_cached=max(cached, before.prompt_cached if before else 0),
        prompt_read=max(timings.get("prompt_n", 0), before.prompt_read if before else 0),
        prompt_seconds=max(
            timings.get("prompt_ms", 0.0) / 1e3, before.prompt_seconds if before else 0.0
        ),
        tokens=max(timings.get("predicted_n", 0), before.tokens if before else 0),
        seconds=max(timings.get("predicted_ms", 0.0) / 1e3, before.seconds if before else 0.0),
    )


def refused(error: Mapping[str, Any]) -> HatcheryError:
    """The error that llama.cpp answers a request with, as one of ours."""
    if error.get("type") == "exceed_context_size_error":
        return PromptTooLong(
            f"the messages have {error.get('n_prompt_tokens', 'too many')} tokens and the model "
            f"reads {error.get('n_ctx', 'fewer')}: shorten them"
        )
    if "grammar" in str(error.get("message", "")):
        return InvalidField({"response_format.guides.grammar": "is not a GBNF grammar"})
    log.error("llama.cpp refused", kind=error.get("type"))
    log.debug("llama.cpp refused", error=error.get("message"))
    return EngineFailed("the embedded model refused its work")
