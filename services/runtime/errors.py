"""The errors of the project, one small tree; the reasons are those of `hatchery.errors.v1`.

    HatcheryError
    ├── InvalidField        INVALID_ARGUMENT
    ├── MalformedMessage    INVALID_ARGUMENT
    ├── UnknownModel        INVALID_ARGUMENT
    ├── PromptTooLong       INVALID_ARGUMENT
    ├── TokenMissing        UNAUTHENTICATED
    ├── TokenInvalid        UNAUTHENTICATED
    ├── ResourceNotFound    NOT_FOUND
    ├── PictureMissing      NOT_FOUND
    ├── VisionMissing       FAILED_PRECONDITION
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

import shlex
from collections.abc import Mapping, Sequence
from typing import ClassVar

import structlog
from google.rpc import code_pb2
from hatchery.errors.v1.errors_pb2 import ErrorReason

DOMAIN = "hatchery"


class HatcheryError(Exception):
    """A failure with a code, a reason and a message that a client may read."""

    code: ClassVar[code_pb2.Code.ValueType]
    reason: ClassVar[ErrorReason.ValueType]
    retryable: ClassVar[bool] = False

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


class InvalidField(HatcheryError):
    """A field breaks a documented rule."""

    code = code_pb2.INVALID_ARGUMENT
    reason = ErrorReason.ERROR_REASON_INVALID_FIELD

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__(
            "; ".join(f"{field}: {problem}" for field, problem in fields.items()), fields=fields
        )


class MalformedMessage(HatcheryError):
    """The bytes are no message of the expected type."""

    code = code_pb2.INVALID_ARGUMENT
    reason = ErrorReason.ERROR_REASON_MALFORMED_MESSAGE


class UnknownModel(HatcheryError):
    """No engine here has a model of that name."""

    code = code_pb2.INVALID_ARGUMENT
    reason = ErrorReason.ERROR_REASON_UNKNOWN_MODEL

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


class PromptTooLong(HatcheryError):
    """The messages do not fit the model's context."""

    code = code_pb2.INVALID_ARGUMENT
    reason = ErrorReason.ERROR_REASON_PROMPT_TOO_LONG


class TokenMissing(HatcheryError):
    """A bearer token is asked for and there is none."""

    code = code_pb2.UNAUTHENTICATED
    reason = ErrorReason.ERROR_REASON_TOKEN_MISSING


class TokenInvalid(HatcheryError):
    """The bearer token is not accepted."""

    code = code_pb2.UNAUTHENTICATED
    reason = ErrorReason.ERROR_REASON_TOKEN_INVALID


class ResourceNotFound(HatcheryError):
    """There is no such resource for this caller."""

    code = code_pb2.NOT_FOUND
    reason = ErrorReason.ERROR_REASON_RESOURCE_NOT_FOUND

    def __init__(self, resource: str) -> None:
        super().__init__(f"there is no {resource}", metadata={"resource": resource})


class PictureMissing(HatcheryError):
    """What was given came without a picture."""

    code = code_pb2.NOT_FOUND
    reason = ErrorReason.ERROR_REASON_PICTURE_MISSING


class VisionMissing(HatcheryError):
    """None of the text models can look at pictures."""

    code = code_pb2.FAILED_PRECONDITION
    reason = ErrorReason.ERROR_REASON_VISION_MISSING


class RequestIdReused(HatcheryError):
    """The request id was used before with other fields."""

    code = code_pb2.ALREADY_EXISTS
    reason = ErrorReason.ERROR_REASON_REQUEST_ID_REUSED


class NotDeleted(HatcheryError):
    """What is to be undeleted is not deleted."""

    code = code_pb2.ALREADY_EXISTS
    reason = ErrorReason.ERROR_REASON_NOT_DELETED


class TemplateExists(HatcheryError):
    """There is another template of that id."""

    code = code_pb2.ALREADY_EXISTS
    reason = ErrorReason.ERROR_REASON_TEMPLATE_EXISTS


class TemplateShipped(HatcheryError):
    """The template comes with Hatchery, and nobody can change it."""

    code = code_pb2.FAILED_PRECONDITION
    reason = ErrorReason.ERROR_REASON_TEMPLATE_SHIPPED


