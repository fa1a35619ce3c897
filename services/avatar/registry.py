"""Which engine a setting's value means. An engine is imported only when it is the chosen one."""

from collections.abc import Callable

from services.avatar.port import ImageEngine
from services.avatar.settings import AvatarSettings


def build_engine(settings: AvatarSettings) -> ImageEngine:
    """The engine that the settings name, not started yet."""
    return ENGINES[settings.avatar_engine](settings)


def _sketch(_: AvatarSettings) -> ImageEngine:
    from services.avatar.engines.sketch.engine import SketchEngine  # noqa: PLC0415

    return SketchEngine()


def _mflux(settings: AvatarSettings) -> ImageEngine:
    from services.avatar.engines.mflux import build  # noqa: PLC0415

    return build(settings)


ENGINES: dict[str, Callable[[AvatarSettings], ImageEngine]] = {"sketch": _sketch, "mflux": _mflux}
