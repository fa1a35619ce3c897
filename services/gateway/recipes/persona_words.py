"""The words that the persona recipe knows: creatures, what covers them, roles, traits, colours."""

from collections.abc import Mapping

# Who a companion can be, under what covers it.
_CREATURES = """
fur: cat kitten dog puppy fox wolf bear rabbit bunny hare mouse rat otter beaver badger squirrel
  raccoon panda koala lion tiger lynx leopard panther jaguar cheetah deer stag fawn moose horse pony
  unicorn cow goat donkey monkey gorilla lemur sloth hamster ferret weasel mole bat seal walrus yeti
  kangaroo wombat capybara chinchilla marten stoat hyena jackal coyote husky corgi
  chipmunk meerkat skunk bison buffalo camel giraffe zebra minotaur centaur satyr faun werewolf
  kitsune tanuki
wool: sheep lamb ram llama alpaca
feathers: owl bird raven crow robin sparrow eagle hawk falcon parrot penguin duck goose swan chicken
  hen rooster pigeon dove peacock flamingo pelican stork heron crane puffin toucan hummingbird phoenix
  griffin gryphon kingfisher magpie wren pegasus ostrich seagull gull harpy turkey
scales: dragon dragonling wyvern lizard gecko chameleon snake serpent cobra python crocodile alligator
  dinosaur fish shark koi goldfish mermaid merman naga basilisk iguana salamander seahorse kobold
skin: frog toad newt axolotl whale dolphin orca narwhal octopus squid elephant hippo rhino pig piglet
  jellyfish worm elephant manatee goblin troll ogre orc gnome imp demon alien
shell: turtle tortoise snail crab lobster beetle ladybug hermit-crab
wings: butterfly moth bee bumblebee dragonfly firefly fairy pixie
plates: robot android automaton golem droid machine cyborg
mist: ghost spirit phantom spectre wraith genie djinn cloud sprite wisp shadow
quills: hedgehog porcupine
bristles: spider tarantula boar
petals: flower rose sunflower dryad treant mushroom cactus plant dandelion
hair: human elf dwarf vampire witch wizard angel giant nymph siren gorgon hobbit halfling
bones: skeleton
"""

# Words that go with a creature's name, as in "water dragon".
KINDS = frozenset(
    """
water fire sea snow ice frost forest wood space moon star cloud sand river lake mountain desert arctic
polar red barn storm thunder crystal clockwork steam stone paper candy garden house cave shadow sky sun
ocean swamp jungle meadow lava volcano rainbow glass porcelain wooden tin rust toy plush origami paper
baby flying winged horned floating electric cyber neon ghost zombie robot vampire fairy mermaid honey
sugar chocolate gingerbread ginger tabby siamese persian fennec grey gray mini dwarf giant sabertooth
reef coral deep-sea night dream guinea field dust ink library tea spirit moss mossy bone copper brass
silver golden bronze woodland feathered celestial cosmic stellar lunar solar
""".split()  # noqa: SIM905 - a table reads better than a list of quotes
)

# What a calling lets one wear. Who is only a calling is a human.
ROLES: Mapping[str, tuple[str, ...]] = {
    "baker": ("a floury apron", "a tall white hat"),
    "bakes": ("a floury apron", "a tall white hat"),
    "baking": ("a floury apron", "a tall white hat"),
    "chef": ("a white apron", "a tall chef hat"),
    "cook": ("a white apron", "a tall chef hat"),
    "cooks": ("a white apron", "a tall chef hat"),
    "barista": ("a striped apron",),
    "pirate": ("a tricorn hat and an eyepatch", "a long captain's coat", "a striped sash"),
    "captain": ("a long captain's coat", "a captain's hat"),
    "sailor": ("a blue sailor coat", "a striped jersey"),
    "knight": ("a polished helmet", "a coat of mail"),
    "warrior": ("a dented helmet", "a leather breastplate"),
    "samurai": ("a lacquered breastplate",),
    "ninja": ("a dark hood",),
    "wizard": ("a tall pointed hat", "a robe full of stars"),
    "witch": ("a tall pointed hat", "a patched black cloak"),
    "mage": ("a robe full of stars",),
    "alchemist": ("a stained leather apron", "brass goggles"),
    "librarian": ("round reading glasses", "a tweed waistcoat"),
    "scholar": ("round reading glasses", "a tweed waistcoat"),
    "professor": ("round reading glasses", "a tweed jacket"),
    "teacher": ("round reading glasses", "a woollen cardigan"),
    "scientist": ("a white coat", "round goggles"),
    "inventor": ("brass goggles", "a coat full of pockets"),
    "mechanic": ("blue overalls", "brass goggles"),
    "engineer": ("blue overalls", "a yellow helmet"),
    "gardener": ("a wide straw hat", "green overalls"),
    "gardening": ("a wide straw hat", "green overalls"),
    "farmer": ("a wide straw hat", "blue overalls"),
    "florist": ("a green apron",),
    "astronaut": ("a silver space suit", "a round glass helmet"),
    "detective": ("a long trench coat", "a checked cap"),
    "spy": ("a dark trench coat",),
    "explorer": ("a wide-brimmed hat", "a worn leather satchel"),
    "adventurer": ("a worn leather satchel",),
    "archer": ("a green hood",),
    "ranger": ("a green cloak",),
    "thief": ("a dark hood",),
    "king": ("a golden crown", "a velvet cloak"),
    "queen": ("a golden crown", "a velvet cloak"),
    "prince": ("a thin gold crown",),
    "princess": ("a thin silver crown",),
    "musician": ("a velvet jacket",),
    "bard": ("a feathered cap", "a velvet jacket"),
    "singer": ("a sequined jacket",),
    "dancer": ("a silk sash",),
    "painter": ("a beret", "a paint-stained smock"),
    "artist": ("a beret", "a paint-stained smock"),
    "poet": ("a long blue scarf",),
    "doctor": ("a white coat",),
    "nurse": ("a white cap",),
    "postman": ("a blue cap", "a worn leather satchel"),
    "courier": ("a blue cap", "a worn leather satchel"),
    "monk": ("a plain brown robe",),
    "fisherman": ("a yellow raincoat",),
    "lighthouse": ("a yellow raincoat", "a thick knitted jersey"),
    "miner": ("a helmet with a lamp",),
    "blacksmith": ("a leather apron",),
    "tailor": ("a fine waistcoat",),
    "butler": ("a black waistcoat",),
    "clown": ("a spotted collar",),
    "magician": ("a tall black hat",),
    "cowboy": ("a wide leather hat",),
    "skater": ("a striped jersey",),
    "surfer": ("a shell necklace",),
    "boxer": ("red boxing gloves",),
}

