"""Ports for servers that cannot choose one themselves."""

import socket


def free_port() -> int:
    """A loopback port that nobody listens on now."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port
