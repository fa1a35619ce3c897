"""Cards by other programs' rules: read in each version, and given back as they came."""

import json
from copy import deepcopy
from typing import Any

import pytest
from hatchery.types.v1.persona_pb2 import Appearance, Persona
from hypothesis import given, settings
from hypothesis import strategies as st

from services.gateway.cards.card import as_png, read
from services.gateway.cards.document import LONGEST, encode, parse
from services.gateway.cards.persona import card_of, description_of, persona_of, with_persona
from services.runtime.errors import InvalidField
from tests.support import cards

MARISOL = Persona(
    name="Marisol",
    species="water dragon",
    traits=["shy", "bookish"],
    backstory="She keeps the last library under the lake.",
    greeting="Oh! You can read?",
    appearance=Appearance(coat="sea-green scales", eyes="amber eyes", features=["wings"]),
)


@pytest.mark.parametrize("card", [cards.v1(), cards.v2(), cards.v3()], ids=["v1", "v2", "v3"])
def test_each_version_is_read(card: dict[str, Any]) -> None:
    """Names stand where their placeholders stood, a list of words is traits, markup is text."""
    persona = persona_of(parse(cards.as_json(card)))
    assert "Seraphina" == persona.name
    assert ["caring", "protective", "compassionate"] == list(persona.traits)
    assert "guards the glade. <b>Pink hair</b>.\nShe knows you." in persona.backstory
    called = card.get("data", {}).get("nickname", "Seraphina")
    assert f'*She smiles.* "Good morning, you. I am {called}."' == persona.greeting


@pytest.mark.parametrize("card", [cards.v2(), cards.v3()], ids=["v2", "v3"])
def test_whatever_a_card_says_is_given_back(card: dict[str, Any]) -> None:
    """Every field, known or not, at the top, in the data and in extensions."""
    document = parse(cards.as_json(card))
    again = parse(encode(with_persona(document, persona_of(document), persona_of(document))))
    assert document == again
    for name, value in card["data"].items():
        assert value == again["data"][name]
    for name in card.keys() - {"spec", "spec_version", "data"}:
        assert card[name] == again[name]


def test_only_what_was_changed_changes() -> None:
    """A new name leaves the description, with its placeholders, as its author wrote it.

    Programs that read version 1 alone see the new one as well.
    """
    document = parse(cards.as_json(cards.v2()))
    before, persona = persona_of(document), persona_of(document)
    persona.name, persona.greeting, persona.species = "Sera", "Hello again", "dryad"
    persona.traits.append("sleepy")
    changed = with_persona(document, before, persona)
    assert ("Sera", "Hello again") == (changed["data"]["name"], changed["data"]["first_mes"])
    assert ("Sera", "Hello again") == (changed["name"], changed["first_mes"])
    same = changed["data"].keys() - {"name", "first_mes", "extensions", "personality"}
    assert {name: document["data"][name] for name in same} == {
        name: changed["data"][name] for name in same
    }
    kept = deepcopy(changed["data"]["extensions"])
    del kept["hatchery"]
    assert document["data"]["extensions"] == kept
    assert persona == persona_of(parse(encode(changed)))


def test_a_companion_of_ours_comes_back_whole() -> None:
    """As JSON and in a PNG, with its species and its looks, which no version has a field for."""
    document = card_of(MARISOL, "a shy water dragon who loves books")
    png = as_png(document, cards.as_png([]))
    told = cards.told(png)
    assert ["chara_card_v2", "chara_card_v3"] == [told[k]["spec"] for k in ("chara", "ccv3")]
    assert "sea-green scales" in told["chara"]["data"]["description"]
    for data in (png, encode(document)):
        read_again = read(data).document
        assert MARISOL == persona_of(read_again)
        assert "a shy water dragon who loves books" == description_of(read_again, MARISOL)


def test_what_another_program_changed_counts() -> None:
    """The greeting that was written elsewhere is taken, and the rest is still ours."""
    document = card_of(MARISOL, "")
    document["data"]["first_mes"] = "Hush."
    expected = Persona()
    expected.CopyFrom(MARISOL)
    expected.greeting = "Hush."
    assert expected == persona_of(document)