# What anybody may wear.
GARMENTS = (
    "scarf",
    "cloak",
    "waistcoat",
    "cape",
    "satchel",
    "cap",
    "hat",
    "bow tie",
    "jersey",
    "cardigan",
    "ribbon",
    "neckerchief",
    "poncho",
    "raincoat",
    "shawl",
    "jacket",
)

TRAITS = """
shy curious brave grumpy gentle playful clever loyal stubborn dreamy cheerful gloomy patient
mischievous kind wise proud clumsy witty sleepy hungry bold calm careful quiet chatty helpful honest
humble lonely nervous polite proud restless romantic sarcastic sassy serious silly sly sneaky sweet
thoughtful tidy tiny wild worried adventurous anxious artistic bookish caring charming confident cosy
cunning daring dramatic eager elegant energetic fearless fierce forgetful friendly funny generous
graceful hopeful imaginative inventive jolly lazy lively loving merry messy musical mysterious
optimistic peaceful poetic quirky reliable resourceful rebellious scruffy sensitive shrewd sincere
solemn spirited stoic superstitious tender timid vain warm whimsical angry evil cursed retired
""".split()  # noqa: SIM905 - a table reads better than a list of quotes

# Traits that anybody may have; the others are for those who are described so.
COMMON_TRAITS = """
curious gentle playful clever loyal stubborn dreamy cheerful patient kind witty calm careful chatty
helpful honest humble polite thoughtful tidy adventurous caring charming daring eager forgetful
friendly generous hopeful imaginative inventive lively musical poetic quirky resourceful sincere
spirited tender warm whimsical
""".split()  # noqa: SIM905 - a table reads better than a list of quotes

MOODS = """
shy grumpy fierce brave sleepy sad curious dreamy sly wise gentle proud silly cheerful content nervous
lonely gloomy anxious angry mischievous playful calm happy excited merry scared loving sarcastic
""".split()  # noqa: SIM905 - a table reads better than a list of quotes

COMMON_MOODS = ("curious", "dreamy", "gentle", "cheerful", "content", "playful", "calm", "brave")

COLOURS = """
red crimson scarlet orange amber copper bronze ginger peach coral yellow gold golden honey cream ivory
sandy caramel brown chestnut hazel auburn green emerald olive mint moss jade teal turquoise aqua blue
sapphire navy azure indigo purple violet lavender lilac plum pink white pearl silver grey gray charcoal
black midnight rainbow
""".split()  # noqa: SIM905 - a table reads better than a list of quotes

NATURAL = ("russet", "sandy", "chestnut", "cream", "silver", "grey", "golden", "black", "honey", "white")
VIVID = ("teal", "emerald", "violet", "copper", "coral", "azure", "jade", "plum", "golden", "crimson")
PALE = ("pale blue", "silver", "pearl", "lilac", "mint", "white")
METAL = ("copper", "silver", "brass", "bronze", "teal", "cream", "rust red")
HAIR = ("auburn", "black", "brown", "chestnut", "golden", "grey", "red", "silver")
EYES = ("amber", "green", "hazel", "blue", "brown", "golden", "grey", "violet", "black", "copper")

