"""Writes docs/settings.md from the settings themselves: `python docs/make_settings.py`."""

from pathlib import Path
from typing import Any, get_args

from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined
from pydantic_settings import BaseSettings

from deploy.envoy.settings import EdgeSettings
from deploy.local.settings import LocalSettings
from services.avatar.settings import AvatarSettings
from services.gateway.settings import GatewaySettings
from services.llm.settings import LlmSettings
from services.runtime.settings import ServerSettings

PAGE = Path(__file__).with_name("settings.md")
HEAD = """# Settings

Environment variables, read once by each process where it starts. Durations are in seconds. What is
set for `make up` or `hatchery up` reaches every service of the local stack, but for what the stack
decides itself: addresses, keys, issuer and audience of tokens, and TLS. This page is written
from the settings themselves, by `python docs/make_settings.py`.
"""
SECTIONS: list[tuple[str, type[BaseSettings], type[BaseSettings] | None]] = [
    ("The local stack", LocalSettings, None),
    ("Every service", ServerSettings, None),
    ("gateway", GatewaySettings, ServerSettings),
    ("llm", LlmSettings, ServerSettings),
    ("avatar", AvatarSettings, ServerSettings),
    ("Envoy, where it runs by itself", EdgeSettings, None),
]


def page() -> str:
    """The whole page."""
    return "\n".join([HEAD, *(_section(*section) for section in SECTIONS)])


def _section(title: str, settings: type[BaseSettings], base: type[BaseSettings] | None) -> str:
    known = {name: _row(name, field) for name, field in base.model_fields.items()} if base else {}
    rows = [
        row
        for name, field in settings.model_fields.items()
        if (row := _row(name, field)) != known.get(name)
    ]
    return "\n".join(
        [f"## {title}", "", "| variable | default | meaning |", "|---|---|---|", *rows, ""]
    )


def _row(name: str, field: FieldInfo) -> str:
    return f"| `HATCHERY_{name.upper()}` | {_default(field)} | {_meaning(field)} |"


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    if field.default is PydanticUndefined:
        return "depends"
    value: Any = field.default
    if value and isinstance(value, tuple):
        value = ",".join(value)
    return f"`{value}`" if value not in (None, "", ()) else "–"


def _meaning(field: FieldInfo) -> str:
    choices = [c for c in get_args(field.annotation) if isinstance(c, str)]
    return f"{field.description}" + (f" ({', '.join(choices)})" if choices else "")


if __name__ == "__main__":
    PAGE.write_text(page())
