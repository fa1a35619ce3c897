"""People."""

from services.avatar.engines.sketch.words.species.row import row

_PEOPLE = (
    "f2c9a2/5b7fb5/5a3825 c98d62/a8563f/2e2320 8d5a3b/4f8a76/241a1a f6d5b8/7d5a9c/c9672f "
    "e3b083/c9923f/8a4b2a"
)
_PEOPLE_EYES = "5b3a22 3f7a4d 4f84c4 7a5a2a"


PEOPLE = {
    "human": row("person", _PEOPLE, "- - -", "", _PEOPLE_EYES),
    "elf": row(
        "person",
        "f4d8b4/5f8f5a/e0b85a e6c29a/4a7a6a/f0e4c8 b98a64/6a8f4a/5a3825",
        "- - long",
        "elf",
        "4fa06a 4f84c4 8a6ac4",
        "forest",
    ),
    "dwarf": row(
        "person",
        "e8b48f/8a4f3a/b8602f d9a07a/5a6a8f/d9d0c4",
        "- - short",
        "beard",
        "5b3a22 4f84c4",
        "mountain cave",
    ),
    "fairy": row(
        "person",
        "f8d8c0/e89ac0/f0d080 c9966a/8fc47a/6a3f2a",
        "- - bun",
        "fairy",
        "7a5ac4 4fa06a",
        "garden forest",
        "gauze_wings",
    ),
    "mermaid": row(
        "person",
        "f4cfae/3fa8a0/d9603a c98d62/5f8fd0/3a2a3c 8d5a3b/7a6ac9/2a1f2a",
        "- - long",
        "mermaid",
        "3f9a98 4f84c4",
        "sea",
    ),
    "goblin": row("person", "9ab868/8a5a3f/4a5a30", "- - bald", "elf", "e0b02c", "cave"),
    "orc": row("person", "86a06a/6a4a3f/2f2a2c", "- - mohawk", "elf armour", "d9573f", "mountain"),
    "vampire": row(
        "person", "e8e0e8/4a2f4a/2a2230", "- - short", "elf coat", "c93a3f", "castle night"
    ),
    "angel": row(
        "person",
        "f6d8bc/fdf8ec/f0d080",
        "- - curly",
        "",
        "4f84c4",
        "clouds",
        "feather_wings halo",
    ),
    "demon": row(
        "person",
        "d96a5a/4a2f40/2f1f2a",
        "- - short",
        "elf",
        "f0b02c",
        "volcano",
        "leather_wings horns",
    ),
}
