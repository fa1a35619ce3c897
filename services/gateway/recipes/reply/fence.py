"""Text from elsewhere between tags, which it can neither open nor close. Pure."""

import re

from hatchery.types.v1.persona_pb2 import Persona

_TAGS = ("sheet", "earlier", "memories", "done")
_OPENS = re.compile(rf"<(?=[\s/]*(?:{'|'.join(_TAGS)})\b)", re.IGNORECASE)
# A name stands where no tag can hold it: it is one line and no essay.
_LONGEST_NAME = 60


def fenced(tag: str, text: str) -> str:
    """The text between its tags; what would be one of them within it is none any more."""
    assert tag in _TAGS
    return f"<{tag}>\n{inert(text)}\n</{tag}>"


def inert(text: str) -> str:
    """The text without what reads like a tag of ours."""
    return _OPENS.sub("‹", text)


def clipped(text: str, size: int) -> str:
    """As much of the text as fits into so many bytes."""
    encoded = text.encode()
    return text if len(encoded) <= size else encoded[:size].decode(errors="ignore")


def called(persona: Persona) -> str:
    """The name, as it stands in the middle of an instruction."""
    return inert(" ".join(persona.name.split())[:_LONGEST_NAME].strip()) or "the companion"
