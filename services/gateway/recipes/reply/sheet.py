"""A companion's sheet in words, and the fields of it that a talk can change. Pure."""

import protovalidate
from hatchery.types.v1.persona_pb2 import Persona

from services.gateway.recipes.reply.fence import clipped

# What a sheet says of whom it describes, with the path of the field.
_PATHS = {
    "name": "name",
    "species": "species",
    "traits": "traits",
    "personality": "personality",
    "backstory": "backstory",
    "greeting": "greeting",
    "age": "age",
    "gender": "gender",
    "coat": "appearance.coat",
    "eyes": "appearance.eyes",
    "outfit": "appearance.outfit",
    "mood": "appearance.mood",
}
FIELDS = tuple(_PATHS)
# What is read of a long field, in bytes.
_READ = 700


def changed(persona: Persona, field: str, value: str) -> Persona:
    """The sheet with another value; traits are parted by commas. Raises ValueError."""
    new = Persona()
    new.CopyFrom(persona)
    path, _, inner = _PATHS[field].partition(".")
    value = " ".join(value.split())
    if field == "traits":
        del new.traits[:]
        new.traits.extend(filter(None, (trait.strip() for trait in value.split(","))))
    elif inner:
        setattr(getattr(new, path), inner, value)
    else:
        setattr(new, path, value)
    try:
        protovalidate.validate(new)
    except protovalidate.ValidationError as error:
        raise ValueError(error.violations[0].proto.message) from error
    return new


def sheet(persona: Persona) -> str:
    """All that it says, a line each."""
    lines = []
    for field, path in _PATHS.items():
        outer, _, inner = path.partition(".")
        value = getattr(persona, outer)
        said = getattr(value, inner) if inner else value
        text = said if isinstance(said, str) else ", ".join(said)
        if text:
            lines.append(f"{field}: {clipped(text, _READ)}")
    return "\n".join(lines)
