"""What the illustrator understands of a description."""

import pytest

from services.avatar.engines.sketch.brief import Brief, Thing
from services.avatar.engines.sketch.colour import mix
from services.avatar.engines.sketch.mood import EXPRESSIONS
from services.avatar.engines.sketch.places import PLACES
from services.avatar.engines.sketch.read import read
from services.avatar.engines.sketch.things.hats import hat
from services.avatar.engines.sketch.things.held import held
from services.avatar.engines.sketch.words.colours import COLOURS, colour_of
from services.avatar.engines.sketch.words.moods import mood_words
from services.avatar.engines.sketch.words.nouns import species_emoji, species_words
from services.avatar.engines.sketch.words.places import implied_places, place_words
from services.avatar.engines.sketch.words.slots import slots
from services.avatar.engines.sketch.words.species import SPECIES
from services.avatar.engines.sketch.words.things import HATS, PAIRS, thing_words
from services.avatar.engines.sketch.words.trades import TRADES
from services.avatar.port import Appearance, PortraitRequest


def understood(prompt: str, looks: Appearance | None = None) -> Brief:
    """What is read from a prompt and an appearance."""
    return read(PortraitRequest(prompt=prompt, appearance=looks or Appearance()))


@pytest.mark.parametrize(
    ("prompt", "species"),
    [
        ("a shy red dragon who loves books", "dragon"),
        ("Dragons!", "dragon"),
        ("a wolf girl", "wolf"),
        ("a knight fox", "fox"),
        ("two polar bears", "polar bear"),
        ("a girl riding a dragon", "human"),
        ("a witch with a black cat", "human"),
        ("a cloud dragon", "dragon"),
        ("a blue flame spirit", "flame"),
        ("Meet Robin, a small turtle", "turtle"),
        ("portrait of Ember, a tiny robot", "robot"),
        ("an old lighthouse keeper who is a walrus", "seal"),
        ("🐉", "dragon"),
        ("my 🐱 wizard", "cat"),
        ("🐻‍❄️", "polar bear"),
        ("🐦‍🔥 rising", "phoenix"),
        ("🐉🔥", "dragon"),
        ("🔥", "flame"),
        ("un gato negro", "cat"),
        ("一只勇敢的龙", "dragon"),
        ("ein kleiner Drache", "dragon"),
        ("", "critter"),
        ("qwrtz plfgh", "critter"),
        ("<svg><script>alert(1)</script></svg>" * 300, "critter"),
    ],
)
def test_the_species_is_that_of_the_subject(prompt: str, species: str) -> None:
    """A sentence is about whom it names first; emoji and other languages are read too."""
    assert understood(prompt).species == species


def test_the_sentence_counts_before_the_appearance() -> None:
    """A species in the prompt wins; the appearance fills in what the prompt leaves open."""
    looks = Appearance(species="owl", eyes="green eyes", mood="grumpy", colors=("blue",))
    assert understood("a fox", looks).species == "fox"
    filled = understood("somebody to talk to", looks)
    assert (filled.species, filled.mood) == ("owl", "grumpy")
    assert filled.eyes == understood("a cat with green eyes").eyes
    assert filled.coat == understood("a blue cat").coat


@pytest.mark.parametrize(
    ("prompt", "told", "species"),
    [
        ("🐱🐉", "cat", "cat"),
        ("a frog wizard", "wizard", "frog"),
        ("a wolf girl", "girl", "wolf"),
        ("a girl with a dragon", "dragon", "human"),
        ("somebody who talks to frogs", "owl", "owl"),
        ("a little creature", "fox", "fox"),
        ("a pirate", "parrot", "parrot"),
        ("somebody who talks to frogs", "qwrtz", "frog"),
    ],
)
def test_the_persona_is_drawn_unless_the_sentence_begins_with_another(
    prompt: str, told: str, species: str
) -> None:
    """Its species chooses among equals, and comes before whom the sentence only speaks of."""
    assert understood(prompt, Appearance(species=told)).species == species


@pytest.mark.parametrize(
    ("prompt", "mood"),
    [
        ("a shy dragon", "shy"),
        ("the grumpiest, grumpy toad", "grumpy"),
        ("a fiery phoenix", "fierce"),
        ("a sleepy cat", "sleepy"),
        ("a brave mouse", "brave"),
        ("not shy but brave", "brave"),
        ("a mouse", ""),
    ],
)
def test_the_mood_is_read(prompt: str, mood: str) -> None:
    """The first mood word counts, unless it is denied."""
    assert understood(prompt).mood == mood


@pytest.mark.parametrize(
    ("prompt", "place", "implied"),
    [
        ("a fox in the forest", "forest", False),
        ("a frog prince on his lily pad", "pond", False),
        ("a frog prince", "castle", True),
        ("a whale in the deep sea", "sea", False),
        ("a cloud over the meadow", "meadow", False),
        ("a pig", "", True),
        ("a fox with sandy fur in the forest", "forest", False),
        ("an owl with coral feathers", "", True),
        ("a midnight-blue cat", "", True),
    ],
)
def test_the_place_is_read(prompt: str, place: str, implied: bool) -> None:
    """A place that is named counts before one that a trade suggests; the subject is no place."""
    brief = understood(prompt)
    assert (brief.place, brief.place_implied) == (place, implied)


