"""The JSON of a character card: read in any of its versions, kept and written as version 3.

Whatever stands in a card stays in it, known here or not, and also where it is not quite as its
version would have it. Checked is only what is read here.

Source: the specifications of Character Card V2 and V3, as their authors published them.
"""

import json
from copy import deepcopy
from typing import Any

from services.runtime.errors import InvalidField

Document = dict[str, Any]

LONGEST = 4 * 1024 * 1024
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
_READ = ("name", "description", "personality", "first_mes")
# All that version 1 has; it stands at the top, not in `data`.
_OF_V1 = ("name", "description", "personality", "scenario", "first_mes", "mes_example")


def parse(text: bytes) -> Document:
    """The card in its version 3. Raises InvalidField, which names what is wrong where."""
    if len(text) > LONGEST:
        raise InvalidField({"data": f"the card's JSON is longer than {LONGEST} bytes"})
    try:
        told = json.loads(text.decode("utf-8-sig"), parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise InvalidField({"data": "neither a PNG nor a card's JSON"}) from error
    if not isinstance(told, dict):
        raise InvalidField({"data": "a card's JSON is an object"})
    data = _data(told)
    for name, usual in _ALWAYS.items():
        if data.get(name) is None:
            data[name] = deepcopy(usual)
    for name in _READ:
        if not isinstance(data[name], str):
            raise InvalidField({"data": f"the card's `{name}` is not a text"})
    return {**told, "spec": _V3[0], "spec_version": _version(told), "data": data}


def fresh(data: Document) -> Document:
    """A new card of this data."""
    spec, version = _V3
    return {"spec": spec, "spec_version": version, "data": {**deepcopy(_ALWAYS), **data}}


def encode(document: Document) -> bytes:
    """A card as it is kept and sent, ASCII throughout, so that no letter in it can break it."""
    return json.dumps(document, separators=(",", ":")).encode()


def as_v2(document: Document) -> Document:
    """The same for programs that know version 2 only."""
    spec, version = _V2
    return {**document, "spec": spec, "spec_version": version}


def _data(told: Document) -> Document:
    inner, spec = told.get("data"), told.get("spec", _SPECS)
    ours = isinstance(spec, str) and spec.startswith(_SPECS)
    if ours and isinstance(inner, dict):
        return dict(inner)
    if "spec" not in told and inner is None and "name" in told:
        return {name: told.pop(name) for name in _OF_V1 if name in told}
    raise InvalidField({"data": "no character card: it has neither `data` nor a `name`"})


def _version(told: Document) -> str:
    """The version of a card of version 3, which may be a later one that reads like it."""
    spec, version = _V3
    given = told.get("spec_version")
    return given if told.get("spec") == spec and isinstance(given, str) else version


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")
