"""Parts that a test needs and a machine may lack."""

import os

import pytest


def require(condition: bool, reason: str) -> None:
    """Skips with the reason, in words; fails instead where everything has to be there, as in CI."""
    if condition:
        return
    if os.environ.get("HATCHERY_REQUIRE_ALL") == "1":
        pytest.fail(f"a part is missing: {reason}")
    pytest.skip(reason)
