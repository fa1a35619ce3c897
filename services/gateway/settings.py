"""Settings of the gateway, read once where it starts. Durations are in seconds."""

import os
import re
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import parse_qs, unquote, urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import NoDecode

from services.gateway.identity.keys import ASYMMETRIC
from services.gateway.identity.scopes import Scope
from services.runtime.settings import ServerSettings, host_of, is_loopback, names_in


class GatewaySettings(ServerSettings):
    """Where the gateway finds what it needs, and how it works."""

    max_message_bytes: int = Field(
        10 * 1024 * 1024,
        gt=0,
        description="a larger message is refused; one with a picture has up to 8 MiB",
    )
    database_url: str = Field(
        description="postgresql://user:password@host:port/name; on another machine with"
        " ?sslmode=verify-full, and sslrootcert where its authority is its own"
    )
    nats_url: SecretStr | None = Field(
        None,
        description="nats://host:port or tls://host:port, several separated by commas: gateways"
        " wake each other over NATS instead of Postgres (docs/adr/0033-wake-ups-over-nats.md);"
        " user:password@ or token@ may stand before a host; tls:// shows the certificates of tls",
    )
    llm_target: str = Field("127.0.0.1:50052", description="host:port of the llm service")
    avatar_target: str = Field("127.0.0.1:50053", description="host:port of the avatar service")
    auth: Literal["local", "open", "jwt"] = Field(
        "local",
        description="local: a call without a token belongs to the owner `local`, on this machine;"
        " open: on any, where something else says who gets here; jwt: there is none without",
    )
    token_key_file: Path | None = Field(
        None, description="a secret that bearer tokens are signed with (HS256)"
    )
    token_key_set: str = Field(
        "",
        description="instead of a secret, the public keys of who issues tokens: a JSON Web Key Set,"
        " as a file or an https:// address",
    )
    token_refresh: float = Field(
        60.0, gt=0, description="keys for tokens are read again this often, so that they may change"
    )
    token_algorithms: Annotated[tuple[str, ...], NoDecode] = Field(
        ("RS256", "PS256", "ES256", "EdDSA"),
        description="how tokens may be signed with a key of the set, comma-separated",
    )
    token_issuer: str = Field(
        "hatchery", min_length=1, description="who has to have issued a token (`iss`)"
    )
    token_audience: str = Field(
        "hatchery", min_length=1, description="whom a token has to be meant for (`aud`)"
    )
    token_scopes: Annotated[tuple[Scope, ...], NoDecode] = Field(
        (Scope.READ, Scope.CREATE),
        description="what a token may do that names no scope of Hatchery's, comma-separated",
    )
    lease: float = Field(5.0, gt=0, description="how long a runner holds a generation unrenewed")
    poll: float = Field(0.5, gt=0, description="at most this passes before an intent is noticed")
    text_pause: float = Field(0.05, ge=0, description="text gathers this long after each batch")
    step_grace: float = Field(
        0.0, ge=0, description="at the end, steps may take this long before they are handed over"
    )
    max_running: int = Field(
        32, ge=0, description="generations that this replica runs at once; with 0 it only streams"
    )
    max_unfinished: int = Field(
        1000, gt=0, description="generations that have not ended, of all owners; more are refused"
    )
    owner_unfinished: int = Field(
        50, gt=0, description="generations of one owner that have not ended; more are refused"
    )
    owner_running: int = Field(
        16, gt=0, description="generations of one owner that run at once; more wait"
    )
    owner_calls: float = Field(
        200.0, ge=1, description="calls of one owner a second, at this replica; more are refused"
    )
    owner_creations: float = Field(
        5.0,
        gt=0,
        description="of these, what begins something, after a hundred at once; more are refused",
    )
    owner_streams: int = Field(
        200, gt=0, description="streams that one owner has open, at this replica; more are refused"
    )
    owner_bytes: int = Field(
        8 * 1024 * 1024,
        ge=1024,
        description="bytes that one owner sends a second, at this replica; more are refused",
    )
    artifact_tokens: int = Field(
        2048, ge=1, le=32768, description="the most that a text or app may have, unless asked for"
    )
    time_limit: float = Field(
        3600.0, gt=0, description="the steps of a generation may work for so long in all"
    )
    prices: Path | None = Field(
        None, description="a price list (docs/prices.md): what models cost, what owners may spend"
    )
    retention: float = Field(
        0.0, ge=0, description="events are kept this long after the end; 0 keeps them for ever"
    )
    llm_slots: int = Field(
        1, gt=0, description="steps that use the llm service at once, of all replicas"
    )
    avatar_slots: int = Field(
        2, gt=0, description="steps that use the avatar service at once, of all replicas"
    )
    database_timeout: float = Field(
        5.0, gt=0, description="a statement that Postgres has not answered by then counts as lost"
    )
    database_patience: float = Field(
        0.0, ge=0, description="at the start, Postgres is waited for this long"
    )
    database_connections: int = Field(
        16,
        gt=1,
        description="connections to Postgres, at most; beside them, one is for leases, and one"
        " listens",
    )

    @field_validator("token_algorithms", "token_scopes", mode="before")
    @classmethod
    def _parts(cls, value: object) -> object:
        return names_in(value)

    @field_validator("token_algorithms")
    @classmethod
    def _are_known(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not value or not set(value) <= set(ASYMMETRIC):
            raise ValueError(f"has to be some of {', '.join(ASYMMETRIC)}")
        return value

    @field_validator("token_key_set")
    @classmethod
    def _is_private_on_its_way(cls, value: str) -> str:
        address = urlsplit(value)
        if address.scheme not in ("", "http", "https"):
            raise ValueError("has to be a file, or begin with https://")
        if address.scheme and not (address.hostname and address.port != 0):
            raise ValueError("is no address")
        if address.scheme == "http" and not is_loopback(address.hostname or ""):
            raise ValueError("over http:// anybody between could put in a key: use https://")
        return value

    @field_validator("nats_url", mode="before")
    @classmethod
    def _if_any(cls, value: object) -> object:
        return value or None

    @field_validator("nats_url")
    @classmethod
    def _are_servers(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not _servers(value):
            raise ValueError("names no server")
        if not all(map(_is_server, _servers(value))):
            # It is not said which: there may be a password in it.
            raise ValueError("has to be nats://host:port or tls://host:port")
        return value

    @property
    def nats_servers(self) -> tuple[str, ...]:
        """The parts of `nats_url`, which may hold passwords."""
        return _servers(self.nats_url)

    @model_validator(mode="after")
    def _calls_in_private(self) -> Self:
        for target in (self.llm_target, self.avatar_target):
            if self.tls is None and not self.plaintext and not is_loopback(host_of(target)):
                raise ValueError(f"{target} is on another machine: set tls, or plaintext=true")
        if not self.plaintext and not _is_private_store(self.database_url):
            raise ValueError(
                "the database is on another machine: sslmode=verify-full, or plaintext=true"
            )
        for server in map(urlsplit, self.nats_servers):
            host = server.hostname or ""
            if server.scheme == "nats" and not self.plaintext and not is_loopback(host):
                raise ValueError(f"{host} is on another machine: use tls://, or plaintext=true")
            if server.scheme == "tls" and self.tls is None:
                raise ValueError("nats_url with tls:// shows certificates: set tls")
        return self

    @model_validator(mode="after")
    def _has_keys(self) -> Self:
        if self.token_key_file is not None and self.token_key_set:
            raise ValueError("token_key_file and token_key_set exclude each other")
        if self.auth == "jwt" and self.token_key_file is None and not self.token_key_set:
            raise ValueError("token_key_file or token_key_set is needed where auth is jwt")
        return self


def _is_private_store(url: str) -> bool:
    """Whether it is on this machine, or spoken to over TLS alone."""
    address = urlsplit(url)
    asked = parse_qs(address.query)
    mode = asked.get("sslmode", [os.environ.get("PGSSLMODE", "")])[-1]
    if mode in ("require", "verify-ca", "verify-full"):
        return True
    # As asyncpg takes it apart: the first @ ends the password.
    before, at, behind = address.netloc.partition("@")
    named = [*asked.get("host", ()), behind if at else before]
    hosts = [host for part in named for host in part.split(",") if host]
    return all(_is_here(host) for host in hosts or os.environ.get("PGHOST", "").split(",") if host)


def _is_here(host: str) -> bool:
    """Whether a host of Postgres, with or without a port, is this machine; "/" begins a socket."""
    alone = host_of(host) if re.search(r"\]?:\d+$", host) else host.strip("[]")
    return unquote(alone).startswith("/") or is_loopback(alone.lower())


def _servers(value: SecretStr | None) -> tuple[str, ...]:
    names = (value.get_secret_value() if value else "").split(",")
    return tuple(name.strip() for name in names if name.strip())


def _is_server(server: str) -> bool:
    """Whether it is the address of a NATS server, with nothing behind the port."""
    try:
        address = urlsplit(server)
        known = address.scheme in ("nats", "tls") and address.port != 0
    except ValueError:
        return False
    return known and bool(address.hostname) and not any(address[2:])
