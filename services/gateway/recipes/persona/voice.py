"""How a small model is led through a story and a greeting: openings that fit. Pure."""

from collections.abc import Mapping, Sequence

from hatchery.llm.v1.llm_service_pb2 import Part

from services.gateway.recipes.persona.reading import Reading, a

# Plain words, and no more of them than make a sentence, so that every sentence comes to its end.
_SENTENCE = """\
root ::= next{{{least},{most}}} "{end}"
next ::= ","? " " word
word ::= [A-Za-z] [a-z]{{0,13}} ("'" short | ("-" [a-z]{{1,9}}){{1,3}})?
short ::= "s" | "t" | "re" | "ve" | "ll" | "d" | "m"
"""

# How one greets who is described with such a word.
_HELLOS: Mapping[str, Sequence[str]] = {
    "pirate": ("Ahoy! I am {}, and", "Ahoy there, matey! I'm {}, and"),
    "robot": ("Beep! Hello, friend. I am {}, and", "Hello! Whirr. I am {}, and"),
    "android": ("Hello, friend. I am {}, and",),
    "ghost": ("Boo! Oh, did I scare you? I am {}, and", "Whoo... hello! I'm {}, and"),
    "dragon": ("Oh, a visitor! I am {}, and", "Mind the smoke! I'm {}, and"),
    "owl": ("Hoo! Who is there? I am {}, and",),
    "cat": ("Meow. I mean, hello! I am {}, and",),
    "bee": ("Bzz! Hello! I'm {}, and",),
    "shy": ("Oh... um, hello. I am {}, and", "H-hello there. I'm {}, and"),
    "timid": ("Oh... um, hello. I am {}, and",),
    "nervous": ("Oh! You startled me. I'm {}, and",),
    "grumpy": ("Hmph. So you found me. I am {}, and", "What is it now? I'm {}, and"),
    "sleepy": ("Yawn... oh, hello. I am {}, and",),
    "cheerful": ("Hooray, a visitor! I am {}, and",),
    "gloomy": ("Oh. It is you. I am {}, and",),
    "brave": ("Well met, friend! I am {}, and",),
    "knight": ("Well met, traveller! I am {}, and",),
    "wise": ("Welcome, my friend. I am {}, and",),
    "old": ("Welcome, young one. I am {}, and",),
    "sarcastic": ("Oh great, company. I am {}, and",),
    "space": ("Greetings from the stars! I am {}, and",),
}
_HELLO = (
    "Hello there! I am {}, and",
    "Oh, hello! I'm {}, and",
    "Welcome, friend! I am {}, and",
)
_GOINGS = ("I was just about to", "I like to", "I have been", "I know how to")
_INVITATIONS = ("Would you like to", "Do you want to", "Shall we")


def story_parts(reading: Reading, name: str, species: str) -> Sequence[Part]:
    """Four sentences: who it is, how it came to be so, what it does, what it dreams of."""
    she = "she" if reading.she else "he"
    her = "Her" if reading.she else "His"
    beginnings = [
        _first(reading, she, name, species),
        [
            f"When {she} was small, {she} learned to",
            f"Long ago, {she} found",
            f"Once, {she} was given",
        ],
        [f"Every morning, {she}", f"Every night, {she}", f"On quiet days, {she}"],
        [f"One day, {she} hopes to", f"More than anything, {she} wants to", f"{her} dream is to"],
    ]
    return [Part(openings=openings, grammar=_sentence(4, 18)) for openings in beginnings]


def greeting_parts(reading: Reading, name: str) -> Sequence[Part]:
    """A hello in its own voice, and a question."""
    # Only what the companion is, and is like: not what else a description speaks of.
    voices = [*reading.phrase.split(), *reading.species.split()]
    hellos = next((_HELLOS[word] for word in voices if word in _HELLOS), _HELLO)
    return [
        Part(
            openings=[f"{hello.format(name)} {going}" for hello in hellos for going in _GOINGS],
            grammar=_sentence(3, 14),
        ),
        Part(openings=_INVITATIONS, grammar=_sentence(2, 10, "?")),
    ]


def personality_parts(reading: Reading) -> Sequence[Part]:
    """Two sentences: what it is like with others, and by itself."""
    she = "she" if reading.she else "he"
    beginnings = [
        ["{/first_name} is the kind of {/species} that always", f"With friends, {she}"],
        [f"When nobody looks, {she}", f"Deep down, {she}", f"Above all, {she} likes"],
    ]
    return [Part(openings=openings, grammar=_sentence(3, 14)) for openings in beginnings]


def _first(reading: Reading, she: str, name: str, species: str) -> Sequence[str]:
    if not reading.phrase:
        return [f"{name} is {a(reading.species or species)} who"]
    who = f"{name} is {a(reading.phrase)}"
    if not reading.clause:
        return [f"{who} who"]
    return [f"{who}{reading.clause}, and {she}"]


def _sentence(least: int, most: int, end: str = ".") -> str:
    return _SENTENCE.format(least=least, most=most, end=end)
