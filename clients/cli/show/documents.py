"""Documents of recipes, as JSON in which no letter is a command to a terminal."""

import json
import unicodedata
from typing import Any

from google.protobuf.json_format import MessageToDict
from google.protobuf.struct_pb2 import Struct


def as_json(document: Struct, indent: int | None = None) -> str:
    """Return it with its whole numbers as such, in letters or in escapes that mean them."""
    told = json.loads(json.dumps(MessageToDict(document)), parse_float=_number)
    return "".join(map(_harmless, json.dumps(told, ensure_ascii=False, indent=indent)))


def _number(text: str) -> Any:
    value = float(text)  # in a Struct, every number has a fraction
    return int(value) if value.is_integer() else value


def _harmless(letter: str) -> str:
    if letter != "\n" and unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Zl", "Zp"):
        return json.dumps(letter)[1:-1]
    return letter
