"""The errors of the project, one small tree; the reasons are those of `hatchery.errors.v1`.

    HatcheryError
    ├── InvalidField        INVALID_ARGUMENT
    ├── MalformedMessage    INVALID_ARGUMENT
    ├── UnknownModel        INVALID_ARGUMENT
    ├── PromptTooLong       INVALID_ARGUMENT
    ├── TokenMissing        UNAUTHENTICATED
    ├── TokenInvalid        UNAUTHENTICATED
    ├── TokenExpired        UNAUTHENTICATED
    ├── ScopeMissing        PERMISSION_DENIED
    ├── PeerRefused         PERMISSION_DENIED
    ├── KeysUnavailable     UNAVAILABLE
    ├── ResourceNotFound    NOT_FOUND
    ├── PictureMissing      NOT_FOUND
    ├── VisionMissing       FAILED_PRECONDITION
    ├── ModelTooSmall       FAILED_PRECONDITION
    ├── RequestIdReused     ALREADY_EXISTS
    ├── NotDeleted          ALREADY_EXISTS
    ├── TemplateExists      ALREADY_EXISTS
    ├── TemplateShipped     FAILED_PRECONDITION
    ├── RetryUnderWay       ALREADY_EXISTS
    ├── NotEnded            FAILED_PRECONDITION
    ├── NothingToRetry      FAILED_PRECONDITION
    ├── EtagMismatch        ABORTED
    ├── CursorBeyondLog     OUT_OF_RANGE
    ├── CursorTrimmed       OUT_OF_RANGE
    ├── QueueFull           RESOURCE_EXHAUSTED
    ├── RateLimited         RESOURCE_EXHAUSTED
    ├── TooManyStreams      RESOURCE_EXHAUSTED
    ├── BudgetExceeded      RESOURCE_EXHAUSTED
    ├── TimeLimitReached    DEADLINE_EXCEEDED
    ├── EngineError
    │   ├── EngineBusy         RESOURCE_EXHAUSTED
    │   ├── EngineUnavailable  UNAVAILABLE
    │   ├── EngineFailed       INTERNAL
    │   ├── EngineTimeout      DEADLINE_EXCEEDED
    │   ├── OutputCutOff       ABORTED
    │   ├── OutputInvalid      ABORTED
    │   └── OutputLooping      ABORTED
    ├── StoreUnavailable    UNAVAILABLE
    ├── ShuttingDown        UNAVAILABLE
    └── Internal            INTERNAL

A message is for people who use the service: it says what to do, never an exception's text.
"""

import re
import shlex
from collections.abc import Mapping, Sequence
from typing import ClassVar

import structlog
from google.rpc import code_pb2
from hatchery.errors.v1.errors_pb2 import ErrorReason

DOMAIN = "hatchery"


class HatcheryError(Exception):
    """A failure with a code, a reason and a message that a client may read.

    A class that is given a code has the reason that is called as it is: TokenMissing has
    ERROR_REASON_TOKEN_MISSING. One without is a name for several.
    """

    code: ClassVar[code_pb2.Code.ValueType]
    reason: ClassVar[ErrorReason.ValueType]
    retryable: ClassVar[bool] = False

    def __init_subclass__(
        cls, *, code: code_pb2.Code.ValueType | None = None, retryable: bool = False
    ) -> None:
        """`retryable` says that the same may go well in a moment."""
        super().__init_subclass__()
        cls.retryable = retryable
        if code is not None:
            words = re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).upper()
            cls.code, cls.reason = code, ErrorReason.Value(f"ERROR_REASON_{words}")

    def __init__(
        self,
        message: str,
        *,
        metadata: Mapping[str, str] | None = None,
        fields: Mapping[str, str] | None = None,
        retry_after: float | None = None,
    ) -> None:
        """`fields` maps a field's path to what is wrong with it; `retry_after` is in seconds."""
        super().__init__(message)
        self.message = message
        self.metadata = dict(metadata or {})
        self.fields = dict(fields or {})
        self.retry_after = retry_after


class InvalidField(HatcheryError, code=code_pb2.INVALID_ARGUMENT):
    """A field breaks a documented rule."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__(
            "; ".join(f"{field}: {problem}" for field, problem in fields.items()), fields=fields
        )


class MalformedMessage(HatcheryError, code=code_pb2.INVALID_ARGUMENT):
    """The bytes are no message of the expected type."""


class UnknownModel(HatcheryError, code=code_pb2.INVALID_ARGUMENT):
    """No engine here has a model of that name."""

    def __init__(
        self,
        model: str,
        known: Sequence[str] = (),
        *,
        field: str = "model",
        command: str = "",
        pull_command: str = "",
    ) -> None:
        """`command` is what a person can run to bring the model; or `pull_command` and its name."""
        # All of it travels in the trailers of an answer, of which there are 8 KiB.
        name = _clipped(model, 120)
        if pull_command:
            command = f"{pull_command} {shlex.quote(name)}"
        hint = f"; to get it: {command}" if command else ""
        known_hint = f"; known: {_clipped(', '.join(known), 600)}" if known else ""
        message = f'there is no model "{name}"{hint}{known_hint}'
        metadata = {"model": name} | ({"command": command} if command else {})
        super().__init__(message, metadata=metadata, fields={field: "is no model that is there"})


def _clipped(text: str, most: int) -> str:
    """The text in at most so many bytes of UTF-8, with a sign where something is missing."""
    raw = text.encode(errors="replace")
    return text if len(raw) <= most else raw[:most].decode(errors="ignore") + "…"


class PromptTooLong(HatcheryError, code=code_pb2.INVALID_ARGUMENT):
    """The messages do not fit the model's context."""


