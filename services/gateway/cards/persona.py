"""A persona out of a character card, and back into it without touching anything else.

A card that was written here carries its persona whole, in `data.extensions.hatchery`, with a
digest of each field that tells of it: what another program has changed since counts.
"""

import hashlib
import re
import unicodedata
from typing import Any

import protovalidate
from google.protobuf.field_mask_pb2 import FieldMask
from google.protobuf.json_format import MessageToDict, ParseDict, ParseError
from hatchery.types.v1.persona_pb2 import Persona

from services.gateway.cards.document import READ, Document, fresh

_EXTENSION = "hatchery"
_NAMELESS = "Nameless"
# Bounds of Persona, in characters.
_NAME, _LONG, _GREETING, _TRAITS, _TRAIT = 200, 8000, 2000, 20, 40
# The name of the character and of who talks to it, as other programs write them.
_CHARACTER = re.compile(r"\{\{char\}\}|<char>|<bot>", re.IGNORECASE)
_PERSON = re.compile(r"\{\{user\}\}|<user>", re.IGNORECASE)
_BEGINNING, _SENTENCE = 300, 2000
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
    name = _called(data)
    ours = _ours(document)
    description = data["description"][: 4 * _LONG]
    if ours is not None:
        # Lines of ours that stand as we wrote them are not part of the story.
        added = _looks(ours)
        lines = description.splitlines()
        description = "\n".join(line for line in lines if line not in added)
    traits = _traits(data["personality"])
    told = Persona(
        name=_line(data["name"][: 4 * _NAME])[:_NAME] or _NAMELESS,
        traits=traits,
        personality="" if traits else _text(data["personality"][: 4 * _LONG], name)[:_LONG],
        backstory=_text(description, name)[:_LONG],
        greeting=_text(data["first_mes"][: 4 * _GREETING], name)[:_GREETING],
    )
    if ours is None:
        return told
    written = _extension(document).get("written")
    changed = [
        field
        for field in READ
        if not isinstance(written, dict) or written.get(field) != _digest(data[field])
    ]
    mask = FieldMask(paths=[name for field in changed for name in _TOLD_BY[field]])
    mask.MergeMessage(told, ours, replace_repeated_field=True)
    return ours


def description_of(document: Document, persona: Persona) -> str:
    """What stands for the sentence that it began with: that sentence, or how the card begins."""
    sentence = _extension(document).get("description")
    if isinstance(sentence, str) and (line := _line(sentence[: 4 * _SENTENCE])):
        return line[:_SENTENCE]
    line = _line(persona.backstory or persona.personality) or persona.name
    if len(line) > _BEGINNING:
        begin = line[:_BEGINNING]
        line = (begin.rpartition(" ")[0] or begin) + " …"
    return line


def card_of(persona: Persona, description: str) -> Document:
    """A new card."""
    said = {**_plain(persona), "description": "\n".join([persona.backstory, *_looks(persona)])}
    document = fresh(
        {
            **said,
            "creator_notes": description,
            "tags": [tag for tag in (persona.species, *persona.traits) if tag],
            "extensions": {_EXTENSION: {"description": description}},
        }
    )
    return _signed(document, persona)


def with_persona(document: Document, before: Persona, persona: Persona) -> Document:
    """The card with what was changed of its persona, and all else as it was.

    `before` is what `persona_of` told of it when it came.
    """
    if persona == before:
        return document
    data = dict(document["data"])
    changed = {**document, "data": data}
    was, now = _plain(before), _plain(persona)
    for field in READ:
        if was[field] == now[field]:
            continue
        # What there was no room for here was not changed either.
        whole = _text(data[field], _called(data))
        rest = whole[len(was[field]) :] if whole.startswith(was[field]) else ""
        data[field] = now[field] + rest
        if isinstance(document.get(field), str):
            # For programs that read version 1 only.
            changed[field] = data[field]
    return _signed(changed, persona)


def _signed(document: Document, persona: Persona) -> Document:
    """The card with the whole persona in it, and how to tell what was changed since."""
    data = document["data"]
    extensions = data["extensions"] if isinstance(data["extensions"], dict) else {}
    ours = {
        **_extension(document),
        "persona": MessageToDict(persona),
        "written": {field: _digest(data[field]) for field in READ},
    }
    return {**document, "data": {**data, "extensions": {**extensions, _EXTENSION: ours}}}


def _looks(persona: Persona) -> list[str]:
    """What a card of ours says of a persona beside its story, for programs that read no more."""
    look = persona.appearance
    said = ", ".join(part for part in (look.coat, look.eyes, look.outfit, *look.features) if part)
    told = {
        "Species": persona.species,
        "Age": persona.age,
        "Gender": persona.gender,
        "Appearance": said,
    }
    return [f"{label}: {text}" for label, text in told.items() if text]


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
    whole = persona.name and not protovalidate.collect_violations(persona)
    return persona if whole else None


def _extension(document: Document) -> dict[str, Any]:
    """What we put into the card; some programs write `[]` where there are no extensions."""
    extensions = document["data"]["extensions"]
    kept = extensions.get(_EXTENSION) if isinstance(extensions, dict) else None
    return kept if isinstance(kept, dict) else {}


def _digest(text: str) -> str:
    """Tells whether a text is still the same, however its lines end."""
    plain = "\n".join(text.splitlines()).strip()
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _called(data: Document) -> str:
    """What stands where a card names its character: its nickname, or its name."""
    nickname = data.get("nickname")
    given = nickname if isinstance(nickname, str) and nickname.strip() else data["name"]
    return _line(given[: 4 * _NAME])[:_NAME] or _NAMELESS


def _traits(personality: str) -> list[str]:
    """The words of a personality that is but a list of words."""
    if not 0 < personality.count(",") < _TRAITS or len(personality) > _TRAITS * (_TRAIT + 2):
        return []
    parts = [_line(part) for part in personality.split(",")]
    return parts if all(0 < len(part) <= _TRAIT for part in parts) else []


def _text(text: str, name: str) -> str:
    """Text as it is read: with names in the place of what stands for them, and nothing unseen."""
    lines = "\n".join(_whole(text).splitlines())
    named = _PERSON.sub("you", _CHARACTER.sub(lambda _: name, lines))
    return "".join(c for c in named if c in "\n\t" or unicodedata.category(c) != "Cc")


def _line(text: str) -> str:
    return " ".join(_text(text, "").split())


def _whole(text: str) -> str:
    """Text without halves of letters, which JSON can write and nothing else can read."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
