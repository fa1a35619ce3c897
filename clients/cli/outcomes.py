"""What came of a generation: a companion or an artifact, fetched, kept on disk, and shown."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from hatchery.gateway.v1.agent_service_pb2 import Agent, GetAgentRequest

from clients.cli import artifacts, documents, portraits, replies
from clients.cli.names import conversation_of, short
from clients.cli.problems import Problem, of_system
from clients.cli.server import Server
from clients.cli.show.card import show
from clients.cli.wording import clean, to_do
from deploy.local.errors import StackError


@dataclass(frozen=True)
class Wishes:
    """How a story is to be told: as JSON or for people, and where what came of it goes.

    `writes` says that a free text is made; `apart`, that standard output is for that alone.
    """

    title: str = ""
    json: bool = False
    output: Path | None = None
    writes: bool = False
    apart: bool = False


class Outcome(Protocol):
    """What came of it."""

    def show(self) -> None:
        """Print it."""
        ...

    @property
    def trouble(self) -> str:
        """Why it is not kept on this machine, and what fetches it; nothing where all went well."""
        ...


@dataclass(frozen=True)
class Companion:
    """A companion that hatched, and where its portrait is kept; `lost` says why that is nowhere."""

    server: Server
    agent: Agent
    portrait: Path | None = None
    data: bytes = b""
    lost: str = ""

    def show(self) -> None:
        """Print its card."""
        show(self.agent, self.portrait, self.data, house=self.server.house)

    @property
    def trouble(self) -> str:
        """Why its portrait is not kept, and what fetches it."""
        if not self.lost:
            return ""
        fetch = f"hatchery agents portrait {short(self.agent.name)}{self.server.there} -o PATH"
        return f"its portrait was not kept: {self.lost}" + to_do("to fetch it", fetch)


def fetch(server: Server, resource: str, wishes: Wishes) -> Outcome | None:
    """Fetch what was made and write what belongs on disk; with JSON, only if that is asked for.

    It is there whatever happens to its file here.
    """
    if wishes.json and wishes.output is None:
        return None
    if resource.startswith("agents/"):
        return _companion(server, resource, wishes.output)
    if resource.startswith("artifacts/"):
        return artifacts.fetch(server, resource, wishes.output, apart=wishes.apart)
    if conversation_of(resource):
        return replies.fetch(server, resource)
    if resource.startswith("generations/"):
        return documents.fetch(server, resource, apart=wishes.apart)
    return None


def made_but(server: Server, resource: str, why: str) -> str:
    """Say that it was made, why it is not shown, and what fetches it."""
    name = conversation_of(resource) or resource
    show = f"hatchery {name.partition('/')[0]} show {short(name)}{server.there}"
    return f"{clean(resource)} was made; {why}" + to_do("to fetch it", show)


def _companion(server: Server, name: str, output: Path | None) -> Companion:
    agent = server.ask(server.agents.GetAgent, GetAgentRequest(name=name))
    data = b""
    try:
        data = portraits.download(server, agent)
        return Companion(server, agent, portraits.save(server, agent, data, output), data)
    except OSError as error:
        return Companion(server, agent, data=data, lost=of_system(error))
    except (StackError, Problem) as error:
        return Companion(server, agent, data=data, lost=str(error))