class TokenMissing(HatcheryError, code=code_pb2.UNAUTHENTICATED):
    """A bearer token is asked for and there is none."""


class TokenInvalid(HatcheryError, code=code_pb2.UNAUTHENTICATED):
    """The bearer token is not accepted."""


class TokenExpired(HatcheryError, code=code_pb2.UNAUTHENTICATED):
    """The bearer token was accepted, and is so no more."""


class ScopeMissing(HatcheryError, code=code_pb2.PERMISSION_DENIED):
    """The bearer token does not reach so far."""


class PeerRefused(HatcheryError, code=code_pb2.PERMISSION_DENIED):
    """The certificate of who calls is not one that is let in."""


class KeysUnavailable(HatcheryError, code=code_pb2.UNAVAILABLE, retryable=True):
    """No bearer token can be looked at yet."""


class ResourceNotFound(HatcheryError, code=code_pb2.NOT_FOUND):
    """There is no such resource for this caller."""

    def __init__(self, resource: str) -> None:
        super().__init__(f"there is no {resource}", metadata={"resource": resource})


class PictureMissing(HatcheryError, code=code_pb2.NOT_FOUND):
    """What was given came without a picture."""


class VisionMissing(HatcheryError, code=code_pb2.FAILED_PRECONDITION):
    """None of the text models can look at pictures."""


class ModelTooSmall(HatcheryError, code=code_pb2.FAILED_PRECONDITION):
    """The model cannot hold a whole document together; it stands with a substitute."""


class RequestIdReused(HatcheryError, code=code_pb2.ALREADY_EXISTS):
    """The request id was used before with other fields."""


class NotDeleted(HatcheryError, code=code_pb2.ALREADY_EXISTS):
    """What is to be undeleted is not deleted."""


class TemplateExists(HatcheryError, code=code_pb2.ALREADY_EXISTS):
    """There is another template of that id."""


class TemplateShipped(HatcheryError, code=code_pb2.FAILED_PRECONDITION):
    """The template comes with Hatchery, and nobody can change it."""


class NotEnded(HatcheryError, code=code_pb2.FAILED_PRECONDITION):
    """What is to be tried again, or rated as a whole, has not ended."""


class NothingToRetry(HatcheryError, code=code_pb2.FAILED_PRECONDITION):
    """What is to be tried again went well, or what it began with is gone."""


class RetryUnderWay(HatcheryError, code=code_pb2.ALREADY_EXISTS):
    """What is to be tried again is tried again already."""


class EtagMismatch(HatcheryError, code=code_pb2.ABORTED):
    """The resource changed since its etag was read."""


class CursorBeyondLog(HatcheryError, code=code_pb2.OUT_OF_RANGE):
    """The cursor is larger than the last sequence."""


class CursorTrimmed(HatcheryError, code=code_pb2.OUT_OF_RANGE):
    """Events after the cursor are no longer kept."""


class QueueFull(HatcheryError, code=code_pb2.RESOURCE_EXHAUSTED, retryable=True):
    """As many generations as there may be have not ended yet."""


class RateLimited(HatcheryError, code=code_pb2.RESOURCE_EXHAUSTED, retryable=True):
    """One owner calls more often than a replica serves."""


class TooManyStreams(HatcheryError, code=code_pb2.RESOURCE_EXHAUSTED, retryable=True):
    """One owner has as many streams open as a replica serves."""


class BudgetExceeded(HatcheryError, code=code_pb2.RESOURCE_EXHAUSTED):
    """It may cost more than its owner has left."""


class TimeLimitReached(HatcheryError, code=code_pb2.DEADLINE_EXCEEDED):
    """The work of a generation took as long as it may in all."""


class EngineError(HatcheryError):
    """An engine could not do its work."""


class EngineBusy(EngineError, code=code_pb2.RESOURCE_EXHAUSTED, retryable=True):
    """The engine does all that it can do at once. Waiting for it is not an attempt."""


class EngineUnavailable(EngineError, code=code_pb2.UNAVAILABLE, retryable=True):
    """The engine cannot be reached."""


class EngineFailed(EngineError, code=code_pb2.INTERNAL, retryable=True):
    """The engine broke off its work."""


class EngineTimeout(EngineError, code=code_pb2.DEADLINE_EXCEEDED, retryable=True):
    """The engine did not finish in the time that it was given."""


class OutputCutOff(EngineError, code=code_pb2.ABORTED, retryable=True):
    """The model reached its token limit before its output was whole."""


class OutputInvalid(EngineError, code=code_pb2.ABORTED, retryable=True):
    """The output does not keep to the schema that was asked for."""


class OutputLooping(EngineError, code=code_pb2.ABORTED, retryable=True):
    """The model repeated itself without end and was stopped."""


class StoreUnavailable(HatcheryError, code=code_pb2.UNAVAILABLE, retryable=True):
    """Postgres cannot be reached."""


class ShuttingDown(HatcheryError, code=code_pb2.UNAVAILABLE, retryable=True):
    """The process is going away."""


class Internal(HatcheryError, code=code_pb2.INTERNAL):
    """A fault of the server, of which a client learns nothing but where to look it up."""


def internal() -> Internal:
    """The error that stands for a fault of ours, with the request id that finds it in the logs."""
    request_id = structlog.contextvars.get_contextvars().get("request_id", "")
    return Internal("an internal error; the logs have it", metadata={"request_id": request_id})
