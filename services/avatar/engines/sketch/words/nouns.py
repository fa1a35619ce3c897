"""Which species a word means, in text and in emoji."""

from services.avatar.engines.sketch.words.table import rows

# One line a species: its name, then the words that mean it. Plurals are found by the reader.
_WORDS = """
cat: kitten kitty kittycat feline tomcat tabby calico siamese catgirl gato katze gatto 猫 кот кошка
  ネコ 고양이 قطة
tiger: tigress tigre 虎
lion: lioness lionheart lioncub löwe león 狮
leopard: jaguar cheetah panther puma cougar ocelot
lynx: bobcat caracal
dog: puppy pup hound doggy terrier retriever labrador poodle beagle spaniel sheepdog dachshund pug
  bulldog canine perro hund chien cane 犬 狗 собака
wolf: werewolf wolfhound lobo loup 狼 волк
husky: malamute samoyed
fox: vixen kitsune fennec zorro fuchs renard volpe 狐 лиса
raccoon: racoon tanuki
red panda: redpanda firefox
rabbit: bunny hare jackrabbit bunnies conejo hase kaninchen lapin 兔 кролик
mouse: mice rat vole dormouse shrew gerbil ratón maus souris 鼠
hamster: guinea guineapig chinchilla
hedgehog: porcupine echidna igel erizo
squirrel: chipmunk marmot
otter: weasel ferret mink stoat meerkat mongoose marten ermine
beaver: capybara platypus
badger: mole wolverine honeybadger
skunk: anteater
bat: fruitbat
bear: grizzly cub teddy oso bär ours 熊 медведь
polar bear: polarbear yeti bigfoot sasquatch
panda: 熊猫
koala: wombat
elephant: mammoth hippo hippopotamus rhino rhinoceros elefante elefant 象
monkey: ape gorilla chimpanzee chimp orangutan lemur mono affe singe 猴
sloth: armadillo
pig: piglet hog cerdo schwein 猪
boar: warthog
cow: bull ox calf yak buffalo bison minotaur vaca kuh 牛
sheep: lamb ram ewe oveja schaf 羊
goat: faun satyr ibex cabra ziege
horse: pony stallion mare foal donkey mule steed colt centaur caballo pferd cheval 马 лошадь
zebra: okapi
unicorn: alicorn unicornio einhorn licorne 独角兽
pegasus:
deer: stag elk moose reindeer caribou antelope gazelle doe buck hart ciervo hirsch 鹿
fawn: bambi
giraffe: jirafa
llama: alpaca camel vicuna dromedary
dragon: wyvern drake wyrm dragonling dragonet drake dragón drache drago 龙 龍 дракон ドラゴン 용
dinosaur: dino rex raptor velociraptor trex stegosaurus godzilla brontosaurus kaiju
triceratops:
crocodile: alligator croc gator caiman
lizard: gecko chameleon iguana salamander newt axolotl komodo kobold basilisk
frog: treefrog tadpole rana frosch grenouille 蛙 лягушка
toad: bullfrog
turtle: tortoise terrapin tortuga schildkröte 龟
snake: serpent python viper boa adder anaconda serpiente schlange 蛇 naga
cobra: rattlesnake
snail: slug caracol schnecke escargot 蜗牛
owl: owlet búho eule hibou 猫头鹰 сова フクロウ
bird: sparrow bluebird finch canary swallow hummingbird songbird wren lark jay pájaro vogel oiseau
  nightingale kingfisher tit chickadee 鸟
robin: bullfinch
parrot: macaw cockatoo parakeet budgie toucan loro papagei
raven: crow magpie jackdaw rook blackbird cuervo rabe
eagle: hawk falcon osprey vulture condor kite_bird kestrel águila adler
penguin: puffin pingüino pinguin 企鹅
duck: duckling goose gosling swan mallard pelican seagull gull pato ente
chicken: hen chick rooster cockerel turkey gallo pollo huhn
peacock: peahen
flamingo: heron crane stork ibis
phoenix: firebird fénix phönix
griffin: gryphon griffon hippogriff chimera sphinx manticore
fish: goldfish koi clownfish guppy salmon trout carp pufferfish tuna betta angelfish pez fisch
  poisson 鱼
shark: tiburón hai
octopus: kraken cthulhu pulpo krake 章鱼 осьминог cuttlefish
squid: nautilus
jellyfish: medusa_fish
whale: ballena wal baleine 鲸 кит leviathan
orca:
narwhal:
dolphin: porpoise delfín delfin
seal: walrus sealion manatee
crab: lobster crayfish shrimp prawn cangrejo scorpion
seahorse: seadragon
bee: bumblebee honeybee wasp hornet abeja biene abeille 蜂
butterfly: mariposa schmetterling papillon 蝶 caterpillar
moth: mothman luna_moth
ladybug: ladybird
beetle: scarab cockroach
firefly: glowworm lightningbug
dragonfly: damselfly
ant: termite cricket grasshopper mantis cicada
spider: tarantula arachnid araña spinne
robot: android automaton cyborg droid bot mech machine clockwork gynoid robota 机器人 робот ロボット
ghost: spirit phantom spectre specter wraith poltergeist spook banshee shade_ghost fantasma geist
  鬼 幽灵 призрак apparition
golem: troll gargoyle giant_rock rock stone_giant boulder pebble titan ogre
crystal: gem gemstone crystalline
slime: blob ooze jelly gelatin pudding goo
snowman: snowgirl
mushroom: fungus toadstool fungi mushroomling mycelium seta pilz
tree: treant ent oak dryad willow bonsai sapling treefolk árbol baum
sprout: seedling plant vine leafling bean radish turnip potato onion avocado tomato vegetable
  acornling mandrake
sunflower:
flower: daisy rose tulip lily dandelion flor blume
cactus: succulent cacti
pumpkin: gourd jackolantern
cloud: cumulus nimbus thundercloud raincloud nube wolke
star: estrella stern 星
moon: mond lune 月
sun: sonne 太阳
flame: fire_spirit ember ifrit fireball salamander_fire elemental wisp will-o
drop: raindrop droplet undine dewdrop
alien: martian extraterrestrial ufo alienígena 外星人
critter: creature monster beast companion being thing furball pokemon imp gremlin
human: person woman man girl boy child kid lady gentleman grandmother grandfather grandma grandpa
  granny teenager people hero heroine adventurer traveler traveller villager mother father sister
  brother guy dude toddler old_man mujer hombre niña niño frau mann mädchen junge femme homme
  fille garçon 人 女孩 男孩 девочка мальчик giant giantess
elf: elven elfin drow halfling hobbit
dwarf: gnome dwarven leprechaun
fairy: pixie sprite faerie fae nymph tinkerbell hada fee 仙女
mermaid: merman siren selkie merfolk sirena meerjungfrau 人鱼 русалка
goblin: hobgoblin
orc: orcish
vampire: dracula
angel: cherub seraph ángel engel
demon: devil fiend tiefling succubus oni
"""

