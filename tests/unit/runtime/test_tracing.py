"""Traces cost nothing where nobody wants them, and take nobody's nonsense."""

import subprocess
import sys

import pytest
from pydantic import ValidationError

from services.runtime.errors import EngineFailed
from services.runtime.observing import traces
from services.runtime.settings import ServerSettings
from services.runtime.tracing import child, here, name_of
from tests.support.collector import collecting

TRACE, SPAN = "ab" * 16, "cd" * 8
_OFF = """
import asyncio, sys
import services.gateway.app, services.llm.__main__, services.avatar.__main__
from services.runtime.observing import traces
async def main():
    async with traces("", 1.0, "test") as tracing:
        with tracing.span("a call", "server", {}, {}) as span:
            print(tracing.on, span.recorded)
asyncio.run(main())
print([name for name in ("trace", "sdk.trace", "exporter.otlp") if f"opentelemetry.{name}" in sys.modules])
"""  # noqa: E501


def test_nothing_is_imported_where_they_are_off() -> None:
    """Neither OpenTelemetry's spans nor what sends them."""
    said = subprocess.run(
        [sys.executable, "-c", _OFF], capture_output=True, text=True, check=True, timeout=60
    )
    assert "False False\n[]\n" == said.stdout


async def test_a_part_of_nothing_is_nothing() -> None:
    """Where no call and no generation is traced, no span begins: polls leave none."""
    async with collecting() as collector:
        async with traces(collector.endpoint, 1.0, "test"):
            with child("SELECT generations", "client"):
                assert not here().recorded
        assert () == tuple(collector.spans)


@pytest.mark.parametrize("ratio", [0.0, 1.0])
@pytest.mark.parametrize(
    ("flags", "recorded"), [("01", True), ("00", False)], ids=["sampled", "not-sampled"]
)
async def test_a_call_is_recorded_as_its_caller_says(
    ratio: float, flags: str, recorded: bool
) -> None:
    """Unless there is to be none at all; what follows hears of it either way."""
    async with collecting() as collector:
        async with traces(collector.endpoint, ratio, "test") as tracing:
            parent = {"traceparent": f"00-{TRACE}-{SPAN}-{flags}", "tracestate": "vendor=1"}
            with tracing.span("a call", "server", parent, {}) as span:
                on = recorded and ratio == 1.0
                assert on == span.recorded
                assert f"00-{TRACE}-" == span.headers["traceparent"][:36]
                assert f"-{int(on):02}" == span.headers["traceparent"][-3:]
                assert "vendor=1" == span.headers["tracestate"]
        assert [(TRACE, SPAN)] * on == [(one.trace, one.parent) for one in collector.spans]


@pytest.mark.parametrize(
    "parent",
    [
        "",
        "nonsense",
        f"00-{TRACE}-{SPAN}",
        f"00-{'0' * 32}-{SPAN}-01",
        f"ff-{TRACE}-{SPAN}-01",
        f"00-{TRACE}-{SPAN}-01" + "-x" * 1000,
        f"00-{TRACE.upper()}-{SPAN}-01",
    ],
)
async def test_nonsense_begins_a_trace_of_its_own(parent: str) -> None:
    """What is not W3C's is passed over, and so is a state that is too long."""
    async with collecting() as collector:
        async with traces(collector.endpoint, 1.0, "test") as tracing:
            headers = {"traceparent": parent, "tracestate": "a=" + "x" * 10_000}
            with tracing.span("a call", "server", headers, {}):
                pass
        (span,) = collector.spans
        assert TRACE != span.trace
        assert ("", "") == (span.parent, span.span.trace_state)


async def test_what_goes_wrong_is_told_by_its_name_alone() -> None:
    """The reason of an error of ours, the type of any other, and no text of either."""
    async with collecting() as collector:
        async with traces(collector.endpoint, 1.0, "test") as tracing:
            with tracing.span("a call", "server", {}, {}):
                for error in (EngineFailed("a private wish"), ValueError("a private wish")):
                    with pytest.raises(type(error)), child(name_of(error)):
                        raise error
        assert "private" not in str(collector.requests)
        for name in ("ENGINE_FAILED", "ValueError"):
            span = collector.one(name)
            assert (True, name) == (span.failed, span.attributes["error.type"])
        assert not collector.one("a call").failed


@pytest.mark.parametrize(
    "wrong",
    [
        {"traces": "collector:4317"},
        {"traces": "grpc://127.0.0.1:4317"},
        {"traces": "http://collector:4317"},
        {"trace_ratio": 1.5},
    ],
    ids=str,
)
def test_settings_that_cannot_be_meant_are_refused(wrong: dict[str, object]) -> None:
    """An endpoint says how it is spoken to, in private where it is on another machine."""
    with pytest.raises(ValidationError):
        ServerSettings.model_validate(wrong)


def test_endpoints_that_are_taken() -> None:
    """TLS anywhere, plain on this machine, and plain elsewhere where that is asked for."""
    for right in (
        {"traces": "https://collector:4317"},
        {"traces": "http://127.0.0.1:4317"},
        {"traces": "http://collector:4317", "plaintext": True},
    ):
        assert right["traces"] == ServerSettings.model_validate(right).traces
