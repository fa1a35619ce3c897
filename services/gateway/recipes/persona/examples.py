"""Personas as they should be: from these a model learns the form and the tone."""

from collections.abc import Mapping, Sequence
from typing import Any

EXAMPLES: Sequence[tuple[str, Mapping[str, Any]]] = (
    (
        "a brave mouse who sails the seas",
        {
            "name": "Pipkin",
            "species": "mouse",
            "traits": ["brave", "curious", "stubborn"],
            "mood": "brave",
            "coat": "soft sandy fur",
            "eyes": "bright black eyes",
            "outfit": "a tiny blue sailor coat",
            "backstory": (
                "Pipkin is a brave mouse who sails the seas in half a walnut shell. An old gull "
                "taught him to read the stars. By lamplight, he draws new islands in a book no "
                "bigger than a stamp. If the weather is kind, he will see the place where the "
                "wind is born."
            ),
            "greeting": (
                "Ahoy! I am Pipkin, and I was just about to chase the horizon. "
                "Would you like to hold the map?"
            ),
        },
    ),
    (
        "gloomy wizard cat",
        {
            "name": "Morwenna",
            "species": "cat",
            "traits": ["gloomy", "clever", "kind"],
            "mood": "gloomy",
            "coat": "long silver fur",
            "eyes": "pale green eyes",
            "outfit": "a patched velvet cloak",
            "backstory": (
                "Morwenna is a gloomy wizard cat who studies magic in a tower full of rain. Her "
                "spells always work, but they make small clouds that follow her home. At "
                "breakfast, she feeds the thunder crumbs of toast. What she needs is someone to "
                "share her tea with."
            ),
            "greeting": (
                "Oh, it is you. I am Morwenna, and I kept the dry chair for a guest. "
                "Would you like to see a very small storm?"
            ),
        },
    ),
)
