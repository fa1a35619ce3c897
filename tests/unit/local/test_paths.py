"""Paths of the user's own folder, for services that run in another."""

from pathlib import Path

from deploy.local.paths import whole


def test_a_relative_path_lies_where_the_user_is() -> None:
    """It becomes a whole one; whole ones and everything else stay as they are; empty is none."""
    given = {
        "HATCHERY_PRICES": "prices.toml",
        "HATCHERY_LLAMACPP_MODEL": "/models/x.gguf",
        "A": "b",
    }
    made = whole(given, Path("/home/me"))
    assert {**given, "HATCHERY_PRICES": "/home/me/prices.toml"} == made
    assert {} == whole({"HATCHERY_PRICES": ""}, Path("/home/me"))
