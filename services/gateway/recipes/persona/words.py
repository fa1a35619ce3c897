"""The words that the persona recipe knows: creatures and coverings, callings, traits, colours."""

from collections.abc import Mapping, Sequence

# Who a companion can be, under what covers it.
_CREATURES = """
fur: cat kitten dog puppy fox wolf bear rabbit bunny hare mouse rat otter beaver badger squirrel
  raccoon panda koala lion tiger lynx leopard panther jaguar cheetah deer stag fawn moose horse
  pony unicorn cow goat donkey monkey gorilla lemur sloth hamster ferret weasel mole bat seal
  walrus yeti kangaroo wombat capybara chinchilla marten stoat hyena jackal coyote husky corgi
  chipmunk meerkat skunk bison buffalo camel giraffe zebra minotaur centaur satyr faun werewolf
  kitsune tanuki
wool: sheep lamb ram llama alpaca
feathers: owl bird raven crow robin sparrow eagle hawk falcon parrot penguin duck goose swan
  chicken hen rooster pigeon dove peacock flamingo pelican stork heron crane puffin toucan
  hummingbird phoenix griffin gryphon kingfisher magpie wren pegasus ostrich seagull gull harpy
  turkey
scales: dragon dragonling wyvern lizard gecko chameleon snake serpent cobra python crocodile
  alligator dinosaur fish shark koi goldfish mermaid merman naga basilisk iguana salamander
  seahorse kobold
skin: frog toad newt axolotl whale dolphin orca narwhal octopus squid elephant hippo rhino pig
  piglet jellyfish worm manatee goblin troll ogre orc gnome imp demon alien
shell: turtle tortoise snail crab lobster beetle ladybug hermit-crab
wings: butterfly moth bee bumblebee dragonfly firefly fairy pixie
plates: robot android automaton golem droid machine cyborg
mist: ghost spirit phantom spectre wraith genie djinn cloud sprite wisp shadow
quills: hedgehog porcupine
bristles: spider tarantula boar
petals: flower rose sunflower dryad treant mushroom cactus plant dandelion
hair: human girl boy woman man child grandmother grandfather lady elf dwarf vampire witch wizard
  angel giant nymph siren gorgon hobbit halfling
bones: skeleton
"""

# What a calling lets one wear. Who is only a calling is a person.
_CALLINGS = """
baker bakes baking: a floury apron | a tall white hat
chef cook cooks: a white apron | a tall chef hat
barista: a striped apron
pirate: a tricorn hat and an eyepatch | a long captain's coat | a striped sash
captain: a long captain's coat | a captain's hat
sailor: a blue sailor coat | a striped jersey
knight: a polished helmet | a coat of mail
warrior: a dented helmet | a leather breastplate
samurai: a lacquered breastplate
ninja thief: a dark hood
wizard: a tall pointed hat | a robe full of stars
witch: a tall pointed hat | a patched black cloak
mage: a robe full of stars
alchemist: a stained leather apron | brass goggles
librarian scholar: round reading glasses | a tweed waistcoat
professor: round reading glasses | a tweed jacket
teacher: round reading glasses | a woollen cardigan
scientist: a white coat | round goggles
inventor: brass goggles | a coat full of pockets
mechanic: blue overalls | brass goggles
engineer: blue overalls | a yellow helmet
gardener gardening: a wide straw hat | green overalls
farmer: a wide straw hat | blue overalls
florist: a green apron
astronaut: a silver space suit | a round glass helmet
detective: a long trench coat | a checked cap
spy: a dark trench coat
explorer: a wide-brimmed hat | a worn leather satchel
adventurer: a worn leather satchel
archer: a green hood
ranger: a green cloak
king queen: a golden crown | a velvet cloak
prince: a thin gold crown
princess: a thin silver crown
musician: a velvet jacket
bard: a feathered cap | a velvet jacket
singer: a sequined jacket
dancer: a silk sash
painter artist: a beret | a paint-stained smock
poet: a long blue scarf
doctor: a white coat
nurse: a white cap
postman courier: a blue cap | a worn leather satchel
monk: a plain brown robe
fisherman: a yellow raincoat
lighthouse: a yellow raincoat | a thick knitted jersey
miner: a helmet with a lamp
blacksmith: a leather apron
tailor: a fine waistcoat
butler: a black waistcoat
clown: a spotted collar
magician: a tall black hat
cowboy: a wide leather hat
skater: a striped jersey
surfer: a shell necklace
boxer: red boxing gloves
"""

