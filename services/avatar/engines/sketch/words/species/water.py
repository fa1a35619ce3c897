"""Water."""

from services.avatar.engines.sketch.words.species.row import row

WATER = {
    "fish": row(
        "fish",
        "f08a4a/fff0d8/ffffff f2b84a/fff6d8/4f84c4 5fb0c4/eef8f2/f2c24a e86f7a/ffe6e0/8f3a6a",
        "- - -",
        "",
        "5c3a2c 3f6a94",
        "sea",
    ),
    "shark": row("fish", "7f93ab/f4f6f8/56687f", "- - -", "shark", "2f3a4a", "sea"),
    "octopus": row(
        "octopus",
        "d9708f/fbd6d6/a84a70 8f70c0/e6d6f2/664a98 e88a5a/fde2cc/b85a34 5fa8a8/dcf2ec/3a7a80",
        "- - -",
        "",
        "e0a92c 3f7a4d",
        "sea",
    ),
    "squid": row(
        "octopus",
        "e08a98/fbdcdc/b85f78 8fa8d9/e6eefb/5f78b0",
        "- - -",
        "squid",
        "e0a92c",
        "sea",
    ),
    "jellyfish": row(
        "jellyfish",
        "c8a0e6/f2e4fb/f09ac4 8fd0e6/e8f8fb/7fa8e6 f6b0c0/fdeaf0/c88fd9",
        "- - -",
        "",
        "5f4590 3f6a94",
        "sea",
    ),
    "whale": row(
        "whale", "5f8fbe/eaf2f4/3f6a98 6f7fa8/e9ecf4/4a5880", "- - -", "", "2f3a4a", "sea"
    ),
    "orca": row("whale", "3f4658/fdfaf2/2a3040", "- - -", "orca", "4a6a8f", "sea"),
    "narwhal": row("whale", "8fb0c8/f4f8f8/5f88a8", "- - -", "narwhal", "2f3a4a", "sea snow"),
    "dolphin": row("whale", "7fb0d0/f4f8f8/5488b0", "- - -", "dolphin", "2f3a4a", "sea"),
    "seal": row(
        "beast",
        "a8adb8/ecedf0/7a808f",
        "- button paddle",
        "egg whiskers",
        "5c3a2c",
        "shore snow",
    ),
    "crab": row(
        "crab", "e2604a/fbd0b0/a83a34 e88a3f/fde0b8/b05a24", "- - -", "", "6e4630", "shore"
    ),
    "seahorse": row(
        "seahorse", "f2b04a/ffecc0/d9753f 8fb8d9/e8f2fb/5f7fc4", "- - -", "", "6e4630", "sea"
    ),
}
