"""The species it knows: the body plan, the build, the natural colours and the home of each."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from services.avatar.engines.sketch.build import Build

Shade = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Species:
    """`shades` are natural colourings: coat, belly and markings. `things` it has of its own accord."""

    plan: str
    shades: tuple[Shade, ...]
    build: Build = field(default_factory=Build)
    eyes: tuple[str, ...] = ("#6b4226", "#3f7a4d", "#c98a1f")
    home: tuple[str, ...] = ()
    things: tuple[str, ...] = ()


def _of(
    plan: str,
    shades: str,
    parts: str = "",
    tags: str = "",
    eyes: str = "",
    home: str = "",
    things: str = "",
) -> Species:
    """A row of the table. `shades` as `coat/belly/mark …`, `parts` as `ears muzzle tail`, `-` for none."""
    ears, muzzle, tail = ["" if part == "-" else part for part in (parts or "- - -").split()]
    return Species(
        plan=plan,
        shades=tuple(_shade(shade) for shade in shades.split()),
        build=Build(ears, muzzle, tail, frozenset(tags.split())),
        eyes=tuple("#" + eye for eye in eyes.split()) or ("#6b4226", "#3f7a4d", "#c98a1f"),
        home=tuple(home.split()),
        things=tuple(things.split()),
    )


def _shade(text: str) -> Shade:
    coat, belly, mark = ("#" + tone for tone in text.split("/"))
    return coat, belly, mark


_PEOPLE = "f2c9a2/5b7fb5/5a3825 c98d62/a8563f/2e2320 8d5a3b/4f8a76/241a1a f6d5b8/7d5a9c/c9672f e3b083/c9923f/8a4b2a"
_PEOPLE_EYES = "5b3a22 3f7a4d 4f84c4 7a5a2a"

SPECIES: Mapping[str, Species] = MappingProxyType(
    {
        # Cats, dogs and their wild cousins
        "cat": _of("beast", "e2954f/fbe9cf/b5622d 8d8f9c/eceaf0/5c5e6e 4a4654/8d8798/2f2c38 f3e3cb/fffaf0/d98f4e", "pointed cat curl", "whiskers tabby", "7aa845 e0a92c 4f9bc4", "room meadow city"),
        "tiger": _of("beast", "ee9440/fff0dc/42303a f2a85a/fff4e4/4a3230", "round cat curl", "whiskers tiger stout", "d9a51f 6fa03a", "forest"),
        "lion": _of("beast", "e8b45c/fbe8c2/a8602c f0c574/fff2d4/8a4a2a", "round cat tuft", "mane whiskers stout", "a8671f 6b8f3a", "savanna"),
        "leopard": _of("beast", "edc06c/fff2d8/6a4226 e9e4e0/ffffff/6b6675", "round cat curl", "whiskers spots", "6fa03a 4f9bc4", "forest savanna"),
        "lynx": _of("beast", "c9a07a/f8ead4/7a5540", "tall cat stub", "whiskers fluff ruff", "e0a92c", "forest snow"),
        "dog": _of("beast", "d9a566/fbeed6/8f5b33 f0e0c8/fffaf0/a8683a 8a6a52/e9d6bd/5a3d2c", "floppy dog wag", "patch", "5b3a22", "meadow room"),
        "wolf": _of("beast", "8b94a6/e9eaee/5c6478 6f6a78/d9d2d6/47424f b8b4b2/fffaf4/837d80", "pointed fox brush", "fluff ruff mask", "e0b02c 7fb5d9", "forest snow"),
        "husky": _of("beast", "7c8698/fbfaf6/4c5468", "pointed dog brush", "fluff mask ruff", "7fc0ea", "snow"),
        "fox": _of("beast", "e2793a/fff1de/5a3430 d9653a/fdecd8/4b2a2c ea9450/fff6e6/63402f", "tall fox brush", "pointed socks", "c98a1f 5f8f3a 7a4a22", "forest autumn"),
        "raccoon": _of("beast", "96949e/e9e4dc/45424e", "round pointed ringed", "mask fluff whiskers", "5b3a22", "forest city"),
        "red panda": _of("beast", "c8582f/fdeedd/6b2b20", "fluffy button ringed", "mask fluff socks", "4a2a1c", "forest"),
        # Small and soft
        "rabbit": _of("beast", "d8b894/fff5e6/a67f58 f4ece4/ffffff/d9b9a8 a99f9c/f1ece6/756a68", "long button puff", "egg whiskers", "7a3f2a 8a4f7a 4a6a8f", "meadow garden"),
        "mouse": _of("beast", "b9b0b4/f4ece8/837a80 d9b48f/fff2e0/a67f58", "big pointed thin", "egg whiskers", "3a2a2c", "kitchen library meadow"),
        "hamster": _of("beast", "e8b878/fff6e6/c08a4a", "side button stub", "fluff stout whiskers", "3a2a2c", "room"),
        "hedgehog": _of("beast", "e6c8a0/fff0da/7a5a44 ddb98f/f9e8cf/5f4638", "small pointed stub", "spines", "3a2a2c", "autumn forest garden"),
        "squirrel": _of("beast", "c9703a/fff0dc/8f4622 8f8c94/f4efe6/5f5c66", "leaf button squirrel", "egg", "3a2a2c", "autumn forest"),
        "otter": _of("beast", "93694a/ecd3ae/6a472f", "small cat paddle", "egg whiskers", "3a2a2c", "shore pond"),
        "beaver": _of("beast", "8f5f3c/dcb88f/5c3a25", "small bear paddle", "stout", "3a2a2c", "pond"),
        "badger": _of("beast", "77757f/f6f2ea/35323c", "small pointed stub", "badger stout", "3a2a2c", "forest"),
        "skunk": _of("beast", "3f3b47/fdfaf2/2a2730", "small pointed brush", "blaze", "6b4226", "forest"),
        "bat": _of("beast", "6a5a78/b9a8c0/4a3d58", "big button -", "egg", "e0a92c c95f4a", "night cave", "leather_wings"),
        # Large and gentle
        "bear": _of("beast", "95633f/e0bd94/6a4129 7a5138/d9b48f/543524 b98355/f0d8b5/8a5a36", "round bear stub", "stout", "3a2a2c", "forest autumn"),
        "polar bear": _of("beast", "f2f0ea/ffffff/cfd4dc", "round bear stub", "stout", "3a2a2c", "snow"),
        "panda": _of("beast", "f6f3ec/ffffff/35323c", "round bear stub", "stout panda", "3a2a2c", "bamboo"),
        "koala": _of("beast", "9aa0ac/ecebee/6c717e", "fluffy koala stub", "stout", "3a2a2c", "forest"),
        "elephant": _of("beast", "9aa3b5/c5ccd8/707a8e", "fan trunk thin", "stout", "5b3a22", "savanna"),
        "monkey": _of("beast", "94643f/f0cfa4/64402a", "side bear monkey", "siamese", "5b3a22", "forest"),
        "sloth": _of("beast", "a38a6c/ead9bd/5c4636", "- button -", "mask stout", "3a2a2c", "forest"),
        "pig": _of("beast", "f2b3ad/fbd6d0/d98880", "down snout curly", "stout", "4a2f38", "farm"),
        "boar": _of("beast", "7a5a48/b08a6c/4f382c", "down snout thin", "stout tusks", "6b4226", "forest"),
        "cow": _of("beast", "f6f0e6/fffaf2/4a3f46 a9683f/f0d8bd/6a3f28", "down cow tuft", "cow patch stout", "4a2f22", "farm meadow"),
        "sheep": _of("beast", "f0ddc8/fffaf0/c9b8a4 4a4450/fffaf0/2f2a36", "down button stub", "fleece", "5b3a22", "meadow farm"),
        "goat": _of("beast", "efe6d8/fffaf0/b09a80 b08a64/efdcc0/7a5a40", "down pointed stub", "goat long", "c98a1f", "mountain"),
        # Long legs
        "horse": _of("steed", "a9683f/d9a97a/5a3322 6a4636/a97f62/2f2226 e9dcc8/fffaf0/c9a878", "- - -", "mane blaze", "4a2f22", "meadow farm"),
        "zebra": _of("steed", "f8f4ec/ffffff/3a3640", "- - -", "mane zebra", "4a2f22", "savanna"),
        "unicorn": _of("steed", "fbf4f2/fffaf4/c58fd6 fdf3e6/fffaf4/f09ab8 eef4fb/ffffff/7fb8e0", "- - -", "mane unicorn", "7a5ac4 4f84c4", "clouds meadow"),
        "pegasus": _of("steed", "f8f6f4/ffffff/e0c27a", "- - -", "mane", "4f84c4", "clouds", "feather_wings"),
        "deer": _of("steed", "c58a56/fbead0/8a5a36 b8794a/f6e2c4/7a4a2c", "leaf - -", "antlers fawn", "4a2f22", "forest"),
        "fawn": _of("steed", "cf935c/fdeed6/8a5a36", "leaf - -", "fawn", "4a2f22", "forest meadow"),
        "giraffe": _of("steed", "f0cd7c/fbeecb/b0703a", "leaf - -", "giraffe", "4a2f22", "savanna"),
        "llama": _of("steed", "e9d6b8/fffaf0/b08a64", "- - -", "wool", "4a2f22", "mountain"),
        # Scales
        "dragon": _of("dragon", "6fae62/f6e6b4/c9873a d2594a/fbdca8/8f2f38 5b8fc4/dcecf2/3a5a94 8f6fb8/f2dff0/5f4590 e0a53f/fff2c4/b0662a", "- - -", "horns spade scales wings", "e0a92c d9573f 8fbf3f", "mountain cave castle", ),
        "dinosaur": _of("dragon", "7fb56a/f2edc0/c9873a 6aa8b0/eaf2dc/3f6f80", "- - -", "crest scales teeth", "e0a92c 5b3a22", "jungle"),
        "triceratops": _of("dragon", "8aa86a/eee6bd/c96f4a", "- - -", "frill tricorn", "5b3a22", "jungle"),
        "crocodile": _of("dragon", "6f9a58/e6eab8/4a6f3c", "- - -", "scales teeth", "e0b02c", "pond"),
        "lizard": _of("dragon", "7fb86a/f2f0c0/d98a3f d99a4a/fbeac0/8f4f2f", "- - -", "crest scales", "e0a92c", "desert jungle"),
        "frog": _of("frog", "79b356/eef2bd/4f8a3f 5fae86/eaf6d0/2f7a5f", "- - -", "", "e0a92c c9573f", "pond"),
        "toad": _of("frog", "a08a5a/ece0b8/6f5a38", "- - -", "warts", "e0a92c", "pond"),
        "turtle": _of("turtle", "8fb86a/f0e4b4/7a6a3f 7fb09a/ece6c0/4f7a5a", "- - -", "", "5b3a22 3a5a3a", "shore pond"),
        "snake": _of("snake", "7fb45a/f6efbd/c9a03f d98a4a/fbe8c0/8f4a2f 5fa8a0/e6f2dc/2f6f78", "- - -", "", "e0b02c c9573f", "desert jungle"),
        "cobra": _of("snake", "b89a5a/f6e6b8/6a4a34", "- - -", "cobra", "d9573f", "desert"),
        "snail": _of("snail", "e6c79a/fff0d8/c9744a d9c4a8/fff6e6/8f6fae cfd09a/fafae0/d98f4e", "- - -", "", "5b3a22", "garden"),
        # Feathers
        "owl": _of("bird", "a5764c/f6e2c0/6a4630 8a7a72/f2e8da/54474a efe6da/fffaf2/b8a48f", "tufts - -", "disc flecks", "f0b02c e0892c", "night forest library"),
        "bird": _of("bird", "5fa3cf/f6ead2/3a6a98 e6b94a/fff6d8/c98a2a d9705f/fbe6d2/8f3a3a", "quiff - -", "", "3a2a2c", "meadow clouds"),
        "robin": _of("bird", "9a7a5c/e87a3f/6a503c", "- - -", "", "2f2226", "snow garden"),
        "parrot": _of("bird", "d9483f/f2c24a/3f7fc4 4fa85a/f2d65a/d9483f 3f8fc9/f4cf4f/2f5fa0", "crest hook long", "cheek", "3a2a2c", "jungle"),
        "raven": _of("bird", "4a4660/6f6a88/2f2c40", "quiff - -", "dark-beak", "e0b02c 8fb8d9", "night castle"),
        "eagle": _of("bird", "7a5238/8f6648/543524", "- hook -", "spread bald", "e0a92c", "mountain clouds"),
        "penguin": _of("bird", "4a5878/fdfaf2/2f3a54", "- - -", "flipper hood", "3a2a2c", "snow"),
        "duck": _of("bird", "f6d35a/fff2c0/d9a52f 4f8a5a/e6dcc4/7a5a3f fbf6ea/ffffff/d9d0c0", "- bill -", "", "2f2226", "pond"),
        "chicken": _of("bird", "f6ead6/fffaf0/d9b48f c9783f/f2d2a8/8a4a28", "comb - curl", "", "3a2a2c", "farm"),
        "peacock": _of("bird", "2f7fa0/4fb0b0/3f9a68", "crest - fan", "", "3a2a2c", "garden"),
        "flamingo": _of("bird", "f49aa8/fcd0d2/e06a80", "- hook -", "dark-beak", "e0b02c", "pond"),
        "phoenix": _of("bird", "e8632f/ffd06a/b8302f f08a2f/ffe08a/c9402f", "flame hook flame", "spread flame", "ffc72f", "volcano clouds"),
        "griffin": _of("griffin", "d9a85a/f8ecd6/8a5a34", "- - -", "", "e0a92c", "mountain castle"),
        # Water
        "fish": _of("fish", "f08a4a/fff0d8/ffffff f2b84a/fff6d8/4f84c4 5fb0c4/eef8f2/f2c24a e86f7a/ffe6e0/8f3a6a", "- - -", "", "2f2226 3f6a94", "sea"),
        "shark": _of("fish", "7f93ab/f4f6f8/56687f", "- - -", "shark", "2f3a4a", "sea"),
        "octopus": _of("octopus", "d9708f/fbd6d6/a84a70 8f70c0/e6d6f2/664a98 e88a5a/fde2cc/b85a34 5fa8a8/dcf2ec/3a7a80", "- - -", "", "e0a92c 3f7a4d", "sea"),
        "squid": _of("octopus", "e08a98/fbdcdc/b85f78 8fa8d9/e6eefb/5f78b0", "- - -", "squid", "e0a92c", "sea"),
        "jellyfish": _of("jellyfish", "c8a0e6/f2e4fb/f09ac4 8fd0e6/e8f8fb/7fa8e6 f6b0c0/fdeaf0/c88fd9", "- - -", "", "5f4590 3f6a94", "sea"),
        "whale": _of("whale", "5f8fbe/eaf2f4/3f6a98 6f7fa8/e9ecf4/4a5880", "- - -", "", "2f3a4a", "sea"),
        "orca": _of("whale", "3f4658/fdfaf2/2a3040", "- - -", "orca", "4a6a8f", "sea"),
        "narwhal": _of("whale", "8fb0c8/f4f8f8/5f88a8", "- - -", "narwhal", "2f3a4a", "sea snow"),
        "dolphin": _of("whale", "7fb0d0/f4f8f8/5488b0", "- - -", "dolphin", "2f3a4a", "sea"),
        "seal": _of("beast", "a8adb8/ecedf0/7a808f", "- button paddle", "egg whiskers", "2f2226", "shore snow"),
        "crab": _of("crab", "e2604a/fbd0b0/a83a34 e88a3f/fde0b8/b05a24", "- - -", "", "3a2a2c", "shore"),
        "seahorse": _of("seahorse", "f2b04a/ffecc0/d9753f 8fb8d9/e8f2fb/5f7fc4", "- - -", "", "3a2a2c", "sea"),
        # Six legs and more
        "bee": _of("insect", "f4c242/fff2c4/4a3a34", "ball - gauze", "stripes fuzz sting", "3a2a2c 5b3a22", "garden meadow"),
        "butterfly": _of("insect", "6a5a78/e6dcec/e88a3f 5a5068/e6dcec/5f8fd9 6a4a58/f2dce4/d9608f", "ball - painted", "", "3f6a94 7a5ac4", "garden meadow"),
        "moth": _of("insect", "c9b08f/fff4e0/a8926f b8a8b0/f6eef0/8a788a", "feather - painted", "fuzz", "3a2a2c", "night"),
        "ladybug": _of("insect", "d9403a/fff0e0/d9403a", "ball - case", "masked", "3a2a2c", "garden"),
        "beetle": _of("insect", "4f8a78/e6f2e6/3f7a6a", "ball - case", "masked", "3a2a2c", "forest"),
        "firefly": _of("insect", "6a5a58/c9b89a/4a3d42", "ball - gauze", "lamp", "e0a92c", "night"),
        "dragonfly": _of("insect", "4fa0a8/d6f0ea/2f6f80", "none - long", "stripes", "c9573f", "pond"),
        "ant": _of("insect", "a8503a/e6b090/6f2f28", "ball - -", "", "2f2226", "meadow"),
        "spider": _of("insect", "6a5a80/b8a8cc/453a5c", "none - -", "spider", "c9573f 7aa845", "night forest"),
        # Made, conjured, grown
        "robot": _of("robot", "a9bac6/f0e6cc/7f93a2 d9b078/fff0d0/a87f4a 8fb8ae/eef2dc/5f8a80 d98a78/fbe6d6/a85f50", "- - -", "", "5fd6f2 ffc94a 8ff2a0", "workshop city space"),
        "ghost": _of("ghost", "f2f0fa/ffffff/c9c4e0 dcecf6/ffffff/a8c4dc e8f2e4/ffffff/b0ccb0", "- - -", "", "4a4070 3f6a94", "night castle"),
        "golem": _of("golem", "9a948c/c9c2b4/6f6a64 a8927a/d9c8ac/7a6650 8a96a0/c0ccd2/626e78", "- - -", "", "8ff2c0 ffc94a 7fd6f2", "mountain ruins"),
        "crystal": _of("golem", "9fb8e0/e0ecfb/b88fe6 c0a0e0/f0e4fb/7fd0e6", "- - -", "crystal", "7a5ac4", "cave"),
        "slime": _of("slime", "7fcf7a/d8f6c8/4fa060 6fc4e0/d8f2fb/3f94b8 e69ac4/fbe0f0/b86a98 f2c45a/fff2c8/c9923a", "- - -", "", "3a2a4a", "cave meadow"),
        "snowman": _of("snowman", "f8f8fb/ffffff/d9e2ee", "- - -", "", "2f2226", "snow", "scarf tophat"),
        "mushroom": _of("mushroom", "d9483f/fbf0da/a8302f c98a4a/fff0d8/8f5a2f 9a70b8/f6ecf6/6f4a90", "- - -", "", "3a2a2c", "forest autumn"),
        "tree": _of("tree", "7fae5a/d9e6b4/8f6444 d98a3f/f6d6a8/7a5240 e8a0b4/fbe0e6/8a6250 5f9a6a/c9e0c0/7a5a44", "- - -", "", "4a7a2f c98a1f", "forest meadow"),
        "sprout": _of("sprout", "a8c97a/e6f2c8/5f9a4f d9b48f/f6e6cc/6fa85a", "- - -", "", "3a2a2c", "garden"),
        "flower": _of("sprout", "f2b82f/a8683a/5f9a4f e87a98/f8d878/5f9a4f f6f0ea/f4c84a/6fa85a 9a7ad9/f8d878/5f9a4f", "- - -", "flower", "3a2a2c", "garden meadow"),
        "cactus": _of("sprout", "6fae6a/d0e6b8/4f8a50", "- - -", "cactus", "3a2a2c", "desert"),
        "pumpkin": _of("sprout", "ec8a34/ffc47a/5f8a3f", "- - -", "pumpkin", "3a2a2c", "autumn"),
        "cloud": _of("skyborn", "f6f4fa/ffffff/f6f4fa dce8f6/ffffff/b0c8e6", "cloud - -", "", "3f6a94 6a5a9a", "clouds"),
        "star": _of("skyborn", "f8d35a/fff2c0/e0a52f", "star - -", "", "8a5a2a 4a4a8f", "space night"),
        "moon": _of("skyborn", "f6e6b0/fff8e0/d9c07a dfe4f2/ffffff/b0b8d0", "moon - -", "", "4a4a8f", "night"),
        "sun": _of("skyborn", "f8c444/fff0b0/f09a3a", "sun - -", "", "a85a1f", "clouds"),
        "flame": _of("skyborn", "ee6f2f/ffd46a/c9402f 5f8ff0/c8ecfb/3f5fc9", "flame - -", "", "a83a1f", "volcano cave"),
        "drop": _of("skyborn", "6fb8e6/dff2fb/3f8fc9", "drop - -", "", "2f5f94", "sea pond"),
        "alien": _of("alien", "8fcf7a/d9f2c8/4f9a60 b09ae6/e6dcfb/7a60c0 7fcfd0/d9f6f2/3f98a0", "- - -", "", "3a2a5a d9408f", "space"),
        "critter": _of("critter", "e8a86a/fff0d8/b5703a 8fb8a8/eaf6ec/5a8a78 b09ac9/f0e6f6/7a64a0 e69a98/fce6e0/b8646a 9ab0d0/eaf0f8/6480a8 d9c06a/fbf4d0/a08a3a", "- - -", "", "6b4226 3f7a4d 4f84c4 7a5ac4"),
        # People
        "human": _of("person", _PEOPLE, "- - -", "", _PEOPLE_EYES),
        "elf": _of("person", "f4d8b4/5f8f5a/e0b85a e6c29a/4a7a6a/f0e4c8 b98a64/6a8f4a/5a3825", "- - long", "elf", "4fa06a 4f84c4 8a6ac4", "forest"),
        "dwarf": _of("person", "e8b48f/8a4f3a/b8602f d9a07a/5a6a8f/d9d0c4", "- - short", "beard", "5b3a22 4f84c4", "mountain cave"),
        "fairy": _of("person", "f8d8c0/e89ac0/f0d080 c9966a/8fc47a/6a3f2a", "- - bun", "fairy", "7a5ac4 4fa06a", "garden forest", "gauze_wings"),
        "mermaid": _of("person", "f4cfae/3fa8a0/d9603a c98d62/5f8fd0/3a2a3c 8d5a3b/7a6ac9/2a1f2a", "- - long", "mermaid", "3f9a98 4f84c4", "sea"),
        "goblin": _of("person", "9ab868/8a5a3f/4a5a30", "- - bald", "elf", "e0b02c", "cave"),
        "orc": _of("person", "86a06a/6a4a3f/2f2a2c", "- - mohawk", "elf armour", "d9573f", "mountain"),
        "vampire": _of("person", "e8e0e8/4a2f4a/2a2230", "- - short", "elf coat", "c93a3f", "castle night"),
        "angel": _of("person", "f6d8bc/fdf8ec/f0d080", "- - curly", "", "4f84c4", "clouds", "feather_wings halo"),
        "demon": _of("person", "d96a5a/4a2f40/2f1f2a", "- - short", "elf", "f0b02c", "volcano", "leather_wings horns"),
    }
)
