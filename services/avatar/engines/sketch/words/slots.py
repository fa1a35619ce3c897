"""Where each thing goes on a figure."""

from services.avatar.engines.sketch.words.table import rows

_SLOTS = """
hat: wizard_hat witch_hat tophat cap beret woolly_hat felt_hat sailor_hat straw_hat pirate_hat
  captain_hat chef_hat helmet viking_helmet crown flower_crown hair_flower bow headphones hood halo
  horns antlers antenna deerstalker explorer_hat cowboy_hat jester_hat party_hat fire_hat
  feather_band goggles_up veil
face: glasses monocle eyepatch mask moustache beard scar freckles
neck: scarf bowtie tie collar necklace beads stethoscope
chest: apron vest chain_mail backpack
shoulders: cape
wings: leather_wings feather_wings gauze_wings
hand: sword staff wand trident axe hammer wrench torch fishing_rod umbrella paintbrush quill
  microphone spoon flute lantern cup teapot potion watering_can honey_pot bread cupcake whisk drum
  book books map telescope magnifier guitar violin camera shield key hourglass compass bow_arrow
  flower balloon kite heart gem crystal_ball ball acorn carrot apple berry coin letter
around: sparkles music snowflakes bubbles hearts_around leaves fireflies glow butterflies
  fire_breath stars
coat: spots stripes stars patches
"""


def slots() -> dict[str, frozenset[str]]:
    """From a slot to the things that go there."""
    return {slot: frozenset(things.split()) for slot, things in rows(_SLOTS)}
