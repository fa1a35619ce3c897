"""Settings of the gateway, read once where it starts. Durations are in seconds."""

from pathlib import Path
from typing import Literal

from pydantic import Field

from services.runtime.settings import ServerSettings


class GatewaySettings(ServerSettings):
    """Where the gateway finds what it needs, and how it works."""

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
    max_running: int = Field(32, gt=0, description="generations that this replica runs at once")
    llm_slots: int = Field(1, gt=0, description="steps that use the llm service at once")
    avatar_slots: int = Field(2, gt=0, description="steps that use the avatar service at once")
    database_connections: int = Field(16, gt=1)
