"""Made, conjured, grown."""

from services.avatar.engines.sketch.words.species.row import row

WONDERS = {
    "robot": row(
        "robot",
        "a9bac6/f0e6cc/7f93a2 d9b078/fff0d0/a87f4a 8fb8ae/eef2dc/5f8a80 d98a78/fbe6d6/a85f50",
        "- - -",
        "",
        "5fd6f2 ffc94a 8ff2a0",
        "workshop city space",
    ),
    "ghost": row(
        "ghost",
        "f2f0fa/ffffff/c9c4e0 dcecf6/ffffff/a8c4dc e8f2e4/ffffff/b0ccb0",
        "- - -",
        "",
        "4a4070 3f6a94",
        "night castle",
    ),
    "golem": row(
        "golem",
        "9a948c/c9c2b4/6f6a64 a8927a/d9c8ac/7a6650 8a96a0/c0ccd2/626e78",
        "- - -",
        "",
        "8ff2c0 ffc94a 7fd6f2",
        "mountain ruins",
    ),
    "crystal": row(
        "golem",
        "9fb8e0/e0ecfb/b88fe6 c0a0e0/f0e4fb/7fd0e6",
        "- - -",
        "crystal",
        "7a5ac4",
        "cave",
    ),
    "slime": row(
        "slime",
        "7fcf7a/d8f6c8/4fa060 6fc4e0/d8f2fb/3f94b8 e69ac4/fbe0f0/b86a98 f2c45a/fff2c8/c9923a",
        "- - -",
        "",
        "3a2a4a",
        "cave meadow",
    ),
    "snowman": row(
        "snowman", "f8f8fb/ffffff/d9e2ee", "- - -", "", "5c3a2c", "snow", "scarf tophat"
    ),
    "mushroom": row(
        "mushroom",
        "d9483f/fbf0da/a8302f c98a4a/fff0d8/8f5a2f 9a70b8/f6ecf6/6f4a90",
        "- - -",
        "",
        "6e4630",
        "forest autumn",
    ),
    "tree": row(
        "tree",
        "7fae5a/d9e6b4/8f6444 d98a3f/f6d6a8/7a5240 5f9a6a/c9e0c0/7a5a44",
        "- - -",
        "",
        "4a7a2f c98a1f",
        "forest meadow",
    ),
    "sprout": row(
        "sprout", "a8c97a/e6f2c8/5f9a4f d9b48f/f6e6cc/6fa85a", "- - -", "", "6e4630", "garden"
    ),
    "sunflower": row(
        "sprout", "f8c83a/8f5a34/5f9a4f", "- - -", "flower", "c98a1f", "garden meadow"
    ),
    "flower": row(
        "sprout",
        "f2b82f/a8683a/5f9a4f e87a98/f8d878/5f9a4f f6f0ea/f4c84a/6fa85a 9a7ad9/f8d878/5f9a4f",
        "- - -",
        "flower",
        "6e4630",
        "garden meadow",
    ),
    "cactus": row("sprout", "6fae6a/d0e6b8/4f8a50", "- - -", "cactus", "6e4630", "desert"),
    "pumpkin": row("sprout", "ec8a34/ffc47a/5f8a3f", "- - -", "pumpkin", "6e4630", "autumn"),
    "cloud": row(
        "skyborn",
        "f6f4fa/ffffff/f6f4fa dce8f6/ffffff/b0c8e6",
        "cloud - -",
        "",
        "3f6a94 6a5a9a",
        "clouds",
    ),
    "star": row("skyborn", "f8d35a/fff2c0/e0a52f", "star - -", "", "8a5a2a 4a4a8f", "space night"),
    "moon": row(
        "skyborn",
        "f6e6b0/fff8e0/d9c07a dfe4f2/ffffff/b0b8d0",
        "moon - -",
        "",
        "4a4a8f",
        "night",
    ),
    "sun": row("skyborn", "f8c444/fff0b0/f09a3a", "sun - -", "", "a85a1f", "clouds"),
    "flame": row(
        "skyborn",
        "ee6f2f/ffd46a/c9402f 5f8ff0/c8ecfb/3f5fc9",
        "flame - -",
        "",
        "a83a1f",
        "volcano cave",
    ),
    "drop": row("skyborn", "6fb8e6/dff2fb/3f8fc9", "drop - -", "", "2f5f94", "sea pond"),
    "alien": row(
        "alien",
        "8fcf7a/d9f2c8/4f9a60 b09ae6/e6dcfb/7a60c0 7fcfd0/d9f6f2/3f98a0",
        "- - -",
        "",
        "3a2a5a d9408f",
        "space",
    ),
    "critter": row(
        "critter",
        (
            "e8a86a/fff0d8/b5703a 8fb8a8/eaf6ec/5a8a78 b09ac9/f0e6f6/7a64a0 "
            "e69a98/fce6e0/b8646a 9ab0d0/eaf0f8/6480a8 d9c06a/fbf4d0/a08a3a"
        ),
        "- - -",
        "",
        "6b4226 3f7a4d 4f84c4 7a5ac4",
    ),
}
