"""An Envoy that runs by itself: its configuration, its start, and its end."""

import http.client
import os
import re
import socket
from pathlib import Path

from deploy.envoy import certificates
from deploy.envoy.render import EnvoyConfig, render
from deploy.envoy.settings import EdgeSettings

_CONFIG = "envoy.yaml"
_PORT = re.compile(r":\d+$")
_ADMINISTRATION = "administration.sock"


def configuration(settings: EdgeSettings) -> EnvoyConfig:
    """Return what the settings say, as the template takes it."""
    host, _, port = settings.listen.rpartition(":")
    folder = settings.run_dir
    return EnvoyConfig(
        host=host,
        port=int(port),
        gateways=settings.gateways,
        origins=settings.origins,
        hosts=tuple(dict.fromkeys(_PORT.sub("", host) for host in settings.hosts)),
        admin=f"unix:{folder / _ADMINISTRATION}",
        watched=settings.metrics_listen or None,
        secrets=folder,
        edge_tls=settings.edge_tls is not None,
        gateway_tls=settings.tls is not None,
        reflection=settings.reflection,
        calls=settings.connection_calls,
    )


def written(settings: EdgeSettings) -> Path:
    """Write the configuration into a folder that is ours alone, and return where it lies."""
    folder = settings.run_dir
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, text in certificates.files(settings.edge_tls, settings.tls).items():
        (folder / name).write_text(text)
    config = folder / _CONFIG
    config.write_text(render(configuration(settings)))
    return config


def tell(settings: EdgeSettings, method: str, path: str) -> str:
    """Ask the administration of the Envoy that runs from these settings. Raises OSError."""

    class Socket(http.client.HTTPConnection):
        def connect(self) -> None:
            self.sock = socket.socket(socket.AF_UNIX)
            self.sock.settimeout(self.timeout)
            self.sock.connect(os.fspath(settings.run_dir / _ADMINISTRATION))

    connection = Socket("administration", timeout=5)
    try:
        connection.request(method, path)
        return connection.getresponse().read().decode()
    finally:
        connection.close()
