"""From the template beside this file to a configuration that Envoy reads."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from string import Template

from deploy.envoy.page import BUILT, page_routes

TEMPLATE = Path(__file__).with_name("envoy.yaml.tmpl")
_ROUTE = " " * 24  # where an entry of the list of routes begins


@dataclass(frozen=True)
class EnvoyConfig:
    """What differs from one place to another."""

    host: str
    port: int
    gateways: tuple[str, ...]  # host:port each; a name may stand for several addresses
    origins: tuple[str, ...]  # of the pages that may call
    hosts: tuple[str, ...]  # what a request's Host may be; a name rebound to us is none of them
    admin_port: int | None = None  # on loopback; None: off
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
            hosts=tuple(host for name in names for host in (f"{name}:{port}", name)),
            admin_port=admin_port,
        )


def render(config: EnvoyConfig) -> str:
    """Fill the template in. Each value goes in as JSON, which is YAML that cannot break out."""
    endpoints = [
        {"endpoint": {"address": _address(*gateway.rsplit(":", 1))}} for gateway in config.gateways
    ]
    admin = {"address": _address("127.0.0.1", config.admin_port or 0)}
    values = {
        "listener_address": _address(config.host, config.port),
        "hosts": config.hosts,
        "origins": [{"exact": origin} for origin in config.origins],
        "foreign_origin": "|".join(re.escape(origin) for origin in config.origins),
        "gateways": endpoints,
        # Little by little: a second's worth at once would hold up everybody.
        "calls_refilled": max(config.calls // 20, 1),
        "calls_at_once": 2 * config.calls,
        "admin": admin if config.admin_port is not None else None,
    }
    page = "\n".join(f"{_ROUTE}- {json.dumps(route)}" for route in page_routes(config.page))
    return Template(TEMPLATE.read_text()).substitute(
        {name: json.dumps(value) for name, value in values.items()}, page=page
    )


def _address(host: str, port: str | int) -> dict[str, object]:
    return {"socket_address": {"address": host.strip("[]"), "port_value": int(port)}}
