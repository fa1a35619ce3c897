"""Mood words, each under the expression that it calls for."""

from services.avatar.engines.sketch.words.table import rows

_MOODS = """
shy: timid bashful introverted quiet humble modest reserved blushing coy anxious_shy
grumpy: grouchy cranky cantankerous moody annoyed irritable sulky bitter stubborn cynical gruff
  surly cross curmudgeonly sarcastic jaded grump
fierce: angry furious ferocious savage wild raging vengeful menacing scary evil fearsome feral
  wrathful vicious fighting battle-hardened aggressive fiery hot-tempered rebellious
brave: bold courageous heroic fearless daring valiant noble determined adventurous confident loyal
  strong gallant intrepid plucky protective mighty knightly
sleepy: tired drowsy lazy yawning exhausted nocturnal lethargic dozy slow napping snoozing
asleep: sleeping dreaming_asleep slumbering hibernating
sad: lonely melancholy melancholic gloomy sorrowful weeping crying heartbroken forlorn mournful
  homesick lost tragic grieving blue_mood wistful
afraid: scared nervous anxious fearful frightened cowardly worried skittish clumsy jittery paranoid
curious: inquisitive wondering nosy exploring clever inventive questioning explorer surprised
  amazed observant bookish
dreamy: dreaming poetic romantic imaginative whimsical starry-eyed stargazing daydreaming mystical
  ethereal artistic
sly: mischievous cunning tricky sneaky crafty playful-sly thieving naughty roguish devious
  trickster cheeky wily cocky smug rogue thief prankster
wise: old ancient sage_mood elderly thoughtful calm patient serene scholarly philosophical stoic
  zen learned mysterious knowing solemn
gentle: kind caring sweet tender soft-spoken warm motherly soothing compassionate friendly
  peaceful helpful nurturing healing humble_gentle
proud: regal majestic royal vain elegant haughty sassy dignified fancy aristocratic arrogant
  snobbish glamorous
silly: goofy funny wacky zany quirky clownish crazy absurd hungry ridiculous
cheerful: happy joyful merry jolly cheery playful bubbly excited enthusiastic energetic bouncy
  sunny optimistic giggly dancing singing eager lively
laughing: giggling hilarious ecstatic
loving: affectionate cuddly love romantic_love adoring lovesick
content: content pleased relaxed cosy cozy chill
"""


def mood_words() -> dict[str, str]:
    """From a word to the expression it calls for."""
    table: dict[str, str] = {}
    for name, words in rows(_MOODS):
        table[name] = name
        table.update(dict.fromkeys(words.split(), name))
    return table
