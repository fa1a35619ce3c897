"""What an Envoy that runs by itself is told."""

from typing import Any

import pytest
from pydantic import ValidationError

from deploy.envoy.settings import EdgeSettings


def _told(**given: Any) -> EdgeSettings:
    return EdgeSettings(**{"gateways": "127.0.0.1:50051", "hosts": "localhost", **given})


@pytest.mark.parametrize(
    "given",
    [
        {"listen": "0.0.0.0:8080"},
        {"listen": "[::]:8080", "tls": "/certificates"},
        {"gateways": "gateway:50051"},
        {"gateways": "localhost:50051,10.0.0.5:50051", "edge_tls": "/certificates"},
    ],
)
def test_what_leaves_the_machine_is_private_or_said_not_to_be(given: dict[str, str]) -> None:
    """Whoever calls, and the gateways."""
    with pytest.raises(ValidationError, match="plaintext"):
        _told(**given)
    assert _told(**given, plaintext=True).plaintext
    assert _told(**{**given, "tls": "/certificates", "edge_tls": "/certificates"})


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "localhost"])
def test_this_machine_needs_neither(host: str) -> None:
    """By address or by name."""
    assert _told(listen=f"{host}:8080", gateways=f"{host}:50051")
