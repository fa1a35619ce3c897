"""The server that a command speaks to: the one that was named, or the local stack."""

import copy
import ipaddress
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeVar
from urllib.parse import urlsplit

import click

from clients.cli import tokens
from clients.cli.home import Home
from clients.cli.problems import Problem

if TYPE_CHECKING:  # generated code and grpc are loaded while the stack starts, or not at all
    from hatchery.gateway.v1.agent_service_pb2_grpc import AgentServiceStub
    from hatchery.gateway.v1.artifact_service_pb2_grpc import ArtifactServiceStub
    from hatchery.gateway.v1.asset_service_pb2_grpc import AssetServiceStub
    from hatchery.gateway.v1.conversation_service_pb2_grpc import ConversationServiceStub
    from hatchery.gateway.v1.generation_service_pb2_grpc import GenerationServiceStub
    from hatchery.gateway.v1.model_service_pb2_grpc import ModelServiceStub
    from hatchery.gateway.v1.recipe_service_pb2_grpc import RecipeServiceStub
    from hatchery.gateway.v1.template_service_pb2_grpc import TemplateServiceStub

DEADLINE = 30.0  # seconds for a call that is no stream
T = TypeVar("T")


class Server:
    """Stubs of every service, connected when first used."""

    def __init__(
        self, home: Home, address: str, token: str = "", token_file: Path | None = None
    ) -> None:
        """`address` is host:port, or empty for the local stack, which is started if need be.

        A `token_file` is read for each call: whoever renews the token writes it there.
        """
        self.home = home
        self.given = address
        self.renews = token_file is not None
        self._token = token
        self._token_file = token_file
        self._is_patient = False

    def patient(self) -> Self:
        """Return the same server, each call of which is made again while that may help.

        For what may be repeated: reads of what is known to be there.
        """
        _ = self._channel  # one connection for both
        other = copy.copy(self)
        other._is_patient = True  # noqa: SLF001  # its own kind
        return other

    @property
    def metadata(self) -> tuple[tuple[str, str], ...]:
        """What goes with each call. Raises Problem, also where a token would go in clear."""
        token = tokens.read(self._token_file) if self._token_file else self._token
        if not token:
            return ()
        if not (self._scheme or self._here):
            raise Problem(
                f"{self.given} is on another machine, and whoever is on the way would read the"
                f" token: --address https://{self.given}, or http:// to send it all the same"
            )
        return (("authorization", f"Bearer {token}"),)

    @cached_property
    def address(self) -> str:
        """Where it is, as host:port; starts the local stack. Raises StackError."""
        if self.given:
            return self.given.rpartition("://")[2].rstrip("/")
        from deploy.local.stack import running, start_in_background  # noqa: PLC0415

        info = running(self.home.state)
        if info is None or not info.ready:
            click.echo("Starting the local stack …", err=True)
            info = start_in_background(self.home.settings)
        return info.address.removeprefix("http://")

    @property
    def house(self) -> str:
        """Where the page is served, as host:port; empty for an address that need not serve it."""
        return "" if self.given else self.address

    @property
    def there(self) -> str:
        """The option that leads another command to the same server, where one was given."""
        return f" --address {self.given}" if self.given else ""

    @property
    def _scheme(self) -> str:
        return self.given.rpartition("://")[0].lower()

    @property
    def _here(self) -> bool:
        return _is_here(self.address)

    @cached_property
    def _channel(self) -> Any:
        import grpc  # noqa: PLC0415
        import grpc.experimental  # noqa: PLC0415

        options: list[tuple[str, int]] = [
            # No thread of grpcio's own: one that is stopped at exit, holding the lock of a call,
            # keeps the process from ending.
            (grpc.experimental.ChannelOptions.SingleThreadedUnaryStream, 1),
            ("grpc.initial_reconnect_backoff_ms", 100),
            ("grpc.min_reconnect_backoff_ms", 100),
            ("grpc.max_reconnect_backoff_ms", 2_000),
            # A silent stream has a heartbeat every 10 s; a dead connection says nothing at all.
            ("grpc.keepalive_time_ms", 20_000),
            ("grpc.keepalive_timeout_ms", 10_000),
            ("grpc.http2.ping_timeout_ms", 10_000),
            ("grpc.http2.max_pings_without_data", 0),
        ]
        if self._here:
            options.append(("grpc.enable_http_proxy", 0))
        if self._scheme == "https":
            return grpc.secure_channel(self.address, grpc.ssl_channel_credentials(), options)
        return grpc.insecure_channel(self.address, options)

    @cached_property
    def agents(self) -> "AgentServiceStub":
        """AgentService."""
        from hatchery.gateway.v1.agent_service_pb2_grpc import AgentServiceStub  # noqa: PLC0415

        stub: AgentServiceStub = AgentServiceStub(self._channel)
        return stub

    @cached_property
    def generations(self) -> "GenerationServiceStub":
        """GenerationService."""
        from hatchery.gateway.v1 import generation_service_pb2_grpc as rpc  # noqa: PLC0415

        stub: rpc.GenerationServiceStub = rpc.GenerationServiceStub(self._channel)
        return stub

    @cached_property
    def artifacts(self) -> "ArtifactServiceStub":
        """ArtifactService."""
        from hatchery.gateway.v1 import artifact_service_pb2_grpc as rpc  # noqa: PLC0415

        stub: ArtifactServiceStub = rpc.ArtifactServiceStub(self._channel)
        return stub

    @cached_property
    def assets(self) -> "AssetServiceStub":
        """AssetService."""
        from hatchery.gateway.v1.asset_service_pb2_grpc import AssetServiceStub  # noqa: PLC0415

        stub: AssetServiceStub = AssetServiceStub(self._channel)
        return stub

    @cached_property
    def models(self) -> "ModelServiceStub":
        """ModelService."""
        from hatchery.gateway.v1.model_service_pb2_grpc import ModelServiceStub  # noqa: PLC0415

        stub: ModelServiceStub = ModelServiceStub(self._channel)
        return stub

    @cached_property
    def templates(self) -> "TemplateServiceStub":
        """TemplateService."""
        from hatchery.gateway.v1 import template_service_pb2_grpc as rpc  # noqa: PLC0415

        stub: TemplateServiceStub = rpc.TemplateServiceStub(self._channel)
        return stub

    @cached_property
    def conversations(self) -> "ConversationServiceStub":
        """ConversationService."""
        from hatchery.gateway.v1 import conversation_service_pb2_grpc as rpc  # noqa: PLC0415

        stub: ConversationServiceStub = rpc.ConversationServiceStub(self._channel)
        return stub

    @cached_property
    def recipes(self) -> "RecipeServiceStub":
        """RecipeService."""
        from hatchery.gateway.v1.recipe_service_pb2_grpc import RecipeServiceStub  # noqa: PLC0415

        stub: RecipeServiceStub = RecipeServiceStub(self._channel)
        return stub

    def ask(self, rpc: Any, request: Any) -> Any:
        """Make a call that is no stream. Raises Problem."""
        return self.make(lambda: rpc(request, metadata=self.metadata, timeout=DEADLINE))

    def make(self, call: Callable[[], T]) -> T:
        """Return what a call returns that ends by itself. Raises Problem."""
        with self.refusals_explained():
            if not self._is_patient:
                return call()
            from clients.cli.patience import patiently  # noqa: PLC0415

            return patiently(call, renews=self.renews)

    @contextmanager
    def refusals_explained(self) -> Iterator[None]:
        """Turn a failed call into its sentence."""
        import grpc  # noqa: PLC0415

        from clients.cli.sentences import of_call  # noqa: PLC0415

        try:
            yield
        except grpc.RpcError as error:
            raise Problem(of_call(error, self.address)) from error

    def close(self) -> None:
        """Let go of the connection."""
        if "_channel" in vars(self):
            self._channel.close()


