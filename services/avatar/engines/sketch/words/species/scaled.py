"""Scales."""

from services.avatar.engines.sketch.words.species.row import row

SCALED = {
    "dragon": row(
        "dragon",
        (
            "6fae62/f6e6b4/c9873a d2594a/fbdca8/8f2f38 5b8fc4/dcecf2/3a5a94 "
            "8f6fb8/f2dff0/5f4590 e0a53f/fff2c4/b0662a"
        ),
        "- - -",
        "horns spade scales wings",
        "e0a92c d9573f 8fbf3f",
        "mountain cave castle",
    ),
    "dinosaur": row(
        "dragon",
        "7fb56a/f2edc0/c9873a 6aa8b0/eaf2dc/3f6f80",
        "- - -",
        "crest scales teeth",
        "e0a92c 5b3a22",
        "jungle",
    ),
    "triceratops": row(
        "dragon", "8aa86a/eee6bd/c96f4a", "- - -", "frill tricorn", "5b3a22", "jungle"
    ),
    "crocodile": row("dragon", "6f9a58/e6eab8/4a6f3c", "- - -", "scales teeth", "e0b02c", "pond"),
    "lizard": row(
        "dragon",
        "7fb86a/f2f0c0/d98a3f d99a4a/fbeac0/8f4f2f",
        "- - -",
        "crest scales",
        "e0a92c",
        "desert jungle",
    ),
    "frog": row(
        "frog",
        "79b356/eef2bd/4f8a3f 5fae86/eaf6d0/2f7a5f",
        "- - -",
        "",
        "e0a92c c9573f",
        "pond",
    ),
    "toad": row("frog", "a08a5a/ece0b8/6f5a38", "- - -", "warts", "e0a92c", "pond"),
    "turtle": row(
        "turtle",
        "8fb86a/f0e4b4/7a6a3f 7fb09a/ece6c0/4f7a5a",
        "- - -",
        "",
        "5b3a22 3a5a3a",
        "shore pond",
    ),
    "snake": row(
        "snake",
        "7fb45a/f6efbd/c9a03f d98a4a/fbe8c0/8f4a2f 5fa8a0/e6f2dc/2f6f78",
        "- - -",
        "",
        "e0b02c c9573f",
        "desert jungle",
    ),
    "cobra": row("snake", "b89a5a/f6e6b8/6a4a34", "- - -", "cobra", "d9573f", "desert"),
    "snail": row(
        "snail",
        "e6c79a/fff0d8/c9744a d9c4a8/fff6e6/8f6fae cfd09a/fafae0/d98f4e",
        "- - -",
        "",
        "5b3a22",
        "garden",
    ),
}
