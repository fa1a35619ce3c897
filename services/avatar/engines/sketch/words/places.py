"""Words for places, each under the backdrop that shows it."""

from services.avatar.engines.sketch.words.table import rows

# One line a backdrop: its name, the words that name the place, and after the stroke those that only
# hint at it and give way to a place that is named.
_PLACES = """
forest: woods woodland grove thicket forests oaks pine bosque wald enchanted | druid ranger archer
autumn: november october harvest | maple pumpkin
jungle: rainforest tropical bamboo treetops vines
sea: ocean underwater reef corals seabed depths lagoon deep abyss aquatic sunken marine undersea
shore: beach coast island seaside lighthouse harbor harbour coastal bay ship tidepool sails |
  sailing sailor pirate captain
night: starlight moonlit moonlight nighttime dusk midnight | nocturnal firefly fireflies
  constellation constellations stargazing starry star stars astronomer dream dreams
library: bookshop bookstore archive study | books scholar librarian bookshelves bookish professor
  historian
kitchen: bakery cafe café restaurant tavern diner teahouse tearoom | bakes baking baker cooks
  cooking cook chef barista
room: attic cottage bedroom home house fireplace hearth parlor parlour indoors inn window
snow: winter arctic tundra snowy glacier frozen polar blizzard | frost ice icy north
desert: dunes dune sahara oasis wasteland pyramid | cowboy
city: town street rooftop rooftops urban skyline downtown cyberpunk metropolis neon alley village
  | detective hacker
space: galaxy cosmos planet planets nebula orbit spaceship starship asteroid universe mars
  interstellar rocket | astronaut cosmonaut cosmic
garden: greenhouse flowerbed orchard | gardener gardening florist botanist beekeeper
mountain: mountains peak cliff cliffs hill hills summit highlands alps valley
cave: cavern cavern underground mine tunnel dungeon grotto lair hoard
castle: palace tower kingdom throne fortress | royal king queen knight prince princess
volcano: lava volcanic magma inferno
workshop: laboratory lab forge workbench factory smithy garage | inventor engineer tinkerer
  alchemist scientist blacksmith mechanic
pond: swamp marsh lake river stream bog wetland waterfall brook creek pad pads lily
clouds: sky skies heaven | cloud air floating flying rain rainbow wind pilot
savanna: savannah prairie grassland plains serengeti
farm: barn farmhouse field wheat | farmer
ruins: ruin temple tomb shrine graveyard cemetery haunted
meadow: meadows picnic park glade grass | spring summer flowers
stage: concert theatre theater circus carnival | jazz club band jester clown singer musician dj
"""


def place_words() -> dict[str, str]:
    """From a word to the backdrop that it names."""
    table: dict[str, str] = {}
    for name, words in rows(_PLACES):
        table[name] = name
        table.update(dict.fromkeys(words.partition("|")[0].split(), name))
    return table


def implied_places() -> dict[str, str]:
    """From a word to the backdrop that it hints at."""
    table: dict[str, str] = {}
    for name, words in rows(_PLACES):
        table.update(dict.fromkeys(words.partition("|")[2].split(), name))
    return table
