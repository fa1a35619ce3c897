"""The picture of a companion: its bytes, and the file that it is kept in."""

from pathlib import Path

from hatchery.gateway.v1.agent_service_pb2 import Agent
from hatchery.gateway.v1.asset_service_pb2 import DownloadAssetRequest

from clients.cli import files
from clients.cli.server import DEADLINE, Server

_SUFFIXES = {"image/svg+xml": ".svg", "image/jpeg": ".jpg", "image/webp": ".webp"}


def download(server: Server, agent: Agent) -> bytes:
    """Return the bytes of the portrait. Raises Problem."""
    request = DownloadAssetRequest(name=agent.portrait.asset)

    def call() -> bytes:
        chunks = server.assets.DownloadAsset(request, metadata=server.metadata, timeout=DEADLINE)
        return b"".join(chunk.data for chunk in chunks)

    return server.make(call)


def save(server: Server, agent: Agent, data: bytes, output: Path | None) -> Path:
    """Write the portrait and return where it lies: `output`, or `portraits` in the state folder.

    The suffix is that of what it is: a placeholder is an SVG. Raises OSError, StackError.
    """
    suffix = _SUFFIXES.get(agent.portrait.media_type, ".png")
    if output is None:
        output = files.kept_folder(server.home, "portraits")
    path = output / file_name(agent) if output.is_dir() else output
    if path.suffix.lower() in {".png", *_SUFFIXES.values()}:
        path = path.with_suffix(suffix)
    elif output.is_dir():
        path = path.with_name(path.name + suffix)
    path.write_bytes(data)
    return path.absolute()


def file_name(agent: Agent) -> str:
    """Return "marisol-1a2b3c4d" for an agent, whatever it is called."""
    return files.file_name(agent.persona.name, agent.name, "companion")
