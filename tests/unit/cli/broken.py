"""Calls that end badly."""

from typing import Any

import grpc
from grpc_status import rpc_status

from services.runtime.errors import HatcheryError
from services.runtime.status import to_status


class Broken(grpc.RpcError):
    """A call that ended badly."""

    def __init__(
        self, code: grpc.StatusCode, error: HatcheryError | None = None, details: str = ""
    ) -> None:
        super().__init__()
        self._code, self._details = code, details
        self._status = rpc_status.to_status(to_status(error)) if error else None

    def code(self) -> grpc.StatusCode:
        return self._code

    def details(self) -> str:
        return str(self._status.details) if self._status else self._details

    def trailing_metadata(self) -> Any:
        return self._status.trailing_metadata if self._status else ()
