"""The one Envoy template, filled in: what goes in cannot break out."""

import json
import re
from pathlib import Path

from deploy.envoy.page import BUILT, page_routes
from deploy.envoy.render import TEMPLATE, EnvoyConfig, render

_HTML = ("text/html; charset=utf-8", False)
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
    """A Host is one of our own names, with a port or without."""
    assert LOOPBACK.hosts == ("127.0.0.1", "localhost", "[::1]")
    assert LOOPBACK.origins == ("http://127.0.0.1:8080", "http://localhost:8080")


def test_each_gateway_is_an_endpoint() -> None:
    """All upstreams are in the cluster, so that calls go round."""
    text = render(LOOPBACK)
    assert len(re.findall(r'"port_value": 50051', text)) == 2


def test_every_file_of_the_page_has_a_route_and_a_type(tmp_path: Path) -> None:
    """What has a digest in its name is kept for ever, the rest is asked for again each time."""
    for name in ("index.html", "egg.svg", "static/a-1.js", "static/b-2.css", "static/c-3.woff2"):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(name)
    told = {}
    for route in page_routes(tmp_path):
        headers = {
            h["header"]["key"]: h["header"]["value"] for h in route["response_headers_to_add"]
        }
        assert "default-src 'none'" in headers["content-security-policy"]
        address = route["match"].get("path") or route["match"]["prefix"]
        status = route["direct_response"]["status"]
        immutable = "immutable" in headers["cache-control"]
        told[status, address] = (headers["content-type"], immutable)
    views = dict.fromkeys(
        (
            *("/", "/agents", "/agents/", "/generations/", "/statistics"),
            *("/workbench", "/artifacts", "/artifacts/", "/comparisons/", "/conversations/"),
        ),
        _HTML,
    )
    files = {
        "/egg.svg": ("image/svg+xml", False),
        "/static/a-1.js": ("text/javascript; charset=utf-8", True),
        "/static/b-2.css": ("text/css; charset=utf-8", True),
        "/static/c-3.woff2": ("font/woff2", True),
    }
    found = {(200, address): kind for address, kind in (files | views).items()}
    assert found | {(404, "/"): _HTML} == told


def test_the_box_of_apps_reaches_nobody() -> None:
    """Its own headers, and no others: a sandbox without an origin, and no connection at all."""
    (route,) = [r for r in page_routes(BUILT) if r["match"].get("path") == "/sandbox.html"]
    headers = {h["header"]["key"]: h["header"]["value"] for h in route["response_headers_to_add"]}
    policy = headers["content-security-policy"].split("; ")
    assert {"sandbox allow-scripts", "default-src 'none'", "form-action 'none'"} <= set(policy)
    assert not [part for part in policy if "connect-src" in part or "http" in part]
    assert "off" == headers["x-dns-prefetch-control"]


def test_what_the_page_names_is_built() -> None:
    """Every file that the built index.html asks for has a route."""
    paths = {route["match"].get("path") for route in page_routes(BUILT)}
    asked = re.findall(r'(?:src|href)="(/[^"]+)"', (BUILT / "index.html").read_text())
    assert len(asked) >= 3
    assert set(asked) <= paths


def test_the_admin_page_is_off_unless_asked_for() -> None:
    """Without a port there is no admin; with one it is on loopback."""
    assert "\nadmin: null\n" in render(LOOPBACK)
    asked = EnvoyConfig.for_loopback(port=1, gateways=("a:1",), admin_port=9901)
    assert '\nadmin: {"address": {"socket_address": {"address": "127.0.0.1"' in render(asked)
