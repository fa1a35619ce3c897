"""From the template beside this file to a configuration that Envoy reads."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Any

from deploy.envoy import certificates
from deploy.envoy.page import BUILT, page_routes

TEMPLATE = Path(__file__).with_name("envoy.yaml.tmpl")
_FILTERS = "type.googleapis.com/envoy.extensions.filters"
_ROUTE = " " * 24  # where an entry of the list of routes begins
_REFLECTION = {
    "match": {"prefix": "/grpc.reflection."},
    "route": {"cluster": "gateway", "timeout": "0s", "idle_timeout": "0s"},
}


@dataclass(frozen=True)
class EnvoyConfig:
    """What differs from one place to another."""

    host: str
    port: int
    gateways: tuple[str, ...]  # host:port each; a name may stand for several addresses
    origins: tuple[str, ...]  # of the pages that may call
    # What a request's Host may be, with any port; a name rebound to us is none of them.
    hosts: tuple[str, ...]
    admin: str | None = None  # host:port or unix:/path; None: off
    watched: str | None = None  # host:port of /ready and /stats/prometheus, which `admin` answers
    secrets: Path | None = None  # where certificates.files() lie, if there are any
    edge_tls: bool = False  # with who calls
    gateway_tls: bool = False
    reflection: bool = False
    calls: int = 100  # a second on one connection; twice as many may come at once
    page: Path = BUILT  # the folder of the built page, as Envoy sees it and we do

    @classmethod
    def for_loopback(
        cls,
        *,
        port: int,
        gateways: tuple[str, ...],
        origins: tuple[str, ...] = (),
        admin_port: int | None = None,
    ) -> "EnvoyConfig":
        """Return the configuration of one machine: loopback, and the page's own origin."""
        names = ("127.0.0.1", "localhost", "[::1]")
        return cls(
            host="127.0.0.1",
            port=port,
            gateways=gateways,
            origins=origins or tuple(f"http://{name}:{port}" for name in names[:2]),
            hosts=names,
            admin=None if admin_port is None else f"127.0.0.1:{admin_port}",
            reflection=True,
        )


def render(config: EnvoyConfig) -> str:
    """Fill the template in. Each value goes in as JSON, which is YAML that cannot break out."""
    endpoints = [
        {"endpoint": {"address": address_of(gateway), "hostname": gateway.rpartition(":")[0]}}
        for gateway in config.gateways
    ]
    secrets = config.secrets
    values = {
        "listener_address": address_of(f"{config.host}:{config.port}"),
        "hosts": config.hosts,
        "origins": [{"exact": origin} for origin in config.origins],
        "foreign_origin": "|".join(re.escape(origin) for origin in config.origins),
        "gateways": endpoints,
        # Little by little: a second's worth at once would hold up everybody.
        "calls_refilled": max(config.calls // 20, 1),
        "calls_at_once": 2 * config.calls,
        "admin": {"address": address_of(config.admin)} if config.admin else None,
        "edge_tls": certificates.downstream(secrets) if secrets and config.edge_tls else None,
        "gateway_tls": (certificates.upstream(secrets) if secrets and config.gateway_tls else None),
    }
    more = [*([_REFLECTION] if config.reflection else ()), *page_routes(config.page)]
    return Template(TEMPLATE.read_text()).substitute(
        {name: json.dumps(value) for name, value in values.items()},
        more_routes="\n".join(f"{_ROUTE}- {json.dumps(route)}" for route in more),
        more_listeners="\n".join(f"    - {json.dumps(one)}" for one in _watched(config)),
        more_clusters="\n".join(f"    - {json.dumps(one)}" for one in _asked(config)),
    )


def address_of(place: str) -> dict[str, object]:
    """Return host:port or unix:/path as Envoy writes it."""
    if place.startswith("unix:"):
        return {"pipe": {"path": place.removeprefix("unix:"), "mode": 0o600}}
    host, _, port = place.rpartition(":")
    return {"socket_address": {"address": host.strip("[]"), "port_value": int(port)}}


def _watched(config: EnvoyConfig) -> list[dict[str, Any]]:
    """Return the listener where two of the administration's pages are answered, and no other."""
    if config.watched is None:
        return []
    routes = [
        {"match": {"path": path}, "route": {"cluster": "administration"}}
        for path in ("/ready", "/stats/prometheus")
    ]
    manager = {
        "@type": f"{_FILTERS}.network.http_connection_manager.v3.HttpConnectionManager",
        "stat_prefix": "watched",
        "http_filters": [
            {
                "name": "envoy.filters.http.router",
                "typed_config": {"@type": f"{_FILTERS}.http.router.v3.Router"},
            }
        ],
        "route_config": {
            "virtual_hosts": [{"name": "watched", "domains": ["*"], "routes": routes}]
        },
    }
    chain = {"name": "envoy.filters.network.http_connection_manager", "typed_config": manager}
    return [
        {
            "name": "watched",
            "address": address_of(config.watched),
            "enable_reuse_port": False,
            # Who asks whether it lives is answered, however many connections there are.
            "ignore_global_conn_limit": True,
            "filter_chains": [{"filters": [chain]}],
        }
    ]


def _asked(config: EnvoyConfig) -> list[dict[str, Any]]:
    if config.watched is None or config.admin is None:
        return []
    endpoint = {"endpoint": {"address": address_of(config.admin)}}
    return [
        {
            "name": "administration",
            "connect_timeout": "1s",
            "load_assignment": {
                "cluster_name": "administration",
                "endpoints": [{"lb_endpoints": [endpoint]}],
            },
        }
    ]