def test_a_persona_of_ours_that_breaks_its_rules_is_not_taken() -> None:
    """Whoever wrote it: the plain fields of the card are."""
    long, half = {"name": "x" * 201}, {"name": "\ud800"}
    for wrong in (long, half, {"traits": 7}, {"appearance": "big"}, []):
        document = card_of(MARISOL, "")
        document["data"]["extensions"]["hatchery"]["persona"] = wrong
        assert "Marisol" == persona_of(document).name
        assert not persona_of(document).species


def test_a_png_is_searched_for_every_text() -> None:
    """The newer version is taken, wherever it stands; one that is broken gives way to another."""
    old, new = {"spec": "chara_card_v2", "data": {"name": "Old"}}, cards.v3()
    comment = ("Comment", b"chara")
    both = [comment, ("Chara", cards.packed(old)), comment, ("CCV3", cards.packed(new)), comment]
    assert "Seraphina" == persona_of(read(cards.as_png(both)).document).name
    broken = [("ccv3", b"%%%"), ("ccv3", cards.packed([])), ("chara", cards.packed(old))]
    assert "Old" == persona_of(read(cards.as_png(broken)).document).name


def test_a_picture_keeps_its_own_texts_and_one_card() -> None:
    """What the picture carried before of cards is gone, and its comment stays."""
    before = cards.as_png([("Comment", b"kept"), ("chara", b"old"), ("CCV3", b"old")])
    after = as_png(card_of(MARISOL, ""), before)
    assert 1 == after.count(b"tEXtComment\0kept")
    assert (1, 1) == (after.count(b"tEXtchara\0"), after.lower().count(b"textccv3\0"))
    assert "Marisol" == cards.told(after)["ccv3"]["data"]["name"]


_HOSTILE = {
    "nothing": b"",
    "a picture without a card": cards.as_png([]),
    "a PNG cut short": cards.as_png([("chara", cards.packed(cards.v2()))])[:-30],
    "a chunk longer than the file": b"\x89PNG\r\n\x1a\n\xff\xff\xff\xfftEXtchara\0",
    "broken base64": cards.as_png([("chara", b"e30=e30=!")]),
    "no JSON": b"<script>",
    "not UTF-8": b'{"name": "\xff"}',
    "a list": b"[]",
    "deeper than the stack": b"[" * 100_000,
    "a number without an end": b'{"name": "x", "n": ' + b"9" * 10_000 + b"}",
    "no number": b'{"name": "x", "description": "", "n": NaN}',
    "more than a number": b'{"name": "x", "description": "", "n": 1e999}',
    "deeper than it can be written": b'{"name": "x", "description": "", "n": '
    + b"[" * 150
    + b"]" * 150
    + b"}",
    "a package of something": b'{"name": "x", "version": "1"}',
    "something else's JSON": b'{"entries": {}}',
    "another spec": b'{"spec": "lorebook_v3", "data": {"name": "x"}}',
    "a name that is none": b'{"spec": "chara_card_v3", "data": {"name": {"a": 1}}}',
    "too much of it": b'{"name": "' + b"x" * LONGEST + b'"}',
}


@pytest.mark.parametrize("data", _HOSTILE.values(), ids=_HOSTILE)
def test_what_is_no_card_is_refused(data: bytes) -> None:
    """With the field's name and in words, never with an exception's."""
    with pytest.raises(InvalidField) as refused:
        read(data)
    assert ["data"] == list(refused.value.fields)


def test_megabytes_of_text_are_kept_and_not_shown() -> None:
    """A persona takes what it has room for; the card has the rest."""
    card = {"name": "x\u202e" * 500, "description": "w" * 10**6, "first_mes": "\0\x1b[2J" * 10**5}
    document = parse(cards.as_json(card))
    persona = persona_of(document)
    assert (200, 8000) == (len(persona.name), len(persona.backstory))
    assert persona.greeting.startswith("[2J[2J")
    assert len(persona.greeting) <= 2000
    changed = Persona()
    changed.CopyFrom(persona)
    changed.backstory = f"Once. {persona.backstory}"
    told = with_persona(document, persona, changed)["data"]
    assert card["first_mes"] == told["first_mes"]
    assert f"Once. {card['description']}" == told["description"]