_EMOJI = """
cat: 🐱🐈😺😸😹😻😼😽🙀😿😾🐈‍⬛
tiger: 🐯🐅
lion: 🦁
leopard: 🐆
dog: 🐶🐕🐩🦮🐕‍🦺
wolf: 🐺
fox: 🦊
raccoon: 🦝
rabbit: 🐰🐇
mouse: 🐭🐁🐀
hamster: 🐹
hedgehog: 🦔
squirrel: 🐿
otter: 🦦
beaver: 🦫
badger: 🦡
skunk: 🦨
bat: 🦇
bear: 🐻🧸
polar bear: 🐻‍❄️
panda: 🐼
koala: 🐨
elephant: 🐘🦣🦏🦛
monkey: 🐵🐒🙈🙉🙊🦍🦧
sloth: 🦥
pig: 🐷🐖🐽
boar: 🐗
cow: 🐮🐄🐂🐃🦬
sheep: 🐑🐏
goat: 🐐
horse: 🐴🐎🐎🫏
zebra: 🦓
unicorn: 🦄
deer: 🦌🫎
giraffe: 🦒
llama: 🦙🐪🐫
dragon: 🐉🐲
dinosaur: 🦖🦕
crocodile: 🐊
lizard: 🦎
frog: 🐸
turtle: 🐢
snake: 🐍
snail: 🐌
owl: 🦉
bird: 🐦🕊
parrot: 🦜
raven: 🐦‍⬛
eagle: 🦅
penguin: 🐧
duck: 🦆🦢🪿
chicken: 🐔🐓🐣🐤🐥🦃
peacock: 🦚
flamingo: 🦩
phoenix: 🐦‍🔥
fish: 🐟🐠🐡
shark: 🦈
octopus: 🐙
squid: 🦑
jellyfish: 🪼
whale: 🐳🐋
dolphin: 🐬
seal: 🦭
crab: 🦀🦞🦐🦂
bee: 🐝
butterfly: 🦋🐛
ladybug: 🐞
beetle: 🪲🪳
ant: 🐜🦗
spider: 🕷
robot: 🤖
ghost: 👻
golem: 🗿🪨🧌
crystal: 💎
snowman: ⛄☃
mushroom: 🍄
tree: 🌳🌲🌴🎄
sprout: 🌱🪴🌿
sunflower: 🌻
flower: 🌸🌼🌷🌹🌺
cactus: 🌵
pumpkin: 🎃
cloud: ☁🌧⛈🌩
star: ⭐🌟
moon: 🌙🌛🌜🌝🌚
sun: ☀🌞
flame: 🔥
drop: 💧
alien: 👽👾🛸
elf: 🧝
fairy: 🧚
mermaid: 🧜
vampire: 🧛
angel: 👼
demon: 😈👿👹
human: 👩👨👧👦🧙👸🤴🧑
"""


def species_words() -> dict[str, str]:
    """From a word, in lower case, to the name of its species."""
    table: dict[str, str] = {}
    for name, words in rows(_WORDS):
        table.update({word.replace("_", " "): name for word in (name, *words.split())})
    return table


def species_emoji() -> dict[str, str]:
    """From an emoji to the name of its species, the longest first, as some contain others."""
    table: dict[str, str] = {}
    for name, signs in rows(_EMOJI):
        joined: list[str] = []
        for sign in signs:
            glued = joined and (sign in "\u200d\ufe0f" or joined[-1].endswith("\u200d"))
            if glued:
                joined[-1] += sign
            else:
                joined.append(sign)
        table.update({sign.removesuffix("\ufe0f"): name for sign in joined})
    return dict(sorted(table.items(), key=lambda pair: -len(pair[0])))
