"""Things to wear, hold and bear, and what each trade brings along."""

# One line a thing: its name, then the words that mean it.
_THINGS = """
glasses: spectacles bespectacled eyeglasses goggles
monocle: monocled
eyepatch: eye-patch
wizard_hat: 
witch_hat: 
tophat: top-hat bowler fedora
cap: beret beanie
straw_hat: sunhat
pirate_hat: tricorn
chef_hat: toque
helmet: helm armor armour armored armoured
crown: crowned tiara diadem coronet
flower_crown: wreath garland
flower: blossom petal flowers daisies bloom
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
watering_can: watering gardening gardens
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

# What somebody of this trade wears and holds.
TRADES = {
    "wizard": "wizard_hat staff beard", "sorcerer": "wizard_hat staff", "mage": "wizard_hat staff", "sorceress": "witch_hat staff",
    "warlock": "hood staff", "magician": "tophat wand", "witch": "witch_hat potion", "alchemist": "goggles_up potion",
    "knight": "helmet sword", "paladin": "helmet shield", "warrior": "sword scar", "samurai": "helmet sword", "soldier": "helmet sword",
    "gladiator": "helmet shield", "viking": "viking_helmet axe", "barbarian": "axe scar", "guard": "helmet shield", "guardian": "shield cape",
    "ninja": "mask sword", "assassin": "hood sword", "thief": "mask coin", "rogue": "hood sword", "bandit": "mask coin",
    "pirate": "pirate_hat eyepatch sword", "captain": "captain_hat telescope", "sailor": "sailor_hat", "buccaneer": "pirate_hat eyepatch",
    "chef": "chef_hat spoon", "baker": "chef_hat apron bread", "cook": "chef_hat spoon", "barista": "apron cup", "confectioner": "chef_hat cupcake",
    "king": "crown cape", "queen": "crown necklace", "prince": "crown cape", "princess": "crown", "emperor": "crown cape", "empress": "crown necklace",
    "librarian": "glasses book", "scholar": "glasses book", "professor": "glasses bowtie book", "teacher": "glasses book", "student": "book backpack",
    "writer": "glasses quill", "poet": "cap quill", "scribe": "quill", "historian": "glasses book", "philosopher": "beard book",
    "detective": "deerstalker magnifier", "spy": "tophat magnifier", "investigator": "deerstalker magnifier", "sleuth": "deerstalker magnifier",
    "astronaut": "space_helmet", "cosmonaut": "space_helmet", "spaceman": "space_helmet", "pilot": "goggles_up scarf", "aviator": "goggles_up scarf",
    "explorer": "explorer_hat map", "adventurer": "backpack map", "traveler": "backpack staff", "traveller": "backpack staff", "wanderer": "cape staff",
    "archaeologist": "explorer_hat map", "cartographer": "glasses map", "navigator": "compass telescope", "ranger": "hood bow_arrow", "archer": "hood bow_arrow",
    "hunter": "hood bow_arrow", "gardener": "straw_hat watering_can", "farmer": "straw_hat carrot", "botanist": "glasses flower", "florist": "flower_crown flower",
    "blacksmith": "apron hammer", "smith": "apron hammer", "carpenter": "cap hammer", "engineer": "goggles_up wrench", "inventor": "goggles_up wrench",
    "mechanic": "cap wrench", "tinkerer": "goggles_up wrench", "scientist": "glasses potion", "chemist": "glasses potion", "doctor": "stethoscope glasses",
    "nurse": "stethoscope", "healer": "flower_crown potion", "shaman": "feather_band staff", "druid": "flower_crown staff", "monk": "beads staff",
    "priest": "halo book", "cleric": "hood book", "necromancer": "hood crystal_ball", "oracle": "veil crystal_ball", "fortune-teller": "veil crystal_ball",
    "seer": "veil crystal_ball", "bard": "cap guitar", "musician": "guitar music", "minstrel": "cap guitar", "singer": "music microphone", "dj": "headphones music",
    "pianist": "bowtie music", "violinist": "violin music", "guitarist": "guitar music", "drummer": "drum music", "flutist": "flute music",
    "painter": "beret paintbrush", "artist": "beret paintbrush", "photographer": "camera", "dancer": "bow music", "ballerina": "bow",
    "postman": "cap letter", "messenger": "cap letter", "mailman": "cap letter", "courier": "cap letter", "fisherman": "straw_hat fishing_rod", "angler": "straw_hat fishing_rod",
    "merchant": "cap coin", "gentleman": "tophat monocle", "butler": "bowtie", "jester": "jester_hat", "clown": "jester_hat", "cowboy": "cowboy_hat", "sheriff": "cowboy_hat",
    "firefighter": "fire_hat", "judge": "glasses hammer", "gamer": "headphones", "hacker": "hood", "programmer": "glasses headphones", "timekeeper": "hourglass", "clockmaker": "glasses wrench",
    "beekeeper": "straw_hat honey_pot", "lamplighter": "cap lantern", "lighthouse-keeper": "captain_hat lantern", "stargazer": "telescope", "astronomer": "wizard_hat telescope",
    "superhero": "mask cape", "grandmother": "glasses bun", "grandma": "glasses", "grandfather": "glasses moustache", "grandpa": "glasses moustache", "skater": "cap", "storyteller": "book", "apprentice": "wizard_hat book",
}

# Two words that mean another thing than each of them alone.
PAIRS = {
    "wizard hat": "wizard_hat", "witch hat": "witch_hat", "pointy hat": "wizard_hat", "pointed hat": "wizard_hat", "top hat": "tophat", "straw hat": "straw_hat", "sun hat": "straw_hat",
    "pirate hat": "pirate_hat", "chef hat": "chef_hat", "cowboy hat": "cowboy_hat", "flower crown": "flower_crown", "crown of flowers": "flower_crown", "bow tie": "bowtie",
    "eye patch": "eyepatch", "crystal ball": "crystal_ball", "fishing rod": "fishing_rod", "watering can": "watering_can", "bow and": "bow_arrow", "magnifying glass": "magnifier",
    "butterfly wings": "gauze_wings", "fairy wings": "gauze_wings", "bat wings": "leather_wings", "dragon wings": "leather_wings", "leathery wings": "leather_wings", "honey pot": "honey_pot",
    "pot of": "honey_pot", "party hat": "party_hat", "space helmet": "space_helmet", "magic wand": "wand", "walking stick": "staff", "stack of": "books", "breathes fire": "fire_breath", "breathing fire": "fire_breath",
}


def thing_words() -> dict[str, str]:
    """From a word to the thing it means."""
    table: dict[str, str] = {}
    for line in _THINGS.strip().splitlines():
        name, _, words = line.partition(":")
        if "_" not in name:
            table[name] = name
        table.update(dict.fromkeys(words.split(), name))
    table["hat"] = "tophat"
    return table
