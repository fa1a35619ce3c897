"""Words for places, each under the backdrop that shows it."""

_PLACES = """
forest: woods woodland grove thicket enchanted-forest forests oak pine trees bosque wald
autumn: fall_leaves harvest november october maple
jungle: rainforest tropical bamboo treetops vines
sea: ocean underwater reef coral seabed depths lagoon deep abyss aquatic sunken marine
shore: beach coast island seaside lighthouse harbor harbour coastal bay sailing sailor tidepool pirate ship
night: midnight-sky stars starlight moonlit moonlight nighttime dusk dream dreams nocturnal night-sky firefly fireflies constellation constellations stargazing starry
library: bookshop bookstore archive study books scholar librarian bookshelves bookish
kitchen: bakery cafe café restaurant tavern bakes baking cooks cooking cook chef baker diner teahouse tearoom
room: attic cottage bedroom home house fireplace hearth parlor parlour living-room indoors inn
snow: winter arctic tundra snowy ice glacier frozen frost icy north polar blizzard
desert: dunes dune sahara oasis wasteland sandy pyramid
city: town street rooftop rooftops urban skyline downtown cyberpunk metropolis neon alley village
space: galaxy cosmos planet planets nebula cosmic orbit spaceship starship asteroid universe mars interstellar rocket astronaut
garden: greenhouse flowerbed orchard gardener gardening florist
mountain: mountains peak cliff cliffs hill hills summit highlands alps valley
cave: cavern cavern underground mine tunnel dungeon grotto lair hoard
castle: palace tower kingdom throne fortress royal king queen knight prince princess
volcano: lava volcanic magma inferno
workshop: laboratory lab forge workbench inventor factory smithy engineer tinkerer garage alchemist scientist blacksmith mechanic
pond: swamp marsh lake river stream bog wetland lily-pad waterfall brook creek
clouds: sky skies cloud air floating flying heaven rain rainbow wind
savanna: savannah prairie grassland plains serengeti
farm: barn farmhouse field wheat farmer
ruins: ruin temple tomb shrine graveyard cemetery haunted
meadow: meadows flowers spring picnic park glade summer grass
stage: concert theatre theater jazz club circus carnival band
"""


def place_words() -> dict[str, str]:
    """From a word to the backdrop it asks for."""
    table: dict[str, str] = {}
    for line in _PLACES.strip().splitlines():
        name, _, words = line.partition(":")
        table[name] = name
        table.update(dict.fromkeys(words.split(), name))
    return table
