"""A server that speaks Ollama's HTTP as a test wants it, for what a real one does seldom."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from services.llm.engines.ollama.engine import OllamaEngine
from services.llm.settings import LlmSettings
from tests.integration.llm.asking import document_request

Line = dict[str, Any]

SECRET = "s3cret of the server"  # what no client may see
TITLE = document_request("a soup", "title")


@dataclass
class OllamaDouble:
    """What it has, what it answers to a chat, and what it was asked."""

    models: Sequence[str] = ("quill:latest",)
    loaded: Sequence[str] = ("quill:latest",)
    capabilities: Sequence[str] | None = ("completion",)
    # Each line of the answer to a chat, and whether the answer then ends as HTTP wants it.
    lines: Sequence[Line | str] = ()
    # Where given, the text that a chat is answered with, or its lines, from what was asked.
    answering: Callable[[Line], str | Sequence[Line]] | None = None
    whole: bool = True
    # Where given, the prompt that these turns come to; a server without it is an older one.
    rendering: Callable[[Sequence[Line]], str] | None = None
    # A refusal of the chat instead: a status and an error text.
    refusal: tuple[int, str] | None = None
    # Where given, what the chat does before each line.
    pause: Callable[[int], Awaitable[None]] | None = None
    asked: list[Line] = field(default_factory=list)
    rendered: list[Line] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    gone: asyncio.Event = field(default_factory=asyncio.Event)
    url: str = ""

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answers the requests of one connection."""
        try:
            while head := (await reader.readuntil(b"\r\n\r\n")).decode():
                headers = dict(
                    line.lower().split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line
                )
                body = await reader.readexactly(int(headers.get("content-length", 0)))
                if not await self._route(head.split()[1], body, reader, writer):
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _route(
        self,
        path: str,
        body: bytes,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> bool:
        asked = json.loads(body) if body else {}
        match path:
            case "/api/tags":
                listed = [{"model": name, "digest": f"d-{name}"} for name in self.models]
                return await _reply(writer, 200, {"models": listed})
            case "/api/ps":
                return await _reply(
                    writer, 200, {"models": [{"model": name} for name in self.loaded]}
                )
            case "/api/show":
                self.shown.append(asked["model"])
                abilities = {"capabilities": self.capabilities} if self.capabilities else {}
                return await _reply(writer, 200, {"model_info": {}, **abilities})
            case "/api/chat" if asked.get("_debug_render_only"):
                self.rendered.append(asked)
                if self.rendering is None:
                    return await _reply(writer, 200, end("length"))
                prompt = self.rendering(asked["messages"])
                return await _reply(
                    writer, 200, {**piece(), "_debug_info": {"rendered_template": prompt}}
                )
            case "/api/chat" | "/api/generate":
                self.asked.append(asked)
                if self.answering is not None:
                    said = self.answering(asked)
                    self.lines = [piece(said), end()] if isinstance(said, str) else said
                if self.refusal is not None:
                    status, text = self.refusal
                    return await _reply(writer, status, {"error": text})
                watch = asyncio.ensure_future(self._watch(reader))
                try:
                    return await self._chat(writer)
                finally:
                    watch.cancel()
                    # Two may not read at once, and the next request is read at once.
                    await asyncio.wait([watch])
        return await _reply(writer, 404, {"error": "no such thing"})

    async def _watch(self, reader: asyncio.StreamReader) -> None:
        # Who waits for an answer sends nothing: what is read is the end.
        try:
            ended = not await reader.read(1)
        except ConnectionError:
            ended = True
        if ended:
            self.gone.set()

    async def _chat(self, writer: asyncio.StreamWriter) -> bool:
        writer.write(
            b"HTTP/1.1 200 OK\r\ncontent-type: application/x-ndjson\r\n"
            b"transfer-encoding: chunked\r\n\r\n"
        )
        for index, line in enumerate(self.lines):
            if self.pause is not None:
                await self.pause(index)
            text = (line if isinstance(line, str) else json.dumps(line)) + "\n"
            data = text.encode()
            writer.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
            await writer.drain()
        if self.whole:
            writer.write(b"0\r\n\r\n")
            await writer.drain()
        return self.whole


async def _reply(writer: asyncio.StreamWriter, status: int, body: Line) -> bool:
    data = json.dumps(body).encode()
    writer.write(
        f"HTTP/1.1 {status} X\r\ncontent-type: application/json\r\n"
        f"content-length: {len(data)}\r\n\r\n".encode()
        + data
    )
    await writer.drain()
    return True


def piece(content: str = "", **message: Any) -> Line:
    """One streamed line of a chat."""
    return {
        "model": "quill:latest",
        "message": {"role": "assistant", "content": content, **message},
        "done": False,
    }


def answer(response: str = "", **fields: Any) -> Line:
    """One streamed line of a text that goes on after a prompt."""
    return {"model": "quill:latest", "response": response, "done": False, **fields}


def end(reason: str = "stop", **counts: int) -> Line:
    """The last line of a chat, with the server's own counts; durations in nanoseconds."""
    told = {
        "load_duration": 500_000_000,
        "prompt_eval_count": 20,
        "prompt_eval_duration": 250_000_000,
        "eval_count": 10,
        "eval_duration": 2_000_000_000,
    }
    return {**piece(), "done": True, "done_reason": reason, **told, **counts}


@asynccontextmanager
async def ollama_double(**behaviour: Any) -> AsyncIterator[OllamaDouble]:
    """A running double."""
    double = OllamaDouble(**behaviour)
    server = await asyncio.start_server(double.answer, "127.0.0.1", 0)
    double.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield double
    finally:
        server.close()


@asynccontextmanager
async def engine_of(url: str, **settings: Any) -> AsyncIterator[OllamaEngine]:
    """An engine of a server."""
    made = OllamaEngine(LlmSettings(llm_engine="ollama", ollama_url=url, **settings))
    try:
        yield made
    finally:
        await made.close()


@asynccontextmanager
async def talking(**behaviour: Any) -> AsyncIterator[tuple[OllamaDouble, OllamaEngine]]:
    """A double and an engine that talks to it."""
    async with ollama_double(**behaviour) as double, engine_of(double.url) as made:
        yield double, made