class NotEnded(HatcheryError):
    """What is to be tried again, or rated as a whole, has not ended."""

    code = code_pb2.FAILED_PRECONDITION
    reason = ErrorReason.ERROR_REASON_NOT_ENDED


class NothingToRetry(HatcheryError):
    """What is to be tried again went well, and no step was named to begin at."""

    code = code_pb2.FAILED_PRECONDITION
    reason = ErrorReason.ERROR_REASON_NOTHING_TO_RETRY


class RetryUnderWay(HatcheryError):
    """What is to be tried again is tried again already."""

    code = code_pb2.ALREADY_EXISTS
    reason = ErrorReason.ERROR_REASON_RETRY_UNDER_WAY


class EtagMismatch(HatcheryError):
    """The resource changed since its etag was read."""

    code = code_pb2.ABORTED
    reason = ErrorReason.ERROR_REASON_ETAG_MISMATCH


class CursorBeyondLog(HatcheryError):
    """The cursor is larger than the last sequence."""

    code = code_pb2.OUT_OF_RANGE
    reason = ErrorReason.ERROR_REASON_CURSOR_BEYOND_LOG


class CursorTrimmed(HatcheryError):
    """Events after the cursor are no longer kept."""

    code = code_pb2.OUT_OF_RANGE
    reason = ErrorReason.ERROR_REASON_CURSOR_TRIMMED


class QueueFull(HatcheryError):
    """As many generations as there may be have not ended yet."""

    code = code_pb2.RESOURCE_EXHAUSTED
    reason = ErrorReason.ERROR_REASON_QUEUE_FULL
    retryable = True


class EngineError(HatcheryError):
    """An engine could not do its work."""


class EngineBusy(EngineError):
    """The engine does all that it can do at once. Waiting for it is not an attempt."""

    code = code_pb2.RESOURCE_EXHAUSTED
    reason = ErrorReason.ERROR_REASON_ENGINE_BUSY
    retryable = True


class EngineUnavailable(EngineError):
    """The engine cannot be reached."""

    code = code_pb2.UNAVAILABLE
    reason = ErrorReason.ERROR_REASON_ENGINE_UNAVAILABLE
    retryable = True


class EngineFailed(EngineError):
    """The engine broke off its work."""

    code = code_pb2.INTERNAL
    reason = ErrorReason.ERROR_REASON_ENGINE_FAILED
    retryable = True


class EngineTimeout(EngineError):
    """The engine did not finish in the time that it was given."""

    code = code_pb2.DEADLINE_EXCEEDED
    reason = ErrorReason.ERROR_REASON_ENGINE_TIMEOUT
    retryable = True


class OutputCutOff(EngineError):
    """The model reached its token limit before its output was whole."""

    code = code_pb2.ABORTED
    reason = ErrorReason.ERROR_REASON_OUTPUT_CUT_OFF
    retryable = True


class OutputInvalid(EngineError):
    """The output does not keep to the schema that was asked for."""

    code = code_pb2.ABORTED
    reason = ErrorReason.ERROR_REASON_OUTPUT_INVALID
    retryable = True


class OutputLooping(EngineError):
    """The model repeated itself without end and was stopped."""

    code = code_pb2.ABORTED
    reason = ErrorReason.ERROR_REASON_OUTPUT_LOOPING
    retryable = True


class StoreUnavailable(HatcheryError):
    """Postgres cannot be reached."""

    code = code_pb2.UNAVAILABLE
    reason = ErrorReason.ERROR_REASON_STORE_UNAVAILABLE
    retryable = True


class ShuttingDown(HatcheryError):
    """The process is going away."""

    code = code_pb2.UNAVAILABLE
    reason = ErrorReason.ERROR_REASON_SHUTTING_DOWN
    retryable = True


class Internal(HatcheryError):
    """A fault of the server, of which a client learns nothing but where to look it up."""

    code = code_pb2.INTERNAL
    reason = ErrorReason.ERROR_REASON_INTERNAL


def internal() -> Internal:
    """The error that stands for a fault of ours, with the request id that finds it in the logs."""
    request_id = structlog.contextvars.get_contextvars().get("request_id", "")
    return Internal("an internal error; the logs have it", metadata={"request_id": request_id})
