"""A character card as a file: JSON alone, or within a PNG."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass

from services.gateway import png
from services.gateway.cards.document import Document, as_v2, encode, parse
from services.runtime.errors import InvalidField

LARGEST = 16 * 1024 * 1024
# Where a card stands in a PNG: version 3 in the first, version 2 in the second.
_KEYWORDS = ("ccv3", "chara")
# So many of each are tried.
_TRIES = 4
_BLANKS = b" \t\r\n"
# Some programs write base64 as addresses have it.
_PLAIN = bytes.maketrans(b"-_", b"+/")


@dataclass(frozen=True, slots=True)
class Card:
    """What a card says, and the file of its picture, not looked at, where it has one."""

    document: Document
    picture: bytes | None


def read(data: bytes) -> Card:
    """The card in a file. Raises InvalidField."""
    if not data.startswith(png.SIGNATURE):
        return Card(parse(data), None)
    found: Mapping[str, list[bytes]] = {keyword: [] for keyword in _KEYWORDS}
    try:
        for keyword, value in png.texts(data):
            if len(found.get(keyword.lower(), [b""] * _TRIES)) < _TRIES:
                found[keyword.lower()].append(value)
    except png.CutShort as error:
        raise InvalidField({"data": "the PNG is cut short"}) from error
    wrong = InvalidField({"data": "the PNG carries no card, no `ccv3` and no `chara` text"})
    for number, value in enumerate([text for texts in found.values() for text in texts]):
        try:
            return Card(parse(_decode(value)), data)
        except InvalidField as error:
            wrong = wrong if number else error
    raise wrong


def as_png(document: Document, picture: bytes) -> bytes:
    """The picture, a PNG, with the card in it."""
    texts = (encode(document), encode(as_v2(document)))
    carried = {
        keyword: base64.b64encode(text) for keyword, text in zip(_KEYWORDS, texts, strict=True)
    }
    return png.with_texts(picture, carried)


def _decode(value: bytes) -> bytes:
    plain = value.translate(_PLAIN, _BLANKS).rstrip(b"=")
    try:
        return base64.b64decode(plain + b"=" * (-len(plain) % 4), validate=True)
    except binascii.Error as error:
        raise InvalidField({"data": "the card in the PNG is not base64"}) from error
