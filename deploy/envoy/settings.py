"""The settings of an Envoy that runs by itself, read once where it starts."""

import ipaddress
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

Names = Annotated[tuple[str, ...], NoDecode]


class EdgeSettings(BaseSettings):
    """HATCHERY_* variables. Durations are in seconds."""

    model_config = SettingsConfigDict(
        env_prefix="HATCHERY_", env_ignore_empty=True, extra="ignore", frozen=True
    )

    listen: str = Field("127.0.0.1:8080", description="host:port to listen on, for everybody")
    gateways: Names = Field(
        description="host:port of the gateways, comma-separated; a name may stand for many"
    )
    hosts: Names = Field(
        description="by which names it is called, comma-separated, with their port where that is in"
        " the address of the page; any other is not found here"
    )
    cors_origins: Names = Field(
        (), description="origins of pages that may call, comma-separated; by default our own"
    )
    edge_tls: Path | None = Field(
        None,
        description="a folder with tls.crt and tls.key, shown to whoever calls; they may change",
    )
    tls: Path | None = Field(
        None,
        description="a folder with tls.crt, tls.key and ca.crt: TLS with the gateways, both of"
        " which show certificates; they may change",
    )
    plaintext: bool = Field(
        False,
        description="let calls come and go on without TLS beyond this machine, as in a network of"
        " one's own, or behind a load balancer that ends TLS",
    )
    metrics_listen: str = Field(
        "",
        description="host:port where Prometheus reads Envoy's own metrics (/stats/prometheus), and"
        " Kubernetes asks whether it is ready (/ready); off unless set",
    )
    reflection: bool = Field(False, description="pass gRPC reflection on")
    connection_calls: int = Field(
        100, gt=0, description="calls a second on one connection, twice as many at once"
    )
    workers: int = Field(1, gt=0, description="threads; as many as it has cores")
    stop_grace: float = Field(10.0, ge=0, description="how long running calls may go on at the end")
    run_dir: Path = Field(
        Path("/tmp/hatchery-edge"),  # noqa: S108  # a folder of its own in a container
        description="where its configuration is written",
    )

    @field_validator("gateways", "hosts", "cors_origins", mode="before")
    @classmethod
    def _names(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip().rstrip("/") for part in value.split(",") if part.strip())
        return value

    @model_validator(mode="after")
    def _is_reachable(self) -> Self:
        if not (self.gateways and self.hosts):
            raise ValueError("gateways and hosts have to name something")
        return self

    @model_validator(mode="after")
    def _is_private(self) -> Self:
        if self.plaintext:
            return self
        if self.edge_tls is None and not _is_here(self.listen):
            raise ValueError("it listens beyond this machine: set edge_tls, or plaintext=true")
        for gateway in self.gateways:
            if self.tls is None and not _is_here(gateway):
                raise ValueError(f"{gateway} is on another machine: set tls, or plaintext=true")
        return self

    @property
    def origins(self) -> tuple[str, ...]:
        """Which pages may call: those that are named, or the one that is served here."""
        scheme = "https" if self.edge_tls else "http"
        return self.cors_origins or tuple(f"{scheme}://{host}" for host in self.hosts)


def _is_here(address: str) -> bool:
    """Whether host:port is of this machine alone."""
    host = address.rpartition(":")[0].strip("[]")
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
