"""Ollama's failures as errors of ours, none of which carries a text of Ollama's."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from json import JSONDecodeError

import httpx
import ollama
import structlog
from pydantic import ValidationError

from services.runtime.errors import (
    EngineBusy,
    EngineFailed,
    EngineUnavailable,
    HatcheryError,
    PromptTooLong,
    UnknownModel,
)

PULL_COMMAND = "ollama pull"

log = structlog.get_logger()

# How long a full queue takes to move, in seconds, as a guess.
_RETRY_AFTER = 2.0

# A "context deadline" that is exceeded is a time in Go.
_OF_CONTEXT = re.compile(r"context[ _](length|size|window)")


def unreachable(url: str) -> EngineUnavailable:
    """Nobody answers where Ollama should be."""
    return EngineUnavailable(
        f"Ollama does not answer at {url}: start it with `ollama serve`, "
        "or set HATCHERY_OLLAMA_URL to where it runs"
    )


def no_model(model: str, known: Sequence[str] = ()) -> UnknownModel:
    """The server does not have the model."""
    return UnknownModel(model, known, pull_command=PULL_COMMAND)


@contextmanager
def translated(url: str, model: str = "") -> Iterator[None]:
    """Turns what goes wrong with the server at `url` into an error of ours."""
    try:
        yield
    except (httpx.ConnectError, httpx.ConnectTimeout, ConnectionError) as error:
        raise unreachable(url) from error
    except httpx.TimeoutException as error:
        raise EngineFailed("Ollama fell silent in the midst of its work") from error
    except ollama.ResponseError as error:
        log.warning("Ollama refused", status=error.status_code, error=error.error)
        raise _refused(error, model) from error
    except (httpx.HTTPError, JSONDecodeError, ValidationError) as error:
        log.warning("Ollama broke off", error=type(error).__name__)
        raise EngineFailed("Ollama broke off its work") from error


def _refused(error: ollama.ResponseError, model: str) -> HatcheryError:
    text = str(error.error).casefold()
    if error.status_code == httpx.codes.NOT_FOUND and model:
        return no_model(model)
    if error.status_code == httpx.codes.SERVICE_UNAVAILABLE:
        return EngineBusy(
            "Ollama does all the work that it can do at once", retry_after=_RETRY_AFTER
        )
    if _OF_CONTEXT.search(text) and ("exceed" in text or "too long" in text):
        return PromptTooLong("the messages do not fit the model's context: shorten them")
    return EngineFailed("Ollama could not do its work; its own log says why")
