"""What a command stands on: the settings, read when first needed, and the state folder."""

from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # reading settings takes a while, and not every command has to
    from deploy.local.settings import LocalSettings
    from deploy.local.state import StateFolder


class Home:
    """This machine's Hatchery."""

    @cached_property
    def settings(self) -> "LocalSettings":
        """The settings of the local stack. Raises StackError."""
        from deploy.local.settings import read_settings  # noqa: PLC0415

        return read_settings()

    @cached_property
    def state(self) -> "StateFolder":
        """The state folder. Raises StackError."""
        from deploy.local.state import StateFolder  # noqa: PLC0415

        return StateFolder.of(self.settings)
