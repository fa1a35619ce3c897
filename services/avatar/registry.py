"""Which engine a setting's value means. An engine is imported only when it is the chosen one."""

import importlib
from typing import cast

from services.avatar.port import ImageEngine
from services.avatar.settings import AvatarSettings

# Each of these modules has `build(settings: AvatarSettings) -> ImageEngine`.
ENGINES = {
    "sketch": "services.avatar.engines.sketch",
    "mflux": "services.avatar.engines.mflux",
}


def build_engine(settings: AvatarSettings) -> ImageEngine:
    """The engine that the settings name, not started yet."""
    module = importlib.import_module(ENGINES[settings.avatar_engine])
    return cast("ImageEngine", module.build(settings))
