"""Things to wear, hold and bear, and what each trade brings along."""

from services.avatar.engines.sketch.words.table import rows

# One line a thing: its name, then the words that mean it.
_THINGS = """
glasses: spectacles bespectacled eyeglasses goggles
monocle: monocled
eyepatch: eye-patch
wizard_hat:
witch_hat:
hat:
tophat: bowler fedora
cap: beret
woolly_hat: beanie
felt_hat:
straw_hat: sunhat
pirate_hat: tricorn
chef_hat: toque
helmet: helm armor armour armored armoured
crown: crowned tiara diadem coronet
flower_crown: wreath garland
flower: blossom petal flowers daisies bloom rose roses tulip daisy
hair_flower:
bow: ribbon
headphones: headset
hood: hooded
halo:
horns: horned horn
antlers: antlered
antenna: antennae
leather_wings:
feather_wings: winged wings wing
gauze_wings:
scarf: shawl muffler
bowtie: bow-tie
tie: necktie
cape: cloak mantle cloaked caped
collar: bell
necklace: amulet pendant locket medallion beads
apron:
backpack: rucksack satchel bag knapsack
vest: waistcoat
chain_mail: chainmail hauberk
sword: blade saber sabre katana dagger
shield:
staff: stick cane
wand:
lantern: lamp candle
torch:
book: tome novel scroll grimoire diary storybook
books:
map:
telescope: spyglass binoculars
magnifier: magnifying
potion: potions flask elixir vial cauldron
cup: tea teacup mug coffee cocoa
teapot: teapots
spoon: ladle cooking cook cooks baking bakes
whisk:
cupcake: cake cakes muffin pastry pastries pie dessert cookie cookies
bread: loaf baguette
paintbrush: paints painting brush easel
guitar: lute ukulele banjo lyre harp
flute: pipe ocarina
violin: fiddle
drum: drums
umbrella: parasol
balloon: balloons
kite:
fishing_rod: fishing fishes angling
key: keys
letter: letters envelope mail messages
wrench: spanner gears gear cogs
hammer: anvil forge
axe:
bow_arrow: archery arrows arrow quiver
trident: harpoon spear lance
crystal_ball: orb
gem: diamond jewel jewels treasure
watering_can: watering waters gardening gardens
camera: photographs photography
ball: yarn
heart: hearts
acorn: acorns nut nuts
carrot: carrots
apple: apples
berry: berries strawberry strawberries
honey_pot: honeypot
coin: coins
hourglass: clock watch
compass:
moustache: mustache mustachioed
beard: bearded
scar: scarred
freckles: freckled
spots: spotted dotted speckled polka
stripes: striped
stars: starry constellation constellations
patches: patched patchy
fire_breath: fire-breathing flames smoke
sparkles: magic magical glittering sparkling sparkly enchanted glitter
glow: glowing luminous radiant shining bioluminescent
snowflakes:
bubbles: bubble
music: song songs singer melody sings singing music musical jazz
hearts_around:
leaves:
butterflies:
fireflies:
"""


# Two words that mean another thing than each of them alone.
PAIRS = {
    "wizard hat": "wizard_hat",
    "witch hat": "witch_hat",
    "pointy hat": "wizard_hat",
    "pointed hat": "wizard_hat",
    "top hat": "tophat",
    "straw hat": "straw_hat",
    "sun hat": "straw_hat",
    "pirate hat": "pirate_hat",
    "chef hat": "chef_hat",
    "cowboy hat": "cowboy_hat",
    "flower crown": "flower_crown",
    "crown of flowers": "flower_crown",
    "bow tie": "bowtie",
    "eye patch": "eyepatch",
    "crystal ball": "crystal_ball",
    "fishing rod": "fishing_rod",
    "watering can": "watering_can",
    "bow and": "bow_arrow",
    "coat of mail": "chain_mail",
    "shirt of mail": "chain_mail",
    "suit of mail": "chain_mail",
    "chain mail": "chain_mail",
    "ring mail": "chain_mail",
    "scale mail": "chain_mail",
    "plate mail": "chain_mail",
    "mail coat": "chain_mail",
    "mail shirt": "chain_mail",
    "mail armour": "chain_mail",
    "mail armor": "chain_mail",
    "magnifying glass": "magnifier",
    "butterfly wings": "gauze_wings",
    "fairy wings": "gauze_wings",
    "bat wings": "leather_wings",
    "dragon wings": "leather_wings",
    "leathery wings": "leather_wings",
    "honey pot": "honey_pot",
    "pot of": "honey_pot",
    "party hat": "party_hat",
    "in her hair": "hair_flower",
    "in his hair": "hair_flower",
    "behind her ear": "hair_flower",
    "behind its ear": "hair_flower",
    "space helmet": "space_helmet",
    "magic wand": "wand",
    "walking stick": "staff",
    "stack of": "books",
    "breathes fire": "fire_breath",
    "breathing fire": "fire_breath",
}

# What sort of hat one is that is called so: "a woollen green hat".
HATS = {
    "woollen": "woolly_hat",
    "woolen": "woolly_hat",
    "woolly": "woolly_hat",
    "wool": "woolly_hat",
    "knitted": "woolly_hat",
    "knit": "woolly_hat",
    "crocheted": "woolly_hat",
    "bobble": "woolly_hat",
    "quilted": "woolly_hat",
    "felt": "felt_hat",
    "leather": "felt_hat",
    "velvet": "felt_hat",
    "patched": "felt_hat",
    "wide": "felt_hat",
    "brimmed": "felt_hat",
    "floppy": "felt_hat",
    "slouch": "felt_hat",
    "pointed": "wizard_hat",
    "pointy": "wizard_hat",
    "straw": "straw_hat",
}

# How a thing is cut, and what it is made with.
LOOKS = {
    "tall": "tall",
    "high": "tall",
    "striped": "striped",
    "stripy": "striped",
    "stripey": "striped",
    "spotted": "spotted",
    "dotted": "spotted",
    "polka": "spotted",
    "speckled": "spotted",
    "starry": "starry",
    "patched": "patched",
    "patchy": "patched",
}

# Clothes that nobody here can draw, but that have their pattern to themselves. A coat is as often
# what one was born with.
CLOTHES = frozenset(
    (
        *("cardigan", "jersey", "jumper", "sweater", "pullover", "poncho", "raincoat", "jacket"),
        *("robe", "robes", "dress", "gown", "tunic", "shirt", "smock", "sash", "skirt"),
        *("trousers", "overalls", "socks", "stockings", "gloves", "mittens", "boots", "slippers"),
        *("neckerchief", "kerchief", "bandana", "pyjamas", "pajamas", "hat"),
    )
)


def thing_words() -> dict[str, str]:
    """From a word to the thing it means."""
    table: dict[str, str] = {}
    for name, words in rows(_THINGS):
        if "_" not in name:
            table[name] = name
        table.update(dict.fromkeys(words.split(), name))
    return table
