"""A persona out of a character card, and back into it without touching anything else.

A card that was written here carries its persona whole, in `data.extensions.hatchery`. Where
another program has changed a field since, the field counts.
"""

import re
import unicodedata
from copy import deepcopy
from typing import Any

import protovalidate
from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.json_format import MessageToDict, ParseDict, ParseError
from hatchery.types.v1.persona_pb2 import Persona

from services.gateway.cards.document import Document, fresh

_EXTENSION = "hatchery"
_NAMELESS = "Nameless"
# Bounds of Persona, in characters.
_NAME, _LONG, _GREETING, _TRAITS, _TRAIT = 200, 8000, 2000, 20, 40
# The name of the character and of who talks to it, as other programs write them.
_CHARACTER = re.compile(r"\{\{char\}\}|<char>|<bot>", re.IGNORECASE)
_PERSON = re.compile(r"\{\{user\}\}|<user>", re.IGNORECASE)
_BEGINNING = 300
# What each field of a card tells of a persona.
_TOLD_BY = {
    "name": ["name"],
    "description": ["backstory"],
    "personality": ["traits", "personality"],
    "first_mes": ["greeting"],
}


def persona_of(document: Document) -> Persona:
    """Who the card tells of."""
    data = document["data"]
    name = _line(data["name"])[:_NAME] or _NAMELESS
    traits = _traits(data["personality"])
    told = Persona(
        name=name,
        traits=traits,
        personality="" if traits else _text(data["personality"], name)[:_LONG],
        backstory=_text(data["description"], name)[:_LONG],
        greeting=_text(data["first_mes"], name)[:_GREETING],
    )
    ours = _ours(document)
    if ours is None:
        return told
    changed = [field for field, text in _fields(ours).items() if data[field] != text]
    mask = FieldMask(paths=[name for field in changed for name in _TOLD_BY[field]])
    mask.MergeMessage(told, ours, replace_repeated_field=True)
    return ours


def description_of(document: Document) -> str:
    """What stands for the sentence that it began with: that sentence, or how the card begins."""
    sentence = _extension(document).get("description")
    if isinstance(sentence, str) and (line := _line(sentence)):
        return line[:2000]
    persona = persona_of(document)
    line = _line(persona.backstory) or persona.personality
    if len(line) > _BEGINNING:
        line = line[:_BEGINNING].rpartition(" ")[0] + " …"
    return line or persona.name


def card_of(persona: Persona, description: str) -> Document:
    """A new card."""
    return fresh(
        {
            **_fields(persona),
            "creator_notes": description,
            "tags": [tag for tag in (persona.species, *persona.traits) if tag],
            "extensions": {
                _EXTENSION: {"persona": MessageToDict(persona), "description": description}
            },
        }
    )


def with_persona(document: Document, persona: Persona) -> Document:
    """The card with what was changed of its persona since it came, and all else as it was."""
    before = persona_of(document)
    if persona == before:
        return document
    ours = _ours(document)
    written = _fields(ours) if ours else {}
    now, plain = _fields(persona), _plain(persona)
    changed = deepcopy(document)
    data = changed["data"]
    for field, was in _plain(before).items():
        if data[field] == written.get(field):
            data[field] = now[field]
        elif was != plain[field]:
            data[field] = plain[field]
    if not isinstance(data["extensions"], dict):
        data["extensions"] = {}
    data["extensions"][_EXTENSION] = {**_extension(document), "persona": MessageToDict(persona)}
    return changed


def _fields(persona: Persona) -> dict[str, str]:
    """What a card of ours says of a persona, in the fields that every program reads."""
    look = persona.appearance
    said = ", ".join(part for part in (look.coat, look.eyes, look.outfit, *look.features) if part)
    return {
        **_plain(persona),
        "description": "\n".join(
            part
            for part in (
                persona.backstory,
                persona.species and f"Species: {persona.species}",
                said and f"Appearance: {said}",
            )
            if part
        ),
    }


def _plain(persona: Persona) -> dict[str, str]:
    """The fields of a card, as far as each tells the same as one of the persona."""
    return {
        "name": persona.name,
        "description": persona.backstory,
        "personality": persona.personality or ", ".join(persona.traits),
        "first_mes": persona.greeting,
    }


def _ours(document: Document) -> Persona | None:
    """The persona that we put into the card, if we did and it is whole."""
    kept = _extension(document).get("persona")
    if not isinstance(kept, dict):
        return None
    try:
        persona = ParseDict(kept, Persona(), ignore_unknown_fields=True)
    except (ParseError, ValueError):
        return None
    return None if protovalidate.collect_violations(persona) else persona


def _extension(document: Document) -> dict[str, Any]:
    """What we put into the card; some programs write `[]` where there are no extensions."""
    extensions = document["data"]["extensions"]
    kept = extensions.get(_EXTENSION) if isinstance(extensions, dict) else None
    return kept if isinstance(kept, dict) else {}


def _traits(personality: str) -> list[str]:
    """The words of a personality that is but a list of words."""
    parts = [_line(part) for part in personality.split(",")]
    short = 1 < len(parts) <= _TRAITS and all(0 < len(part) <= _TRAIT for part in parts)
    return parts if short else []


def _text(text: str, name: str) -> str:
    """Text as it is read: with names in the place of what stands for them, and nothing unseen."""
    named = _PERSON.sub("you", _CHARACTER.sub(lambda _: name, text))
    return "".join(c for c in _whole(named) if c in "\n\t" or unicodedata.category(c) != "Cc")


def _line(text: str) -> str:
    return " ".join(_text(text, "").split())


def _whole(text: str) -> str:
    """Text without halves of letters, which JSON can write and nothing else can read."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