def _is_here(address: str) -> bool:
    """Whether host:port, or unix:PATH, is on this machine for sure."""
    if address.startswith("unix:"):
        return True
    try:
        host = urlsplit(f"//{address}").hostname or ""
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _the_nearer(ctx: click.Context, token: str, file: Path) -> tuple[str, Path | None]:
    """Return what was typed, where the other is in the environment. Raises UsageError."""
    sources = [ctx.get_parameter_source(name) for name in ("token", "token_file")]
    typed = [source is click.core.ParameterSource.COMMANDLINE for source in sources]
    if typed[0] == typed[1]:
        raise click.UsageError("--token and --token-file exclude each other.")
    return (token, None) if typed[0] else ("", file)


def speaks_to_server(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command --address and --token, and the `server` that they mean."""

    @click.option(
        "--address",
        envvar="HATCHERY_ADDRESS",
        default="",
        metavar="HOST:PORT",
        help="Another Hatchery than the one on this machine; https:// in front for TLS.",
    )
    @click.option(
        "--token",
        envvar="HATCHERY_TOKEN",
        default="",
        help="A bearer token; better in HATCHERY_TOKEN, where no process list shows it.",
    )
    @click.option(
        "--token-file",
        envvar="HATCHERY_TOKEN_FILE",
        type=click.Path(path_type=Path),
        help="Where a bearer token is kept up to date: what is watched goes on with the new one.",
    )
    @click.pass_context
    @wraps(command)
    def with_server(ctx: click.Context, /, **options: Any) -> None:
        place, token, file = map(options.pop, ("address", "token", "token_file"))
        if token and file:
            token, file = _the_nearer(ctx, token, file)
        server = Server(ctx.obj, place, token, file)
        try:
            command(server, **options)
        finally:
            server.close()

    return with_server
