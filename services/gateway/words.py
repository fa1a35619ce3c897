"""What an agent is found by."""

from hatchery.types.v1.persona_pb2 import Persona


def words_of(persona: Persona, description: str) -> str:
    """The words of a persona and of its sentence, as they are compared with those of a query."""
    look = persona.appearance
    parts = (
        *(persona.name, persona.species, *persona.traits, description),
        *(persona.personality, persona.backstory, persona.age, persona.gender),
        *(look.mood, look.coat, look.eyes, look.outfit, *look.colors, *look.features),
    )
    # Postgres knows no NUL within a text.
    return "\n".join(parts).casefold().replace("\0", " ")


def patterns_of(query: str) -> list[str]:
    """A LIKE pattern for each word of a query."""
    escaped = query.casefold().translate({ord(letter): f"\\{letter}" for letter in "\\%_"})
    return [f"%{word}%" for word in escaped.split()]