# Words of other languages, so that who is described in them is at least the right creature.
_FOREIGN = """
dragon: 龙 龍 ドラゴン 드래곤 용 дракон تنين drache dragón drago 🐉 🐲
cat: 猫 ネコ 고양이 кошка кот قطة katze gato gata chat gatto 🐱 🐈
dog: 狗 犬 hund perro chien 🐶
fox: 狐 лиса fuchs zorro renard volpe 🦊
bear: 熊 медведь bär oso ours orso 🐻
rabbit: 兔 hase conejo lapin coniglio 🐰
wolf: 狼 волк lobo loup 🐺
bird: 鸟 鳥
fish: 鱼 魚
tiger: 虎 🐯
lion: 狮 🦁
horse: 马
mouse: 鼠 maus ratón souris 🐭
turtle: 龟 schildkröte tortue 🐢
robot: 机器人 ロボット 로봇 робот roboter 🤖
ghost: 幽灵 幽霊 призрак gespenst fantasma fantôme 👻
owl: 猫头鹰 フクロウ сова eule búho hibou gufo 🦉
unicorn: 🦄
frog: 🐸
penguin: 🐧
butterfly: 🦋
octopus: 🐙
hedgehog: 🦔
panda: 🐼
otter: 🦦
bee: 🐝
"""


def _words(text: str) -> Sequence[str]:
    return tuple(text.split())


def _rows(table: str) -> Mapping[str, str]:
    """The rows of a table, `head: rest`; an indented line goes on with the row above it."""
    rows = table.strip().replace("\n  ", " ").splitlines()
    return {head: rest.strip() for head, _, rest in (row.partition(":") for row in rows)}


# From a creature to what covers it.
CREATURES: Mapping[str, str] = {
    creature: covering for covering, row in _rows(_CREATURES).items() for creature in _words(row)
}
# From a calling to what it lets one wear.
CALLINGS: Mapping[str, Sequence[str]] = {
    calling: [outfit.strip() for outfit in row.split("|")]
    for callings, row in _rows(_CALLINGS).items()
    for calling in _words(callings)
}
# From a word of another language to the creature that it means.
FOREIGN: Mapping[str, str] = {
    word: creature for creature, row in _rows(_FOREIGN).items() for word in _words(row)
}

# Words that belong to a creature's name, as in "water dragon".
KINDS = _words("""
arctic baby barn bone brass bronze candy cave celestial chocolate clock clockwork cloud copper
coral cosmic crystal cyber deep-sea desert dream dust dwarf electric fairy feathered fennec field
fire floating flying forest frost garden ghost giant ginger gingerbread glass golden gray grey
guinea honey horned house ice ink jungle lake lava library lunar meadow mermaid mini moon moss
mossy mountain neon night ocean origami paper persian plush polar porcelain rainbow red reef river
robot rust sabertooth sand sea shadow siamese silver sky snow solar space spirit star steam
stellar stone storm sugar sun swamp tabby tea thunder tin toy vampire volcano water winged wood
wooden woodland zombie
""")

# What anybody may wear.
GARMENTS = _words("""
scarf cloak waistcoat cape satchel cap hat jersey cardigan ribbon neckerchief poncho raincoat
shawl jacket
""")

TRAITS = _words("""
shy curious brave grumpy gentle playful clever loyal stubborn dreamy cheerful gloomy patient
mischievous kind wise proud clumsy witty sleepy hungry bold calm careful quiet chatty helpful
honest humble lonely nervous polite restless romantic sarcastic sassy serious silly sly sneaky
sweet thoughtful tidy wild worried adventurous anxious artistic bookish caring charming confident
cosy cunning daring dramatic eager elegant energetic fearless fierce forgetful friendly funny
generous graceful hopeful imaginative inventive jolly lazy lively loving merry messy musical
mysterious optimistic peaceful poetic quirky reliable resourceful rebellious scruffy sensitive
shrewd sincere solemn spirited stoic superstitious tender timid vain warm whimsical angry evil
cursed retired
""")

# Traits that anybody may have; the others are for those who are described so.
COMMON_TRAITS = _words("""
curious gentle playful clever loyal stubborn dreamy cheerful patient kind witty calm careful
chatty helpful honest humble polite thoughtful tidy adventurous caring charming daring eager
forgetful friendly generous hopeful imaginative inventive lively musical poetic quirky resourceful
sincere spirited tender warm whimsical
""")

MOODS = _words("""
shy grumpy fierce brave sleepy sad curious dreamy sly wise gentle proud silly cheerful content
nervous lonely gloomy anxious angry mischievous playful calm happy excited merry scared loving
sarcastic
""")

COMMON_MOODS = _words("""
curious dreamy gentle cheerful content playful calm brave
""")

COLOURS = _words("""
red crimson scarlet orange amber copper bronze ginger peach coral yellow gold golden honey cream
ivory sandy caramel brown chestnut hazel auburn green emerald olive mint moss jade teal turquoise
aqua blue sapphire navy azure indigo purple violet lavender lilac plum pink white pearl silver
grey gray charcoal black midnight rainbow
""")

