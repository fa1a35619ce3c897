"""What a step of an installed recipe works with: the engines, held to what the step may use."""

import asyncio
import json
import threading
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, ParamSpec, TypeVar

from hatchery.avatar.v1 import avatar_service_pb2 as avatar
from hatchery.llm.v1.llm_service_pb2 import (
    Example,
    GenerateRequest,
    Message,
    ResponseFormat,
    SamplingOptions,
)
from hatchery.progress.v1.progress_pb2 import Progress, StepCompleted, StepProgress

from services.gateway.names import asset_name
from services.gateway.recipes.custom import CustomStep, Document, Picture
from services.gateway.recipes.effects import StoreAsset
from services.gateway.recipes.installed.calls import Calls
from services.gateway.recipes.installed.documents import NoDocument, plain
from services.gateway.recipes.installed.schemas import problems
from services.gateway.recipes.recipe import StepContext, Work
from services.runtime.errors import EngineBusy, EngineFailed, InvalidField, OutputInvalid

Given = ParamSpec("Given")
Made = TypeVar("Made")

# Seeds of several calls of one attempt lie so far apart, so that none is another attempt's.
_STRIDE = 0x9E3779B9
_LONGEST_UNIT, _LONGEST_DETAILS = 100, 500


class LiveContext:
    """The `custom.Context` of one attempt, which describes it. `close` ends its use."""

    def __init__(
        self,
        step: CustomStep,
        context: StepContext,
        work: Work,
        *,
        given: Document,
        results: Mapping[str, Document],
        model: str,
    ) -> None:
        self.input = given
        self.results = results
        self.effects: list[StoreAsset] = []
        self.said = ""
        self._step = step
        self._context = context
        self._work = work
        self._model = model
        self._loop, self._thread = asyncio.get_running_loop(), threading.get_ident()
        # One call at a time: the step has one slot of its engine.
        self._turn = asyncio.Lock()
        self._calling: asyncio.Task[Any] | None = None
        self._open = True
        self._began = time.monotonic()
        self.calls = Calls(step.max_input_tokens, step.max_output_tokens)

    @property
    def seed(self) -> int | None:
        """The one of this attempt."""
        return self._context.seed

    @property
    def attempt(self) -> int:
        """Counts from 1."""
        return self._context.attempt

    async def write(
        self,
        prompt: str,
        *,
        system: str = "",
        max_tokens: int = 0,
        temperature: float | None = None,
        into: str = "",
    ) -> str:
        """Has a text written, within what the step has left."""
        asked = self._asked(prompt, system, temperature)
        return (await self._write(asked, max_tokens, into)).text

    async def write_document(
        self,
        prompt: str,
        schema: Document,
        *,
        system: str = "",
        examples: Sequence[tuple[str, Document]] = (),
        max_tokens: int = 0,
        temperature: float | None = None,
        into: str = "",
    ) -> Document:
        """Has a document written, and checks it once more. Raises OutputInvalid."""
        asked = self._asked(prompt, system, temperature)
        asked.response_format.CopyFrom(
            ResponseFormat(
                json_schema=json.dumps(schema),
                examples=[_example(said, answer) for said, answer in examples],
            )
        )
        written = (await self._write(asked, max_tokens, into)).document
        try:
            document = plain(written)
        except NoDocument as error:
            raise OutputInvalid(f"the text model's answer {error}") from None
        if problems(schema, document, ""):
            raise OutputInvalid("the text model's answer is not what it was asked for")
        return document

    async def draw(
        self, prompt: str, *, width: int = 0, height: int = 0, style: str = ""
    ) -> Picture:
        """Has the one picture drawn, which is stored when the step ends."""
        if self._step.engine != "avatar":
            raise RuntimeError('draw: only a step with the engine "avatar" draws')
        asked = avatar.GenerateRequest(
            prompt=prompt,
            width=width,
            height=height,
            style=style,
            seed=self._call_seed(),
            preview=avatar.PreviewOptions(),
        )
        async with self._call():
            if self.effects:
                raise RuntimeError("draw: a step draws one picture in each attempt")
            completed = await self._context.images.draw(asked, self._hear, self._context.timeout)
            image = completed.image
            if not image.data:
                raise EngineFailed("the image model's answer is no picture")
            kept = StoreAsset(image.data, image.media_type)
            self.effects.append(kept)
            self.calls.ended(completed.usage if completed.HasField("usage") else None)
        name = asset_name(kept.digest)
        return Picture(name, image.media_type, image.width, image.height, image.data)

    async def work(
        self, do: Callable[Given, Made], /, *args: Given.args, **kwargs: Given.kwargs
    ) -> Made:
        """Calls it in a thread."""
        return await self._work(partial(do, *args, **kwargs))

    def progress(self, done: int, total: int, unit: str) -> None:
        """Tells it at once, from whatever thread."""
        if not 0 <= done <= total or not 0 < total < 2**31:
            raise ValueError(f"progress: {done} of {total} is not how far anything is")
        told = StepProgress(done=done, total=total, unit=unit[:_LONGEST_UNIT])
        told.elapsed.FromNanoseconds(round((time.monotonic() - self._began) * 1e9))
        if threading.get_ident() == self._thread:
            self._tell_progress(told)
        else:
            self._loop.call_soon_threadsafe(self._tell_progress, told)

    def details(self, text: str) -> None:
        """Keeps it for the end."""
        self.said = text[:_LONGEST_DETAILS]

    def close(self) -> None:
        """What still runs of the step is heard no more, and the engine is let go."""
        self._open = False
        if self._calling is not None:
            self._calling.cancel()

    def _tell_progress(self, told: StepProgress) -> None:
        self.calls.done, self.calls.total = told.done, told.total
        self._emit(Progress(step_progress=told, fraction=told.done / told.total))

    def _asked(self, prompt: str, system: str, temperature: float | None) -> GenerateRequest:
        said = [(Message.ROLE_SYSTEM, system), (Message.ROLE_USER, prompt)]
        return GenerateRequest(
            model=self._model,
            messages=[Message(role=role, content=text) for role, text in said if text],
            sampling=SamplingOptions(temperature=temperature),
        )

    async def _write(self, asked: GenerateRequest, max_tokens: int, into: str) -> StepCompleted:
        if self._step.engine != "llm":
            raise RuntimeError('write: only a step with the engine "llm" writes')
        if into and not into.startswith("/"):
            raise ValueError(f'write: into="{into}" is no JSON pointer')
        async with self._call():
            if (seed := self._call_seed()) is not None:
                asked.seed = seed
            asked.sampling.max_tokens = self.calls.begin(asked, max_tokens, into)
            completed: StepCompleted | None = None
            try:
                completed = await self._patiently(asked)
            finally:
                # Also what came to nothing was computed.
                self.calls.ended(completed.usage if completed is not None else None)
        return completed

    @asynccontextmanager
    async def _call(self) -> AsyncIterator[None]:
        """Holds the turn of a call. What an engine finds wrong with it is the step's fault."""
        async with self._turn:
            if not self._open:
                raise RuntimeError("the step has ended")
            self._calling = asyncio.current_task()
            try:
                yield
            except InvalidField as error:
                raise RuntimeError(f"an engine refused the call: {error.message}") from error
            finally:
                self._calling = None

    async def _patiently(self, asked: GenerateRequest) -> StepCompleted:
        """Waits for a busy engine itself once something was done that would be done twice."""
        while True:
            try:
                texts, timeout = self._context.texts, self._context.timeout
                return await texts.write(asked, self._hear, timeout)
            except EngineBusy as busy:
                if self.calls.first:
                    raise
                await asyncio.sleep(busy.retry_after or 1.0)

    def _call_seed(self) -> int | None:
        seed = self._context.seed
        return None if seed is None else (seed + self.calls.count * _STRIDE) % 2**32

    def _hear(self, event: Progress) -> None:
        self._emit(self.calls.heard(event))

    def _emit(self, event: Progress) -> None:
        if self._open:
            self._context.emit(event)


def _example(prompt: str, document: Document) -> Example:
    example = Example(prompt=prompt)
    example.document.update(dict(document))
    return example
