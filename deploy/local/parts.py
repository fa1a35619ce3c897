"""The processes that Hatchery is made of, as data."""

import sys
from collections.abc import Mapping
from dataclasses import replace
from functools import partial

from deploy.envoy import program
from deploy.envoy.render import EnvoyConfig, render
from deploy.local import binaries
from deploy.local.checks import grpc_serving
from deploy.local.database import check_reachable
from deploy.local.errors import writing
from deploy.local.process import ProcessSpec
from deploy.local.say import say
from deploy.local.settings import KILL_AFTER, LOOPBACK, LocalSettings
from deploy.local.state import StateFolder

# What the stack decides itself, with what is one process's alone: it is on loopback, has a database
# and ports of its own, and a key that `hatchery token` signs with.
_NOT_INHERITED = {
    f"HATCHERY_{name}"
    for name in (
        "DATABASE_URL",
        "HEALTH_LISTEN",
        "METRICS_LISTEN",
        "TLS",
        "TLS_PEERS",
        "TOKEN_AUDIENCE",
        "TOKEN_ISSUER",
        "TOKEN_KEY_SET",
    )
}
TOKEN_KEY = "token-key"  # noqa: S105  # a file's name


def services(
    settings: LocalSettings,
    state: StateFolder,
    ports: Mapping[str, int],
    inherited: Mapping[str, str],
    database_url: str,
) -> list[ProcessSpec]:
    """Return llm, avatar and the gateways, each `python -m services.NAME`.

    `inherited` is the user's environment: what the services read themselves passes through.
    """
    common = {
        **{name: value for name, value in inherited.items() if name not in _NOT_INHERITED},
        "HATCHERY_LOG_FORMAT": settings.log_format,
        "HATCHERY_REFLECTION": "true",
        "PYTHONUNBUFFERED": "1",
    }
    state.secret(TOKEN_KEY)
    gateway = {
        "HATCHERY_DATABASE_URL": database_url,
        "HATCHERY_LLM_TARGET": f"{LOOPBACK}:{ports['llm']}",
        "HATCHERY_AVATAR_TARGET": f"{LOOPBACK}:{ports['avatar']}",
        "HATCHERY_AUTH": "local",
        "HATCHERY_TOKEN_KEY_FILE": str(state.secrets / TOKEN_KEY),
    }

    async def edge_ready(target: str) -> None:
        await grpc_serving(target)

    async def engine_ready(name: str, target: str) -> None:
        # An engine may live elsewhere, as Ollama does, and come later.
        if not await grpc_serving(target, settings.start_timeout / 3):
            say(f"{name} is up, but its engine is not ready; `hatchery doctor` says why")

    def measured(name: str) -> Mapping[str, str]:
        if settings.metrics_port is None:
            return {}
        place = ("llm", "avatar", *settings.gateways).index(name)
        return {"HATCHERY_METRICS_LISTEN": f"{LOOPBACK}:{settings.metrics_port + place}"}

    def spec(name: str, environment: Mapping[str, str], module: str = "") -> ProcessSpec:
        target = f"{LOOPBACK}:{ports[name]}"
        grace = settings.stop_grace + KILL_AFTER
        return ProcessSpec(
            name=name,
            argv=(sys.executable, "-P", "-m", f"services.{module or name}"),
            env={**common, **environment, "HATCHERY_LISTEN": target, **measured(name)},
            ready=partial(edge_ready, target) if module else partial(engine_ready, name, target),
            start_timeout=settings.start_timeout,
            grace=grace + settings.step_grace if module else grace,
        )

    edges = [spec(name, gateway, "gateway") for name in settings.gateways]
    if settings.database_url is None:
        edges = [replace(edge, after=("postgres",)) for edge in edges]
    else:
        edges = [replace(edge, prepare=partial(check_reachable, database_url)) for edge in edges]
    return [spec("llm", {}), spec("avatar", {}), *edges]


def envoy(settings: LocalSettings, state: StateFolder, ports: Mapping[str, int]) -> ProcessSpec:
    """Return the edge: ready when a call through it reaches the gateway."""
    usual = EnvoyConfig.for_loopback(
        port=ports["envoy"],
        gateways=tuple(f"{LOOPBACK}:{ports[name]}" for name in settings.gateways),
        origins=settings.cors_origins,
        admin_port=settings.envoy_admin_port,
    )
    config = replace(usual, calls=settings.connection_calls)

    async def prepare() -> None:
        with writing(state.root):
            state.envoy_config.write_text(render(config))

    async def ready() -> None:
        await grpc_serving(f"{LOOPBACK}:{ports['envoy']}")

    return ProcessSpec(
        name="envoy",
        argv=program.command(binaries.find_envoy(), state.envoy_config),
        env={},
        prepare=prepare,
        ready=ready,
        start_timeout=settings.start_timeout,
        grace=settings.stop_grace + KILL_AFTER,
    )