# How each covering looks: its tones, its colours, and the words for it.
COVERINGS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...], str]] = {
    "fur": (("soft", "fluffy", "silky", "thick", "scruffy", "sleek"), NATURAL, "fur"),
    "wool": (("curly", "soft", "thick"), ("cream", "white", "black", "grey"), "wool"),
    "feathers": (("soft", "glossy", "ruffled", "speckled", "sleek"), NATURAL + VIVID, "feathers"),
    "scales": (("shimmering", "glossy", "smooth", "pearly", "gleaming"), VIVID, "scales"),
    "skin": (("smooth", "shiny", "speckled", "soft"), VIVID, "skin"),
    "shell": (("polished", "mossy", "spotted", "smooth"), NATURAL + VIVID, "shell"),
    "wings": (("glittering", "velvety", "spotted", "fine"), VIVID, "wings"),
    "plates": (("polished", "dented", "riveted", "brushed"), METAL, "metal plates"),
    "mist": (("glowing", "drifting", "shimmering", "soft"), PALE, "mist"),
    "quills": (("neat", "short", "glossy"), ("brown", "cream", "silver"), "quills"),
    "bristles": (("short", "soft", "velvety"), ("black", "brown", "grey"), "bristles"),
    "petals": (("velvety", "soft", "dewy"), VIVID, "petals"),
    "hair": (("curly", "wavy", "long", "braided", "tousled"), HAIR, "hair"),
    "bones": (("polished", "pale"), ("white", "ivory", "cream"), "bones"),
}

# Parts and things by which one is known, when a description names them.
FEATURES = """
wings horns antlers tail whiskers beard moustache freckles scar stripes spots glasses spectacles monocle
eyepatch hat crown scarf cape cloak apron backpack satchel sword shield staff wand lantern candle book
books map telescope compass potion teacup tea cake bread paintbrush guitar violin flute drum umbrella
balloon key letter gears wrench hammer axe bow trident flowers mushroom moon stars snowflakes bubbles
music heart apple honey watch camera pumpkin tattoo halo antenna lamp bell ribbon necklace goggles
""".split()  # noqa: SIM905 - a table reads better than a list of quotes

# A few words of other languages, so that who is described in them is at least the right creature.
FOREIGN: Mapping[str, str] = {
    "龙": "dragon", "龍": "dragon", "猫": "cat", "狗": "dog", "犬": "dog", "狐": "fox", "熊": "bear",
    "兔": "rabbit", "狼": "wolf", "鸟": "bird", "鳥": "bird", "鱼": "fish", "魚": "fish", "虎": "tiger",
    "狮": "lion", "马": "horse", "鼠": "mouse", "龟": "turtle", "机器人": "robot", "ロボット": "robot",
    "幽灵": "ghost", "幽霊": "ghost", "ドラゴン": "dragon", "猫头鹰": "owl", "フクロウ": "owl",
    "ネコ": "cat", "드래곤": "dragon", "용": "dragon", "고양이": "cat", "로봇": "robot",
    "дракон": "dragon", "кошка": "cat", "кот": "cat", "лиса": "fox", "медведь": "bear", "сова": "owl",
    "робот": "robot", "волк": "wolf", "призрак": "ghost", "تنين": "dragon", "قطة": "cat",
    "drache": "dragon", "katze": "cat", "fuchs": "fox", "eule": "owl", "hund": "dog", "bär": "bear",
    "hase": "rabbit", "roboter": "robot", "gespenst": "ghost", "maus": "mouse", "schildkröte": "turtle",
    "dragón": "dragon", "gato": "cat", "gata": "cat", "zorro": "fox", "búho": "owl", "perro": "dog",
    "oso": "bear", "conejo": "rabbit", "fantasma": "ghost", "lobo": "wolf", "ratón": "mouse",
    "chat": "cat", "renard": "fox", "hibou": "owl", "chien": "dog", "ours": "bear", "lapin": "rabbit",
    "fantôme": "ghost", "loup": "wolf", "souris": "mouse", "tortue": "turtle", "drago": "dragon",
    "gatto": "cat", "volpe": "fox", "gufo": "owl", "orso": "bear", "coniglio": "rabbit",
    "🐉": "dragon", "🐲": "dragon", "🐱": "cat", "🐈": "cat", "🐶": "dog", "🦊": "fox", "🐻": "bear",
    "🐰": "rabbit", "🐺": "wolf", "🦉": "owl", "🤖": "robot", "👻": "ghost", "🐭": "mouse",
    "🐢": "turtle", "🦄": "unicorn", "🐸": "frog", "🐧": "penguin", "🦋": "butterfly", "🐙": "octopus",
    "🦔": "hedgehog", "🦁": "lion", "🐯": "tiger", "🐼": "panda", "🦦": "otter", "🐝": "bee",
}  # fmt: skip

# Who anybody would like to meet, where a description names nobody that is known here.
WELCOME = (
    "cat",
    "dragon",
    "fox",
    "owl",
    "rabbit",
    "otter",
    "robot",
    "ghost",
    "bear",
    "mouse",
    "hedgehog",
    "turtle",
    "frog",
    "wolf",
    "fairy",
    "human",
)


def coverings() -> Mapping[str, str]:
    """From a creature to what covers it."""
    table: dict[str, str] = {}
    covering = ""
    for line in _CREATURES.strip().splitlines():
        head, colon, creatures = line.partition(":")
        covering = head if colon else covering
        for creature in (creatures if colon else line).split():
            table[creature] = covering
    return table
