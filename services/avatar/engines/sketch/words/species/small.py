"""Small and soft."""

from services.avatar.engines.sketch.words.species.row import row

SMALL = {
    "rabbit": row(
        "beast",
        "d8b894/fff5e6/a67f58 f4ece4/ffffff/d9b9a8 a99f9c/f1ece6/756a68",
        "long button puff",
        "egg whiskers",
        "7a3f2a 8a4f7a 4a6a8f",
        "meadow garden",
    ),
    "mouse": row(
        "beast",
        "b9b0b4/f4ece8/837a80 d9b48f/fff2e0/a67f58",
        "big pointed thin",
        "egg whiskers",
        "6e4630",
        "kitchen library meadow",
    ),
    "hamster": row(
        "beast",
        "e8b878/fff6e6/c08a4a",
        "side button stub",
        "fluff stout whiskers",
        "6e4630",
        "room",
    ),
    "hedgehog": row(
        "beast",
        "e6c8a0/fff0da/7a5a44 ddb98f/f9e8cf/5f4638",
        "small pointed stub",
        "spines",
        "6e4630",
        "autumn forest garden",
    ),
    "squirrel": row(
        "beast",
        "c9703a/fff0dc/8f4622 8f8c94/f4efe6/5f5c66",
        "tufted button squirrel",
        "egg",
        "6e4630",
        "autumn forest",
    ),
    "otter": row(
        "beast",
        "93694a/ecd3ae/6a472f",
        "small cat paddle",
        "egg whiskers",
        "6e4630",
        "shore pond",
    ),
    "beaver": row("beast", "8f5f3c/dcb88f/5c3a25", "small bear paddle", "stout", "6e4630", "pond"),
    "badger": row(
        "beast",
        "77757f/f6f2ea/35323c",
        "small pointed stub",
        "badger stout",
        "6e4630",
        "forest",
    ),
    "skunk": row(
        "beast", "3f3b47/fdfaf2/2a2730", "small pointed brush", "blaze", "6b4226", "forest"
    ),
    "bat": row(
        "beast",
        "6a5a78/b9a8c0/4a3d58",
        "big button -",
        "egg",
        "e0a92c c95f4a",
        "night cave",
        "leather_wings",
    ),
}
