"""A request in the words that image models understand: the subject first, the style last."""

from collections.abc import Iterable

from services.avatar.port import PortraitRequest

# Text encoders read some 300 words; what is beyond is lost, and the style should not be.
MAX_DESCRIPTION = 1200
FRAMING = "Character portrait, head and shoulders, centred, looking at the viewer"
STYLE = "soft light, plain background, detailed illustration"


def image_prompt(request: PortraitRequest) -> str:
    """The prompt for a portrait: who it is, how it looks, what was said of it, and the style."""
    look = request.appearance
    mood, species = look.mood.strip(), look.species.strip()
    subject = " ".join(part for part in (mood, species) if part)
    sentences = [
        f"Portrait of a {subject}" if subject else "",
        _listed("with ", (look.coat, look.eyes, *look.features)),
        _listed("wearing ", (look.outfit,)),
        _listed("in the colours ", look.colors),
    ]
    described = ", ".join(sentence for sentence in sentences if sentence)
    words = " ".join(request.prompt.split())[:MAX_DESCRIPTION]
    style = " ".join(request.style.split()) or STYLE
    drawn = f"{FRAMING}, {style.rstrip('.')}, no text."
    return " ".join(_sentence(part) for part in (described, words, drawn) if part)


def _listed(opening: str, parts: Iterable[str]) -> str:
    kept = [part.strip() for part in parts if part.strip()]
    return opening + ", ".join(kept) if kept else ""


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."
