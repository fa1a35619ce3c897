"""Large and gentle."""

from services.avatar.engines.sketch.words.species.row import row

LARGE = {
    "bear": row(
        "beast",
        "95633f/e0bd94/6a4129 7a5138/d9b48f/543524 b98355/f0d8b5/8a5a36",
        "round bear stub",
        "stout",
        "6e4630",
        "forest autumn",
    ),
    "polar bear": row(
        "beast", "f2f0ea/ffffff/cfd4dc", "round bear stub", "stout", "6e4630", "snow"
    ),
    "panda": row(
        "beast", "f6f3ec/ffffff/35323c", "round bear stub", "stout panda", "6e4630", "jungle"
    ),
    "koala": row("beast", "9aa0ac/ecebee/6c717e", "fluffy koala stub", "stout", "6e4630", "forest"),
    "elephant": row(
        "beast", "9aa3b5/c5ccd8/707a8e", "fan trunk thin", "stout", "5b3a22", "savanna"
    ),
    "monkey": row(
        "beast", "94643f/f0cfa4/64402a", "side bear monkey", "siamese", "5b3a22", "forest"
    ),
    "sloth": row("beast", "a38a6c/ead9bd/5c4636", "- button -", "mask stout", "6e4630", "forest"),
    "pig": row("beast", "f2b3ad/fbd6d0/d98880", "down snout curly", "stout", "4a2f38", "farm"),
    "boar": row(
        "beast", "7a5a48/b08a6c/4f382c", "down snout thin", "stout tusks", "6b4226", "forest"
    ),
    "cow": row(
        "beast",
        "f6f0e6/fffaf2/4a3f46 a9683f/f0d8bd/6a3f28",
        "down cow tuft",
        "cow patch stout",
        "744a30",
        "farm meadow",
    ),
    "sheep": row(
        "beast",
        "f0ddc8/fffaf0/c9b8a4 4a4450/fffaf0/2f2a36",
        "down button stub",
        "fleece",
        "5b3a22",
        "meadow farm",
    ),
    "goat": row(
        "beast",
        "efe6d8/fffaf0/b09a80 b08a64/efdcc0/7a5a40",
        "down pointed stub",
        "goat long",
        "c98a1f",
        "mountain",
    ),
}
