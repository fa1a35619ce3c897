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

    state_dir: Path | None = Field(
        None,
        description="where data, secrets and logs lie; by default /var/lib/hatchery for root, "
        "else the user's own place for state",
    )
    database_url: SecretStr | None = Field(
        None,
        description="another Postgres than the one that comes along; on another machine with"
        " ?sslmode=verify-full, or HATCHERY_PLAINTEXT=true",
    )
    port: Port = Field(8080, description="the public port, served by Envoy; 0 takes a free one")
    replicas: int = Field(1, ge=1, le=16, description="gateways, all of them behind Envoy")
    gateway_port: Port = Field(50051, description="the first gateway's own port")
    llm_port: Port = Field(50052, description="the llm service's port")
    avatar_port: Port = Field(50053, description="the avatar service's port")
    postgres_port: Port = Field(54329, description="the port of the Postgres that comes along")
    envoy_admin_port: Port | None = Field(
        None, description="Envoy's administration, on loopback; off unless set"
    )
    metrics_port: Annotated[int, Field(gt=0, le=65000)] | None = Field(
        None,
        description="where Prometheus reads the llm service, on loopback; avatar and the gateways "
        "have the ports that follow (docs/metrics.md); off unless set",
    )
    connection_calls: int = Field(
        100,
        gt=0,
        description="calls a second that Envoy takes on one connection, twice as many at once",
    )
    cors_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="origins of pages that may call, separated by commas; by default our own"
    )
    log_format: str = Field("json", description="json or console, for the logs of every service")
    start_timeout: float = Field(
        60.0, gt=0, description="seconds in which each process has to become ready"
    )
    stop_grace: float = Field(
        10.0, ge=0, description="seconds for which running calls may go on at the end"
    )
    step_grace: float = Field(
        0.0, ge=0, description="seconds that steps may take at the end before they are handed over"
    )

    @property
    def gateways(self) -> tuple[str, ...]:
        """The gateways by name, the first one first."""
        return "gateway", *(f"gateway-{number}" for number in range(2, self.replicas + 1))

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
