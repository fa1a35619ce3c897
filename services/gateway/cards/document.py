"""The JSON of a character card: read in any of its versions, kept and written as version 3.

Whatever stands in a card stays in it, known here or not, and also where it is not quite as its
version would have it. Checked is only what is read here, and that it can be written again.

Source: the specifications of Character Card V2 and V3, as their authors published them.
"""

import codecs
import json
import math
from copy import deepcopy
from typing import Any

from services.runtime.errors import InvalidField

Document = dict[str, Any]

LONGEST = 4 * 1024 * 1024
_DEEPEST = 100
_SPECS = "chara_card_"
_V2 = ("chara_card_v2", "2.0")
_V3 = ("chara_card_v3", "3.0")
# The fields of `data` that other programs may count on, and what they are when nothing is said.
_ALWAYS: Document = {
    "name": "",
    "description": "",
    "personality": "",
    "scenario": "",
    "first_mes": "",
    "mes_example": "",
    "creator_notes": "",
    "system_prompt": "",
    "post_history_instructions": "",
    "alternate_greetings": [],
    "group_only_greetings": [],
    "tags": [],
    "creator": "",
    "character_version": "",
    "extensions": {},
}
# The fields that tell of a persona.
READ = ("name", "description", "personality", "first_mes")
# What version 1 has, at the top and not in `data`, and what its programs add.
_OF_V1 = (*READ, "scenario", "mes_example", "tags", "creator", "creator_notes")


def parse(text: bytes) -> Document:
    """The card in its version 3. Raises InvalidField, which says what is wrong with it."""
    if len(text) > LONGEST:
        raise InvalidField({"data": f"the card's JSON is longer than {LONGEST} bytes"})
    try:
        told = json.loads(text.decode("utf-8-sig"), parse_constant=_refuse, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        raise InvalidField({"data": "it is neither a PNG nor a card's JSON"}) from error
    if not isinstance(told, dict):
        raise InvalidField({"data": "a card's JSON is an object"})
    if _deep(told):
        raise InvalidField({"data": "the card's JSON is nested too deeply"})
    data = _data(told)
    for name, usual in _ALWAYS.items():
        if data.get(name) is None:
            data[name] = deepcopy(usual)
    for name in READ:
        if not isinstance(data[name], str):
            raise InvalidField({"data": f"the card's `{name}` is not a text"})
    return {**told, "spec": _V3[0], "spec_version": _version(told), "data": data}


def fresh(data: Document) -> Document:
    """A new card of this data."""
    spec, version = _V3
    return {"spec": spec, "spec_version": version, "data": {**deepcopy(_ALWAYS), **data}}


def encode(document: Document) -> bytes:
    """A card as it is kept and sent: UTF-8, with halves of letters escaped as they came."""
    text = json.dumps(document, separators=(",", ":"), ensure_ascii=False)
    return text.encode("utf-8", _ESCAPED)


def decode(kept: bytes) -> Document:
    """A card that was kept."""
    document: Document = json.loads(kept)
    return document


def as_v2(document: Document) -> Document:
    """The same for programs that know version 2 only."""
    spec, version = _V2
    return {**document, "spec": spec, "spec_version": version}


def _data(told: Document) -> Document:
    inner, spec = told.get("data"), told.get("spec", _SPECS)
    if isinstance(spec, str) and spec.startswith(_SPECS) and isinstance(inner, dict) and inner:
        return dict(inner)
    if "spec" not in told and not inner and len([name for name in READ if name in told]) > 1:
        return {name: told[name] for name in _OF_V1 if name in told}
    raise InvalidField(
        {"data": "it is no character card: `data`, or a `name` and more, is missing"}
    )


def _version(told: Document) -> str:
    """The version of a card of version 3, which may be a later one that reads like it."""
    spec, version = _V3
    given = told.get("spec_version")
    return given if told.get("spec") == spec and isinstance(given, str) else version


def _deep(value: Any) -> bool:
    """Whether lists and objects stand in one another too deeply to be written again."""
    level = [value]
    for _ in range(_DEEPEST):
        level = [
            inner
            for one in level
            for inner in (one.values() if isinstance(one, dict) else one)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return False
    return True


def _finite(number: str) -> float:
    if not math.isfinite(value := float(number)):
        _refuse(number)
    return value


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no number of JSON")


def _escape(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeEncodeError)
    halves = error.object[error.start : error.end]
    return "".join(f"\\u{ord(half):04x}" for half in halves), error.end


_ESCAPED = "hatchery.halves"
codecs.register_error(_ESCAPED, _escape)