def test_what_a_program_left_out_or_wrote_in_its_own_way_is_taken() -> None:
    """No extensions as a list, tags as null, a version as a number: as it is met."""
    data = {"name": " ", "extensions": [], "tags": None, "character_version": 2}
    data["personality"] = "A b."
    document = parse(cards.as_json({"spec": "chara_card_v2", "data": data}))
    before, persona = persona_of(document), persona_of(document)
    assert ("Nameless", "A b.", []) == (persona.name, persona.personality, list(persona.traits))
    persona.species = "owl"
    changed = with_persona(document, before, persona)
    assert persona == persona_of(changed)
    assert 2 == changed["data"]["character_version"]


_texts = st.text(st.characters(), max_size=60)
_numbers = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
_json = st.recursive(
    st.none() | st.booleans() | _numbers | _texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_texts, inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.sampled_from([*cards.DATA, "x", ""]), _json))
def test_any_json_is_a_card_or_refused(data: dict[str, Any]) -> None:
    """And a card that is taken is given back, up to what was not said."""
    try:
        document = parse(json.dumps({"spec": "chara_card_v3", "data": data}).encode())
    except InvalidField:
        return
    persona_of(document).SerializeToString()
    assert description_of(document, persona_of(document))
    assert document == parse(encode(document))
    said = {name: value for name, value in data.items() if value is not None}
    assert said == {name: document["data"][name] for name in said}


@settings(max_examples=100, deadline=None)
@given(
    st.builds(
        Persona,
        name=st.text(min_size=1, max_size=20),
        species=st.text(max_size=20),
        traits=st.lists(st.text(max_size=10), max_size=3),
        backstory=st.text(max_size=40),
        greeting=st.text(max_size=40),
        personality=st.text(max_size=40),
    )
)
def test_any_persona_comes_back_whole(persona: Persona) -> None:
    """Out of a card of ours, whatever its words are."""
    assert persona == persona_of(parse(encode(card_of(persona, "x"))))


@pytest.mark.parametrize("piece", ["<bot>", ",", "{{user}}", "\n", "\ud800", " "])
def test_no_text_takes_long(piece: str) -> None:
    """Only what there is room for is looked at: a card is read in its time, not in its own."""
    texts = dict.fromkeys(("description", "personality", "first_mes"), piece * 100_000)
    document = parse(json.dumps({"name": "N" * 5000} | texts).encode())
    persona = persona_of(document)
    assert len(persona.backstory) <= 8000
    assert len(description_of(document, persona)) <= 2000


def test_what_another_program_appended_is_the_story_and_our_lines_are_not() -> None:
    """Also where it ends its lines in another way."""
    document = card_of(MARISOL, "")
    data = document["data"]
    data["description"] = data["description"].replace("\n", "\r\n")
    assert MARISOL == persona_of(document)
    data["description"] += "\r\nShe owns a bell."
    assert f"{MARISOL.backstory}\nShe owns a bell." == persona_of(document).backstory


def test_letters_without_blanks_have_a_beginning_too() -> None:
    """Cut where it has to be."""
    document = parse(cards.as_json({"name": "森", "description": "森" * 500}))
    assert "森" * 300 + " …" == description_of(document, persona_of(document))


def test_base64_of_every_kind_is_read() -> None:
    """As addresses have it, in lines, and without its padding."""
    packed = cards.packed(cards.v2())
    for value in (packed.rstrip(b"="), packed.translate(bytes.maketrans(b"+/", b"-_"))):
        lines = b"\r\n".join(value[at : at + 76] for at in range(0, len(value), 76))
        assert "Seraphina" == persona_of(read(cards.as_png([("chara", lines)])).document).name
