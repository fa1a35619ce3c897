"""The page of settings says what the settings are."""

import runpy
from pathlib import Path

MAKE = Path(__file__).parents[3] / "docs" / "make_settings.py"


def test_the_page_is_what_the_settings_say() -> None:
    """docs/settings.md is what docs/make_settings.py would write now."""
    made = runpy.run_path(str(MAKE))
    assert made["page"]() == made["PAGE"].read_text()


def test_every_setting_says_what_it_means() -> None:
    """No setting is without a description."""
    made = runpy.run_path(str(MAKE))
    silent = [
        name
        for _, settings, _ in made["SECTIONS"]
        for name, field in settings.model_fields.items()
        if not field.description
    ]
    assert [] == silent
