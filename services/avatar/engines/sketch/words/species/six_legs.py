"""Six legs and more."""

from services.avatar.engines.sketch.words.species.row import row

SIX_LEGS = {
    "bee": row(
        "insect",
        "f4c242/fff2c4/4a3a34",
        "ball - gauze",
        "stripes fuzz sting",
        "6e4630 5b3a22",
        "garden meadow",
    ),
    "butterfly": row(
        "insect",
        "6a5a78/e6dcec/e88a3f 5a5068/e6dcec/5f8fd9 6a4a58/f2dce4/d9608f",
        "ball - painted",
        "",
        "3f6a94 7a5ac4",
        "garden meadow",
    ),
    "moth": row(
        "insect",
        "c9b08f/fff4e0/a8926f b8a8b0/f6eef0/8a788a",
        "feather - painted",
        "fuzz",
        "6e4630",
        "night",
    ),
    "ladybug": row("insect", "d9403a/fff0e0/d9403a", "ball - case", "masked", "6e4630", "garden"),
    "beetle": row("insect", "4f8a78/e6f2e6/3f7a6a", "ball - case", "masked", "6e4630", "forest"),
    "firefly": row("insect", "6a5a58/c9b89a/4a3d42", "ball - gauze", "lamp", "e0a92c", "night"),
    "dragonfly": row("insect", "4fa0a8/d6f0ea/2f6f80", "none - long", "stripes", "c9573f", "pond"),
    "ant": row("insect", "a8503a/e6b090/6f2f28", "ball - -", "", "5c3a2c", "meadow"),
    "spider": row(
        "insect", "6a5a80/b8a8cc/453a5c", "none - -", "spider", "c9573f 7aa845", "night forest"
    ),
}
