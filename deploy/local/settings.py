"""The settings of the local stack, read once, where a process begins."""

from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from deploy.local.errors import BadSetting

PREFIX = "HATCHERY_"
LOOPBACK = "127.0.0.1"
KILL_AFTER = 5.0

Port = Annotated[int, Field(ge=0, le=65535)]


class LocalSettings(BaseSettings):
    """HATCHERY_* variables. A port of 0 means any free one."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, extra="ignore", frozen=True
    )

    state_dir: Path | None = None  # where data, secrets and logs lie
    database_url: SecretStr | None = None  # another Postgres than our own
    port: Port = 8080  # the public address, served by Envoy
    gateway_port: Port = 50051
    llm_port: Port = 50052
    avatar_port: Port = 50053
    postgres_port: Port = 54329
    envoy_admin_port: Port | None = None  # None: off
    # Origins of the pages that may call, separated by commas; none given: our own page's.
    cors_origins: Annotated[tuple[str, ...], NoDecode] = ()
    log_format: str = "json"  # handed on to the services
    start_timeout: float = Field(default=60.0, gt=0)  # seconds until a process must be ready
    # Seconds that a service lets running calls go on when it stops; it is killed KILL_AFTER later.
    stop_grace: float = Field(default=10.0, ge=0)

    @field_validator("cors_origins", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip().rstrip("/") for part in value.split(",") if part.strip())
        return value

    def as_environment(self) -> dict[str, str]:
        """Return the variables from which another process reads the same settings."""
        values: dict[str, str] = {}
        for name in self.model_fields_set:
            value = getattr(self, name)
            if value is None:
                continue
            if isinstance(value, SecretStr):
                value = value.get_secret_value()
            text = ",".join(value) if isinstance(value, tuple) else str(value)
            values[f"{PREFIX}{name.upper()}"] = text
        return values


def read_settings() -> LocalSettings:
    """Read the environment; a bad value is one line, without the value itself."""
    try:
        return LocalSettings()
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = PREFIX + str(first["loc"][0]).upper() if first["loc"] else "a HATCHERY_ setting"
        raise BadSetting(f"{name} is not usable: {first['msg']}") from None
