"""Long legs."""

from services.avatar.engines.sketch.words.species.row import row

LONG_LEGS = {
    "horse": row(
        "steed",
        "a9683f/d9a97a/5a3322 6a4636/a97f62/2f2226 e9dcc8/fffaf0/c9a878",
        "- - -",
        "mane blaze",
        "744a30",
        "meadow farm",
    ),
    "zebra": row("steed", "f8f4ec/ffffff/3a3640", "- - -", "mane zebra", "744a30", "savanna"),
    "unicorn": row(
        "steed",
        "fbf4f2/fffaf4/c58fd6 fdf3e6/fffaf4/f09ab8 eef4fb/ffffff/7fb8e0",
        "- - -",
        "mane unicorn",
        "7a5ac4 4f84c4",
        "clouds meadow",
    ),
    "pegasus": row(
        "steed", "f8f6f4/ffffff/e0c27a", "- - -", "mane", "4f84c4", "clouds", "feather_wings"
    ),
    "deer": row(
        "steed",
        "c58a56/fbead0/8a5a36 b8794a/f6e2c4/7a4a2c",
        "leaf - -",
        "antlers fawn",
        "744a30",
        "forest",
    ),
    "fawn": row("steed", "cf935c/fdeed6/8a5a36", "leaf - -", "fawn", "744a30", "forest meadow"),
    "giraffe": row("steed", "f0cd7c/fbeecb/b0703a", "leaf - -", "giraffe", "744a30", "savanna"),
    "llama": row("steed", "e9d6b8/fffaf0/b08a64", "- - -", "wool", "744a30", "mountain"),
}
