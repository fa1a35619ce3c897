"""What llama.cpp says, as chunks and as errors of ours."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import structlog

from services.llm.engines.llamacpp.completions import Chunk, Completions, read, refused
from services.llm.engines.llamacpp.loading import unavailable
from services.runtime.errors import EngineFailed, HatcheryError, InvalidField, PromptTooLong

SECRET = "s3cret"


def test_a_completion_and_a_chat_read_alike() -> None:
    """Text, the end and the engine's counts, wherever the library puts them."""
    timings = {"cache_n": 3, "prompt_n": 4, "prompt_ms": 500, "predicted_n": 2, "predicted_ms": 40}
    progress = {"processed": 6, "total": 7, "cache": 3}
    likely = {"content": [{"logprob": -0.5}, {"logprob": -9.0}]}
    common: dict[str, Any] = {"timings": timings, "prompt_progress": progress}
    completion = read(
        {"choices": [{"text": "Hi", "finish_reason": "stop", "logprobs": likely}], **common}, None
    )
    chat = read(
        {
            "choices": [{"delta": {"content": "Hi"}, "finish_reason": "stop", "logprobs": likely}],
            **common,
        },
        None,
    )
    assert completion == chat
    assert ("Hi", "stop", -9.0) == (chat.text, chat.finish, chat.logprob)
    assert (6, 7, 3, 4, 0.5, 2, 0.04) == (
        chat.prompt_processed,
        chat.prompt_total,
        chat.prompt_cached,
        chat.prompt_read,
        chat.prompt_seconds,
        chat.tokens,
        chat.seconds,
    )


@pytest.mark.parametrize("raw", [{}, {"choices": []}, {"choices": [{"delta": {}}]}])
def test_counts_never_go_back(raw: dict[str, Any]) -> None:
    """A chunk without counts repeats the last ones."""
    before = read({"timings": {"predicted_n": 9, "predicted_ms": 90, "prompt_n": 5}}, None)
    after = read(raw, before)
    assert ("", 9, 0.09, 5) == (after.text, after.tokens, after.seconds, after.prompt_read)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        ({"type": "exceed_context_size_error", "n_prompt_tokens": 9, "n_ctx": 4}, PromptTooLong),
        ({"type": "exceed_context_size_error"}, PromptTooLong),
        ({"message": f"failed to parse grammar {SECRET}"}, InvalidField),
        ({"message": SECRET}, EngineFailed),
        ({}, EngineFailed),
    ],
)
def test_refusals_become_errors_of_ours(error: dict[str, Any], kind: type[HatcheryError]) -> None:
    """Each with a message for people, without the library's text."""
    made = refused(error)
    assert type(made) is kind
    assert SECRET not in made.message


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("libgomp.so.1: cannot open shared object file", "apt-get install libgomp1"),
        ("No module named 'xllamacpp'", "xllamacpp"),
    ],
)
def test_a_library_that_does_not_load_says_what_to_do(text: str, hint: str) -> None:
    """The missing part and, where there is one, the command that brings it."""
    assert hint in unavailable(ImportError(text)).message


class _Server:
    """Says one thing and ends."""

    def handle_completions(
        self, body: Mapping[str, Any], on_chunk: Callable[[Any], bool], /
    ) -> object:
        """Calls back on the thread that it was called on."""
        return on_chunk({"choices": [{"text": "Hi", "finish_reason": "stop"}]})

    handle_chat_completions = handle_completions


async def test_what_an_engine_says_is_heard_within_its_call() -> None:
    """Lines that are logged of it, though it comes from a thread, name whom it was said to."""
    bound: list[Mapping[str, Any]] = []

    def hear(_: Chunk) -> None:
        bound.append(structlog.contextvars.get_contextvars())

    bind = structlog.contextvars.bound_contextvars
    with ThreadPoolExecutor(1) as threads, bind(generation="one"):
        await Completions(_Server(), threads).complete({}, hear)
    assert ["one"] == [one["generation"] for one in bound]
