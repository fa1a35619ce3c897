"""Settings of the gateway, read once where it starts. Durations are in seconds."""

from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator

from services.runtime.errors import HatcheryError
from services.runtime.settings import ServerSettings

# As RFC 7518 asks for HS256.
_SHORTEST_KEY = 32


class TokenKeyUnusable(HatcheryError):
    """The key for bearer tokens cannot be read or is too weak."""


class GatewaySettings(ServerSettings):
    """Where the gateway finds what it needs, and how it works."""

    max_message_bytes: int = Field(
        10 * 1024 * 1024,
        gt=0,
        description="a larger message is refused; one with a picture has up to 8 MiB",
    )
    database_url: str = Field(description="postgresql://user:password@host:port/name")
    llm_target: str = Field("127.0.0.1:50052", description="host:port of the llm service")
    avatar_target: str = Field("127.0.0.1:50053", description="host:port of the avatar service")
    auth: Literal["local", "jwt"] = Field(
        "local", description="local: a call without a token belongs to the owner `local`"
    )
    token_key_file: Path | None = Field(
        None, description="the key that bearer tokens are signed with (HS256)"
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
    database_connections: int = Field(16, gt=1, description="connections to Postgres, at most")

    @model_validator(mode="after")
    def _has_key(self) -> Self:
        if self.auth == "jwt" and self.token_key_file is None:
            raise ValueError("token_key_file is needed where auth is jwt")
        return self

    def token_key(self) -> str | None:
        """The key, read from its file. Raises TokenKeyUnusable for one that anybody could guess."""
        if self.token_key_file is None:
            return None
        try:
            key = self.token_key_file.read_text().strip()
        except (OSError, UnicodeDecodeError) as error:
            raise TokenKeyUnusable(f"cannot read the key in {self.token_key_file}") from error
        if len(key.encode()) < _SHORTEST_KEY:
            raise TokenKeyUnusable(
                f"the key in {self.token_key_file} is shorter than {_SHORTEST_KEY} bytes"
            )
        return key
