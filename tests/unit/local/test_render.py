"""The one Envoy template, filled in: what goes in cannot break out."""

import json
import re

from deploy.envoy.render import TEMPLATE, EnvoyConfig, render

LOOPBACK = EnvoyConfig.for_loopback(port=8080, gateways=("127.0.0.1:50051", "10.0.0.2:50051"))


def test_every_placeholder_is_filled() -> None:
    """No placeholder is left, and each of the template's is known."""
    assert "${" in TEMPLATE.read_text()
    assert "${" not in render(LOOPBACK)


def test_a_value_cannot_break_out_of_its_place() -> None:
    """A hostile origin stays one JSON string."""
    origin = 'http://a"]\nadmin: {}'
    text = render(EnvoyConfig.for_loopback(port=1, gateways=("a:1",), origins=(origin,)))
    assert json.dumps([{"exact": origin}]) in text
    assert "\nadmin: {}" not in text


def test_on_loopback_only_loopback_names_are_hosts() -> None:
    """A Host is one of our own names, with the port or without."""
    assert LOOPBACK.hosts == (
        "127.0.0.1:8080",
        "127.0.0.1",
        "localhost:8080",
        "localhost",
        "[::1]:8080",
        "[::1]",
    )
    assert LOOPBACK.origins == ("http://127.0.0.1:8080", "http://localhost:8080")


def test_each_gateway_is_an_endpoint() -> None:
    """All upstreams are in the cluster, so that calls go round."""
    text = render(LOOPBACK)
    assert len(re.findall(r'"port_value": 50051', text)) == 2


def test_the_admin_page_is_off_unless_asked_for() -> None:
    """Without a port there is no admin; with one it is on loopback."""
    assert "\nadmin: null\n" in render(LOOPBACK)
    asked = EnvoyConfig.for_loopback(port=1, gateways=("a:1",), admin_port=9901)
    assert '\nadmin: {"address": {"socket_address": {"address": "127.0.0.1"' in render(asked)
