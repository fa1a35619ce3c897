"""Which ports the stack listens on, and whether they are ours to take."""

import http.client
import socket
from collections.abc import Mapping
from contextlib import ExitStack

import psutil

from deploy.local.errors import PortTaken
from deploy.local.settings import LOOPBACK, PREFIX, LocalSettings

SETTINGS = {
    "envoy": "port",
    "gateway": "gateway_port",
    "llm": "llm_port",
    "avatar": "avatar_port",
    "postgres": "postgres_port",
}
PATIENCE = 1.0  # seconds for whoever holds the public port to say what it is
TITLE = b"<title>Hatchery</title>"


def choose_ports(settings: LocalSettings) -> dict[str, int]:
    """Return a port per process; 0 becomes a free one, taken ones are one PortTaken.

    Only the first gateway has a port of its own choice.
    """
    wanted = dict.fromkeys(settings.gateways, 0)
    wanted |= {name: int(getattr(settings, field)) for name, field in SETTINGS.items()}
    if settings.database_url is not None:
        del wanted["postgres"]
    ports: dict[str, int] = {}
    refused: dict[str, int] = {}
    with ExitStack() as held:  # all at once, so that no free port is given twice
        for name, port in sorted(wanted.items(), key=lambda item: item[1] == 0):
            taken = held.enter_context(socket.socket())
            # As servers do: a port whose last connections are fading away is free.
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                taken.bind((LOOPBACK, port))
                taken.listen(1)  # two sockets may share an address until one of them listens
            except PermissionError:
                raise PortTaken(
                    f"port {port} (for {name}) is reserved for root",
                    f"set {PREFIX}{SETTINGS[name].upper()} to one above 1023",
                ) from None
            except OSError:
                refused[name] = port
                continue
            ports[name] = taken.getsockname()[1]
    if refused:
        raise _all_taken(refused)
    return ports


def _all_taken(refused: Mapping[str, int]) -> PortTaken:
    """Name every port that is taken, and what to do: if it is by a Hatchery, that can be used."""
    held = ", ".join(
        f"port {port} (for {name}) is taken{_by_whom(port)}" for name, port in refused.items()
    )
    names = ", ".join(f"{PREFIX}{SETTINGS[name].upper()}" for name in refused)
    several = len(refused) > 1
    hint = f"stop {'those' if several else 'that'}, or set {names}"
    hint += " to other ports" if several else " to another port"
    public = refused.get("envoy")
    if public is not None and _is_hatchery(public):
        hint = f"a Hatchery answers there: `--address {LOOPBACK}:{public}` uses it; else {hint}"
    return PortTaken(held, hint)


def _is_hatchery(port: int) -> bool:
    """Whether what listens shows Hatchery's page."""
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=PATIENCE)
    try:
        connection.request("GET", "/")
        return TITLE in connection.getresponse().read(4096)
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _by_whom(port: int) -> str:
    try:
        for connection in psutil.net_connections("tcp"):
            listening = connection.status == psutil.CONN_LISTEN
            if listening and connection.laddr[1:] == (port,) and connection.pid:
                return f" by {psutil.Process(connection.pid).name()} (pid {connection.pid})"
    except psutil.Error:
        pass  # macOS tells only root
    return ""
