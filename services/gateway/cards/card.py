"""A character card as a file: JSON alone, or within a PNG."""

import base64
import binascii
from dataclasses import dataclass

from services.gateway.cards import png
from services.gateway.cards.document import Document, as_v2, encode, parse
from services.runtime.errors import InvalidField

LARGEST = 16 * 1024 * 1024
# Where a card stands in a PNG: version 3 in the first, version 2 in the second.
_KEYWORDS = ("ccv3", "chara")


@dataclass(frozen=True, slots=True)
class Card:
    """What a card says, and the file of its picture, not looked at, where it has one."""

    document: Document
    picture: bytes | None


def read(data: bytes) -> Card:
    """The card in a file. Raises InvalidField."""
    if not data.startswith(png.SIGNATURE):
        return Card(parse(data), None)
    found = sorted(
        (
            (_KEYWORDS.index(keyword.lower()), value)
            for keyword, value in png.texts(data)
            if keyword.lower() in _KEYWORDS
        ),
        key=lambda text: text[0],
    )
    if not found:
        raise InvalidField({"data": "the PNG carries no card, no `ccv3` and no `chara` text"})
    wrong: InvalidField | None = None
    for _, value in found:
        try:
            return Card(parse(_decode(value)), data)
        except InvalidField as error:
            wrong = wrong or error
    assert wrong is not None
    raise wrong


def as_png(document: Document, picture: bytes) -> bytes:
    """The picture, a PNG, with the card in it."""
    texts = (encode(document), encode(as_v2(document)))
    carried = {
        keyword: base64.b64encode(text) for keyword, text in zip(_KEYWORDS, texts, strict=True)
    }
    return png.with_texts(picture, carried)


def _decode(value: bytes) -> bytes:
    try:
        return base64.b64decode(b"".join(value.split()), validate=True)
    except binascii.Error as error:
        raise InvalidField({"data": "the card in the PNG is not base64"}) from error
