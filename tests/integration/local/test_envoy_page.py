"""The page as Envoy serves it: its addresses, its packing, its policy and the frame of apps."""

import gzip
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from deploy.envoy.page import BUILT
from tests.integration.local.edge import Edge, an_edge

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def edge(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Edge]:
    """Yield an Envoy that is ready, configured as in the local stack."""
    async with an_edge(tmp_path_factory.mktemp("edge")) as edge:
        yield edge


async def test_the_page_is_there_at_each_of_its_addresses(edge: Edge) -> None:
    """Its views are one document; elsewhere is nothing."""
    first = edge.request("GET", "/")
    assert first.headers["content-type"] == "text/html; charset=utf-8"
    assert b"<title>Hatchery</title>" in first.body
    name = "00000000-0000-4000-8000-000000000000"
    paths = (
        "/agents",
        f"/agents/{name}",
        f"/generations/{name}",
        "/workbench",
        "/artifacts",
        f"/artifacts/{name}",
        f"/agents/{name}/chat",
        f"/comparisons/{name}",
        f"/conversations/{name}",
        f"/conversations/{name}/messages/1",
        "/?from=elsewhere",
    )
    for path in paths:
        assert first.body == edge.request("GET", path).body
    assert edge.request("HEAD", "/").status == 200
    assert edge.request("GET", "/elsewhere").status == 404
    lost = edge.request("GET", "/elsewhere", {"Accept": "text/html,*/*"})
    assert (404, first.body) == (lost.status, lost.body)
    assert edge.request("GET", "/static/../index.html").status == 404
    assert edge.request("POST", "/envoy.admin").status == 404


async def test_what_the_page_loads_is_packed_and_kept(edge: Edge) -> None:
    """Compressed for who takes it, and never asked for again; each with the policy."""
    for file in BUILT.glob("static/*"):
        answer = edge.request("GET", f"/static/{file.name}", {"Accept-Encoding": "gzip"})
        packed = answer.headers["content-encoding"] == "gzip"
        assert packed == (file.suffix in (".js", ".css") and file.stat().st_size > 256)
        assert file.read_bytes() == (gzip.decompress(answer.body) if packed else answer.body)
        assert "immutable" in answer.headers["cache-control"]
        assert "default-src 'none'" in answer.headers["content-security-policy"]


async def test_an_app_runs_where_it_reaches_nobody(edge: Edge) -> None:
    """Its page has no origin and no network, only our page frames it, and it is never kept."""
    answer = edge.request("GET", "/sandbox.html")
    assert (200, "no-cache") == (answer.status, answer.headers["cache-control"])
    policy = answer.headers["content-security-policy"].split("; ")
    assert {
        "sandbox allow-scripts",
        "default-src 'none'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'self'",
    } <= set(policy)
    assert not any("'self'" in rule for rule in policy if not rule.startswith("frame-ancestors"))
    assert "(response-origin)" == answer.headers["connection-allowlist"]
    assert "off" == answer.headers["x-dns-prefetch-control"]


async def test_the_page_itself_takes_in_nothing_new(edge: Edge) -> None:
    """It frames its own pages and is framed by none; scripts and connections are its own alone."""
    headers = edge.request("GET", "/").headers
    policy = headers["content-security-policy"].split("; ")
    assert {
        "default-src 'none'",
        "script-src 'self'",
        "connect-src 'self'",
        "frame-src 'self'",
        "frame-ancestors 'none'",
    } <= set(policy)
    assert headers["connection-allowlist"] is None
