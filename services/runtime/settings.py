"""Settings that every server has, read once from the environment (`HATCHERY_…`) where it starts."""

import ipaddress
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


class LogSettings(BaseSettings):
    """How a process logs."""

    model_config = SettingsConfigDict(env_prefix="HATCHERY_", frozen=True, extra="ignore")

    log_format: Literal["json", "console"] = Field("json", description="how log lines look")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="the least that is logged; debug has what people write"
    )


class ServerSettings(LogSettings):
    """How a server listens, speaks of itself and stops. Durations are in seconds."""

    listen: str = Field(
        "127.0.0.1:0", description="host:port to listen on; port 0 takes a free one"
    )
    tls: Path | None = Field(
        None,
        description="a folder with tls.crt, tls.key and ca.crt, as cert-manager writes it: both"
        " ends of every connection between services then show certificates; they may change",
    )
    tls_peers: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description="names in the certificates of those who may call, comma-separated; any that"
        " ca.crt signed unless set",
    )
    connection_age: float = Field(
        300.0,
        gt=0,
        description="a connection takes new calls for so long, and ends its calls in their time: by"
        " then who calls has found new replicas, and whose certificate is believed no more is out",
    )
    plaintext: bool = Field(
        False, description="speak without TLS with other machines, which is refused unless set"
    )
    health_listen: str = Field(
        "",
        description="host:port where only health is answered, without TLS, as Kubernetes asks; off"
        " unless set",
    )
    reflection: bool = Field(False, description="answer gRPC reflection")
    stop_grace: float = Field(10.0, ge=0, description="how long running calls may go on at the end")
    keepalive_time: float = Field(
        30.0, ge=1, description="a silent connection is probed after this"
    )
    keepalive_timeout: float = Field(10.0, gt=0, description="an unanswered probe closes it")
    heartbeat: float = Field(
        10.0, gt=0, le=10, description="a silent stream says that it lives at least this often"
    )
    metrics_listen: str = Field(
        "", description="host:port where Prometheus reads metrics (docs/metrics.md); off unless set"
    )
    traces: str = Field(
        "",
        description="http:// or https://host:port of a collector that takes traces over OTLP/gRPC"
        " (docs/tracing.md); off unless set",
    )
    trace_ratio: float = Field(
        1.0,
        ge=0,
        le=1,
        description="how many of the traces that begin here are recorded; a call's own trace is"
        " recorded as its caller says, and with 0 there is none at all",
    )
    max_message_bytes: int = Field(4 * 1024 * 1024, gt=0, description="a larger message is refused")

    @field_validator("tls", mode="before")
    @classmethod
    def _unless_empty(cls, value: object) -> object:
        return value or None

    @field_validator("tls_peers", mode="before")
    @classmethod
    def _names(cls, value: object) -> object:
        names = names_in(value)
        if value and not names:
            raise ValueError("names nobody")
        return names

    @field_validator("traces")
    @classmethod
    def _is_endpoint(cls, value: str) -> str:
        address = urlsplit(value)
        if value and not (address.scheme in ("http", "https") and address.hostname):
            raise ValueError("has to be http:// or https://host:port")
        return value

    @model_validator(mode="after")
    def _traces_in_private(self) -> Self:
        address = urlsplit(self.traces)
        private = address.scheme != "http" or is_loopback(address.hostname or "")
        if not private and not self.plaintext:
            raise ValueError("traces go to another machine: use https://, or plaintext=true")
        return self

    @model_validator(mode="after")
    def _is_private(self) -> Self:
        if self.tls_peers and self.tls is None:
            raise ValueError("tls_peers is of use with tls only")
        if self.tls is None and not self.plaintext and not is_loopback(host_of(self.listen)):
            raise ValueError("it listens beyond this machine: set tls, or plaintext=true")
        return self


def names_in(value: object) -> object:
    """The parts of a string between its commas; anything else as it is."""
    if isinstance(value, str):
        return tuple(name.strip() for name in value.split(",") if name.strip())
    return value


def host_of(address: str) -> str:
    """The host of host:port."""
    return "unix" if address.startswith("unix:") else address.rpartition(":")[0].strip("[]")


def is_loopback(host: str) -> bool:
    """Whether a name or address means this machine alone, as a Unix socket does."""
    if host == "unix":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
