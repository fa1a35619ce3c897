"""Errors as `google.rpc.Status`, and back: the one form in which a failure crosses a process."""

import datetime as dt
from typing import TypeVar

from google.protobuf.message import Message
from google.rpc import error_details_pb2, status_pb2
from hatchery.errors.v1.errors_pb2 import ErrorReason

from services.runtime import errors

M = TypeVar("M", bound=Message)

_PREFIX = "ERROR_REASON_"


def reason_name(error: errors.HatcheryError) -> str:
    """The reason as it stands in an ErrorInfo, as in "ENGINE_BUSY"."""
    return ErrorReason.Name(error.reason).removeprefix(_PREFIX)


def to_status(error: errors.HatcheryError) -> status_pb2.Status:
    """The status of an error: one ErrorInfo, and BadRequest and RetryInfo where they apply."""
    status = status_pb2.Status(code=error.code, message=error.message)

    def attach(detail: Message) -> None:
        status.details.add().Pack(detail)

    attach(
        error_details_pb2.ErrorInfo(
            reason=reason_name(error), domain=errors.DOMAIN, metadata=error.metadata
        )
    )
    if error.fields:
        bad = error_details_pb2.BadRequest()
        for field, problem in error.fields.items():
            bad.field_violations.add(field=field, description=problem)
        attach(bad)
    if error.retry_after is not None:
        retry = error_details_pb2.RetryInfo()
        retry.retry_delay.FromTimedelta(dt.timedelta(seconds=error.retry_after))
        attach(retry)
    return status


def from_status(status: status_pb2.Status) -> errors.HatcheryError | None:
    """The error that a status tells of; None when it carries no reason of ours."""
    info = _detail(status, error_details_pb2.ErrorInfo())
    if info is None or info.domain != errors.DOMAIN:
        return None
    kind = _BY_REASON.get(f"{_PREFIX}{info.reason}")
    if kind is None:
        return None
    error = kind.__new__(kind)
    bad = _detail(status, error_details_pb2.BadRequest())
    retry = _detail(status, error_details_pb2.RetryInfo())
    errors.HatcheryError.__init__(
        error,
        status.message,
        metadata=dict(info.metadata),
        fields={v.field: v.description for v in bad.field_violations} if bad else None,
        retry_after=retry.retry_delay.ToTimedelta().total_seconds() if retry else None,
    )
    return error


def _detail(status: status_pb2.Status, into: M) -> M | None:
    return next((into for detail in status.details if detail.Unpack(into)), None)


def _tree(kind: type[errors.HatcheryError]) -> list[type[errors.HatcheryError]]:
    return [kind, *(leaf for sub in kind.__subclasses__() for leaf in _tree(sub))]


_BY_REASON = {
    ErrorReason.Name(kind.reason): kind
    for kind in _tree(errors.HatcheryError)
    if "reason" in vars(kind)
}
