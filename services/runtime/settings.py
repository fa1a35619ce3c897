"""Settings that every server has, read once from the environment (`HATCHERY_…`) where it starts."""

from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class ServerSettings(BaseSettings):
    """How a server listens, speaks of itself, logs and stops. Durations are in seconds."""

    model_config = SettingsConfigDict(env_prefix="HATCHERY_", frozen=True, extra="ignore")

    listen: str = Field(
        "127.0.0.1:0", description="host:port to listen on; port 0 takes a free one"
    )
    reflection: bool = Field(False, description="answer gRPC reflection")
    log_format: Literal["json", "console"] = Field("json", description="how log lines look")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="the least that is logged"
    )
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
    max_message_bytes: int = Field(4 * 1024 * 1024, gt=0, description="a larger message is refused")