def test_a_colour_belongs_to_the_noun_behind_it() -> None:
    """Coat, eyes and things each keep their own colour."""
    brief = understood("a red dragon with green eyes and a blue scarf")
    assert (brief.coat, brief.eyes) == (("#d8493f",), "#66a856")
    assert brief.things == (Thing("scarf", "#4f86c6"),)


def test_a_coat_is_no_place() -> None:
    """How the coat and the eyes look does not say where somebody is."""
    looks = Appearance(coat="starry midnight fur", eyes="sandy eyes", colors=("sandy", "neon"))
    brief = understood("a cat", looks)
    assert (brief.place, brief.place_implied) == ("", True)


@pytest.mark.parametrize(
    "prompt", ["sea-green scales", "sea green scales", "green and sea-green scales"]
)
def test_a_compound_colour_is_its_own(prompt: str) -> None:
    """With or without its hyphen, and no sea comes of it."""
    brief = understood(f"a dragon with {prompt}")
    assert (brief.coat[-1], brief.place) == (COLOURS["sea-green"], "")


def test_an_unknown_shade_is_as_good_as_its_colour() -> None:
    """Between two colours it lies between them; "green-eyed" is no colour of a coat."""
    assert colour_of("toad-green") == COLOURS["green"]
    assert colour_of("blue-green") == mix(COLOURS["blue"], COLOURS["green"], 0.5)
    assert colour_of("green-eyed") == ""
    assert understood("a green-eyed black-and-white cat").eyes == COLOURS["green"]
    assert understood("a black-and-white cat").coat == (COLOURS["black"], COLOURS["white"])


@pytest.mark.parametrize(
    ("prompt", "count"),
    [
        ("a three-eyed alien", 3),
        ("a cat with three big green eyes", 3),
        ("a frog with a third eye", 3),
        ("a four-eyed robot", 4),
        ("three mice, with green eyes", 0),
        ("a cat", 0),
    ],
)
def test_eyes_are_counted(prompt: str, count: int) -> None:
    """Where the text says how many there are."""
    assert understood(prompt).eye_count == count


@pytest.mark.parametrize(
    ("prompt", "names"),
    [
        ("a mouse in a coat of mail", ["chain_mail"]),
        ("a cat in chain mail", ["chain_mail"]),
        ("a dog with a mailbag, who brings the mail", ["letter"]),
    ],
)
def test_mail_is_armour_or_letters(prompt: str, names: list[str]) -> None:
    """By the words around it."""
    assert [thing.name for thing in understood(prompt).things] == names


def test_a_hat_is_as_it_is_described() -> None:
    """Its sort, its colour, its cut and its pattern."""
    green, white = COLOURS["green"], COLOURS["white"]
    striped = frozenset({"tall", "striped"})
    assert understood("a bear in a woollen green hat").things == (Thing("woolly_hat", green),)
    assert understood("a cat in a tall striped white hat").things == (
        Thing("hat", white, looks=striped),
    )
    assert understood("a dog with a purple cap").coat == ()
    assert understood("a mushroom with a red cap").coat == (COLOURS["red"],)


def test_the_pattern_of_clothes_is_not_that_of_the_coat() -> None:
    """A striped scarf makes no striped cat, a striped coat does."""
    assert [t.name for t in understood("a cat with a striped red scarf").things] == ["scarf"]
    assert understood("a cat in a striped jersey").things == ()
    assert understood("a striped cat").things == (Thing("stripes"),)


def test_an_emoji_beside_the_subject_gives_features() -> None:
    """A dragon with a flame breathes fire."""
    assert understood("🐉🔥").things == (Thing("fire_breath"),)


def test_a_trade_brings_its_things() -> None:
    """They are implied, so that a thing which the text names comes first."""
    brief = understood("a crab musician with a violin")
    assert brief.things == (
        Thing("violin"),
        Thing("guitar", implied=True),
        Thing("music", implied=True),
    )


def test_what_is_denied_is_not_drawn() -> None:
    """`no hat` is no hat."""
    assert understood("a dog without glasses and with no hat").things == ()


def test_every_word_of_the_tables_leads_to_a_drawing() -> None:
    """No table names a species, mood, place or thing that nobody can draw."""
    slot = slots()
    drawn = {thing for things in slot.values() for thing in things} | {"hat", "space_helmet"}
    named = {*thing_words().values(), *PAIRS.values(), *HATS.values()}
    named |= {thing for brought in TRADES.values() for thing in brought.split()}
    assert named - drawn == set()
    assert {name for name in slot["hat"] if not hat(name, "")} == set()
    assert {name for name in slot["hand"] if not held(name, "")} == set()
    assert {*species_words().values(), *species_emoji().values()} == set(SPECIES)
    assert set(mood_words().values()) - set(EXPRESSIONS) == set()
    homes = {home for species in SPECIES.values() for home in species.home}
    assert {*place_words().values(), *implied_places().values(), *homes} - set(PLACES) == set()
