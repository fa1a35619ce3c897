"""Errors as statuses and back, for every class of the tree."""

import subprocess
import sys
from pathlib import Path

import pytest
from google.rpc import code_pb2, error_details_pb2, status_pb2
from hatchery.errors.v1.errors_pb2 import ErrorReason

from services.runtime import errors
from services.runtime.errors import HatcheryError, InvalidField, ResourceNotFound, UnknownModel
from services.runtime.status import from_status, reason_name, to_status


def _leaves(kind: type[HatcheryError] = HatcheryError) -> list[type[HatcheryError]]:
    """The classes of the tree that stand for a reason; others end a process and cross none."""
    return [
        leaf
        for sub in kind.__subclasses__()
        if sub.__module__ == errors.__name__
        for leaf in ([sub] if "reason" in vars(sub) else []) + _leaves(sub)
    ]


def _error(kind: type[HatcheryError]) -> HatcheryError:
    if kind is InvalidField:
        return InvalidField({"portrait.width": "too wide", "name": "odd"})
    if kind is UnknownModel:
        return UnknownModel("llama", ["smollm2"], command="ollama pull llama")
    if kind is ResourceNotFound:
        return ResourceNotFound("agents/1")
    return kind("what to do", metadata={"a": "b"}, retry_after=1.5)


@pytest.mark.parametrize("kind", _leaves(), ids=lambda kind: kind.__name__)
def test_an_error_survives_the_wire(kind: type[HatcheryError]) -> None:
    """Class, message, metadata, fields and the time to wait come back as they went."""
    error = _error(kind)
    sent = status_pb2.Status.FromString(to_status(error).SerializeToString())
    back = from_status(sent)
    assert back is not None
    assert type(error) is type(back)
    assert (error.message, error.metadata, error.fields, error.retry_after) == (
        back.message,
        back.metadata,
        back.fields,
        back.retry_after,
    )
    assert kind.code == sent.code


def test_every_reason_has_one_class_and_every_class_one_reason() -> None:
    """The enum on the wire and the tree here name the same failures."""
    reasons = [kind.reason for kind in _leaves()]
    assert sorted(set(ErrorReason.values()) - {0}) == sorted(reasons)


def test_a_reason_says_its_code_in_the_contract() -> None:
    """Each value's comment in the proto names the code that its class has."""
    text = (Path(__file__).parents[3] / "protos/hatchery/errors/v1/errors.proto").read_text()
    for kind in _leaves():
        code = code_pb2.Code.Name(kind.code)
        assert f"// {ErrorReason.Name(kind.reason)} ({code}):" in text


@pytest.mark.parametrize(
    "info",
    [
        None,
        error_details_pb2.ErrorInfo(reason="INTERNAL", domain="elsewhere"),
        error_details_pb2.ErrorInfo(reason="NEW", domain=errors.DOMAIN),
    ],
    ids=["no details", "another domain", "an unknown reason"],
)
def test_what_is_not_ours_is_no_error_of_ours(info: error_details_pb2.ErrorInfo | None) -> None:
    """A status without an ErrorInfo of this domain, with a reason that we know, gives None."""
    status = status_pb2.Status(code=13, message="plain")
    if info is not None:
        status.details.add().Pack(info)
    assert from_status(status) is None


def test_a_status_names_reason_fields_and_wait() -> None:
    """One ErrorInfo, then a BadRequest and a RetryInfo only where they say something."""
    plain = to_status(errors.NotDeleted("not deleted"))
    assert ["type.googleapis.com/google.rpc.ErrorInfo"] == [d.type_url for d in plain.details]
    assert "NOT_DELETED" == reason_name(errors.NotDeleted("x"))
    full = to_status(_error(InvalidField))
    bad = error_details_pb2.BadRequest()
    assert full.details[1].Unpack(bad)
    assert ["portrait.width", "name"] == [v.field for v in bad.field_violations]


@pytest.mark.parametrize(
    "module",
    [
        "services.runtime.errors",
        "services.runtime.status",
        "services.runtime.folding",
        "services.gateway.reducer.narrator",
        "services.gateway.reducer.snapshot",
        "services.gateway.recipes.agent",
    ],
)
def test_what_is_pure_loads_no_wire_and_no_store(module: str) -> None:
    """Importing it, with all that it imports, brings in neither grpc nor asyncpg."""
    program = f"import sys, {module}; print(*{{'grpc', 'asyncpg'}} & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert "" == done.stdout.strip()
