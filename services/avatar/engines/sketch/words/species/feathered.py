"""Feathers."""

from services.avatar.engines.sketch.words.species.row import row

FEATHERED = {
    "owl": row(
        "bird",
        "a5764c/f6e2c0/6a4630 8a7a72/f2e8da/54474a efe6da/fffaf2/b8a48f",
        "tufts - -",
        "disc flecks",
        "f0b02c e0892c",
        "night forest library",
    ),
    "bird": row(
        "bird",
        "5fa3cf/f6ead2/3a6a98 e6b94a/fff6d8/c98a2a d9705f/fbe6d2/8f3a3a",
        "quiff - -",
        "",
        "6e4630",
        "meadow clouds",
    ),
    "robin": row("bird", "9a7a5c/e87a3f/6a503c", "- - -", "", "5c3a2c", "snow garden"),
    "parrot": row(
        "bird",
        "d9483f/f2c24a/3f7fc4 4fa85a/f2d65a/d9483f 3f8fc9/f4cf4f/2f5fa0",
        "crest hook long",
        "cheek",
        "6e4630",
        "jungle",
    ),
    "raven": row(
        "bird",
        "4a4660/6f6a88/2f2c40",
        "quiff - -",
        "dark-beak",
        "e0b02c 8fb8d9",
        "night castle",
    ),
    "eagle": row(
        "bird", "7a5238/8f6648/543524", "- hook -", "spread bald", "e0a92c", "mountain clouds"
    ),
    "penguin": row("bird", "4a5878/fdfaf2/2f3a54", "- - -", "flipper hood", "6e4630", "snow"),
    "duck": row(
        "bird",
        "f6d35a/fff2c0/d9a52f 4f8a5a/e6dcc4/7a5a3f fbf6ea/ffffff/d9d0c0",
        "- bill -",
        "",
        "5c3a2c",
        "pond",
    ),
    "chicken": row(
        "bird", "f6ead6/fffaf0/d9b48f c9783f/f2d2a8/8a4a28", "comb - curl", "", "6e4630", "farm"
    ),
    "peacock": row("bird", "2f7fa0/4fb0b0/3f9a68", "crest - fan", "", "6e4630", "garden"),
    "flamingo": row("bird", "f49aa8/fcd0d2/e06a80", "- hook -", "dark-beak", "e0b02c", "pond"),
    "phoenix": row(
        "bird",
        "e8632f/ffd06a/b8302f f08a2f/ffe08a/c9402f",
        "flame hook flame",
        "spread flame",
        "ffc72f",
        "volcano clouds",
    ),
    "griffin": row("griffin", "d9a85a/f8ecd6/8a5a34", "- - -", "", "e0a92c", "mountain castle"),
}
