"""The whole examination, in the order in which a person would look."""

import os
import platform
from collections.abc import Iterator

from clients.cli.doctor import engines, stack
from clients.cli.doctor.findings import Finding, good
from clients.cli.doctor.settings import EngineSettings, read_engine_settings
from clients.cli.home import Home


def examine(home: Home) -> Iterator[Finding]:
    """Yield what is found, as it is found. Raises StackError for a setting that cannot be read."""
    settings: EngineSettings = read_engine_settings()
    local = home.settings
    cores = os.cpu_count() or 1
    yield good(
        "Machine",
        f"{platform.system()} {platform.machine()}, Python {platform.python_version()}, "
        f"{cores} core{'s' if cores > 1 else ''}",
    )
    yield stack.state_folder(home.state)
    yield stack.postgres(local, home.state)
    yield stack.envoy()
    yield engines.libgomp(needed=settings.llm_engine == "llamacpp")
    yield engines.embedded_model(settings)
    yield engines.ollama(settings)
    yield engines.sketch(needed=settings.avatar_engine == "sketch")
    yield engines.mflux(needed=settings.avatar_engine == "mflux")
    yield stack.processes(local, home.state)
