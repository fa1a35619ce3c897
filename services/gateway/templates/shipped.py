"""The templates that come with Hatchery."""

import importlib.resources
import tomllib
from functools import cache

from hatchery.gateway.v1.agent_service_pb2 import PortraitOptions
from hatchery.gateway.v1.template_service_pb2 import Template

from services.gateway.names import template_name

_FILE = "shipped.toml"


@cache
def shipped() -> dict[str, Template]:
    """By id, in the order in which they are listed."""
    text = importlib.resources.files(__package__).joinpath(_FILE).read_text("utf-8")
    return {
        id_: Template(
            name=template_name(id_),
            version=one["version"],
            title=one["title"],
            description=one["description"],
            portrait=PortraitOptions(style=one["style"]),
            shipped=True,
            etag=str(one["version"]),
        )
        for id_, one in tomllib.loads(text).items()
    }