_NATURAL = _words("russet sandy chestnut cream silver grey golden black honey white")
_VIVID = _words("teal emerald violet copper coral azure jade plum golden crimson")
_METAL = _words("copper silver brass bronze teal cream scarlet")
_HAIR = _words("auburn black brown chestnut golden grey red silver")
EYES = _words("amber green hazel blue brown golden grey violet black copper")

# How each covering looks: its tones, its colours, and the words for it.
COVERINGS: Mapping[str, tuple[Sequence[str], Sequence[str], str]] = {
    "fur": (_words("soft fluffy silky thick scruffy sleek"), _NATURAL, "fur"),
    "wool": (_words("curly soft thick"), _words("cream white black grey"), "wool"),
    "feathers": (_words("soft glossy ruffled speckled sleek"), (*_NATURAL, *_VIVID), "feathers"),
    "scales": (_words("shimmering glossy smooth pearly gleaming"), _VIVID, "scales"),
    "skin": (_words("smooth shiny speckled soft"), _VIVID, "skin"),
    "shell": (_words("polished mossy spotted smooth"), (*_NATURAL, *_VIVID), "shell"),
    "wings": (_words("glittering velvety spotted fine"), _VIVID, "wings"),
    "plates": (_words("polished dented riveted brushed"), _METAL, "metal plates"),
    "mist": (
        _words("glowing drifting shimmering soft"),
        _words("silver pearl lilac mint white"),
        "mist",
    ),
    "quills": (_words("neat short glossy"), _words("brown cream silver"), "quills"),
    "bristles": (_words("short soft velvety"), _words("black brown grey"), "bristles"),
    "petals": (_words("velvety soft dewy"), _VIVID, "petals"),
    "hair": (_words("curly wavy long braided tousled"), _HAIR, "hair"),
    "bones": (_words("polished pale"), _words("white ivory cream"), "bones"),
}

# Parts and things by which one is known, when a description names them.
FEATURES = _words("""
wings horns antlers tail whiskers beard moustache freckles scar stripes spots glasses spectacles
monocle eyepatch hat crown scarf cape cloak apron backpack satchel sword shield staff wand lantern
candle book books map telescope compass potion teacup tea cake bread paintbrush guitar violin
flute drum umbrella balloon key letter gears wrench hammer axe bow trident flowers mushroom moon
stars snowflakes bubbles music heart apple honey watch camera pumpkin tattoo halo antenna lamp
bell ribbon necklace goggles
""")

# Who anybody would like to meet, where a description names nobody that is known here.
WELCOME = _words(
    "cat dragon fox owl rabbit otter robot ghost bear mouse hedgehog turtle frog wolf fairy human"
)

# What a child should not read.
UNKIND = _words("""
kill kills killed killing killer dead death die dies died dying blood bloody murder murdered sex
sexual sexy naked nude drug drugs alcohol drunk gun guns rape suicide hell damn bitch slave slaves
hate hated stupid ugly war wars bomb weapon weapons nazi terrorist torture corpse champagne wine
beer kiss kissed
""")
# What leads a small model astray: other people, and other worlds than that of the description.
ASTRAY = _words("""
girl boy lady woman women man men husband wife named called president america american england
english french god goddess jesus christ church bible ride riding
""")
HIS = _words("he him his himself")
HERS = _words("she her hers herself")
# A story is told about somebody, to nobody.
TALK = _words("i me my mine we us our you your yours")

# What an outfit may be like, where nothing is known of it.
OUTFIT_LOOKS = _words("knitted velvet patched striped silk woollen quilted")
OUTFIT_COLOURS = _words("red blue green yellow purple white orange")
EYE_LOOKS = _words("large bright round kind sparkling sleepy gentle")
# What the surroundings in a description suggest of a coat.
TINTS: Mapping[str, Sequence[str]] = {
    word: [tint.strip() for tint in row.split("|")]
    for words, row in _rows("""
water sea ocean river lake reef: teal | azure | sea-green
fire lava volcano sun solar: crimson | golden | orange
snow ice frost arctic polar: white | silver | pale blue
forest jungle moss mossy garden meadow woodland: emerald | leaf green | olive
space moon star night shadow dream cosmic stellar lunar: midnight blue | violet | silver
sand desert: sandy | golden | copper
storm cloud thunder sky rain: grey | silver | slate blue
candy sugar rainbow: pink | coral | mint
bronze brass clockwork steam: copper | bronze | brass
porcelain paper glass crystal: white | pearl | pale blue
""").items()
    for word in _words(words)
}
