"""Character cards as other programs write them: nothing in here knows how ours are read.

The shapes are those that SillyTavern writes: a PNG whose `chara` text is the base64 of version 2,
with the fields of version 1 beside `data`, and whose `ccv3` text is the same as version 3.
"""

import base64
import io
import json
from typing import Any

from PIL import Image
from PIL.PngImagePlugin import PngInfo

DATA: dict[str, Any] = {
    "name": "Seraphina",
    "description": "{{char}} guards the glade. <b>Pink hair</b>.\r\nShe knows {{user}}.",
    "personality": "caring, protective, compassionate",
    "scenario": "{{user}} wakes up in the glade.",
    "first_mes": '*She smiles.* "Good morning, {{User}}. I am {{char}}."',
    "mes_example": "<START>\n{{user}}: Hello\n{{char}}: Hello yourself",
    "creator_notes": "A gentle one.",
    "system_prompt": "",
    "post_history_instructions": "Stay in the glade.",
    "alternate_greetings": ["Again?", ""],
    "tags": ["fantasy", "guardian"],
    "creator": "somebody",
    "character_version": "1.0.3",
    "extensions": {
        "talkativeness": "0.5",
        "fav": False,
        "world": "Eldoria",
        "depth_prompt": {"prompt": "", "depth": 4, "role": "system"},
        "another/program": {"nested": [1, 2.5, None, {"deep": "ü"}]},
    },
    "character_book": {
        "name": "Eldoria",
        "entries": [{"keys": ["glade"], "content": "A safe place.", "enabled": True, "id": 7}],
        "extensions": {},
    },
    "a_field_of_tomorrow": {"kept": True},
}
_V1 = ("name", "description", "personality", "scenario", "first_mes", "mes_example")


def v1() -> dict[str, Any]:
    """Version 1: no `spec`, everything at the top."""
    return {name: DATA[name] for name in _V1}


def v2() -> dict[str, Any]:
    """Version 2, with the fields of version 1 beside it and more that its program needs."""
    beside = {"avatar": "none", "chat": "Seraphina - 2026", "create_date": "2026-1-2 @03h 04m"}
    return {**v1(), **beside, "spec": "chara_card_v2", "spec_version": "2.0", "data": DATA}


def v3() -> dict[str, Any]:
    """Version 3."""
    data = {**DATA, "group_only_greetings": [], "nickname": "Sera", "creation_date": 1767225600}
    return {"spec": "chara_card_v3", "spec_version": "3.0", "data": data}


def as_json(card: Any) -> bytes:
    """A card's JSON, with letters as they are."""
    return json.dumps(card, ensure_ascii=False, indent=4).encode()


def as_png(texts: list[tuple[str, bytes]], size: tuple[int, int] = (40, 60)) -> bytes:
    """A picture with texts, in this order."""
    info = PngInfo()
    for keyword, value in texts:
        info.add(b"tEXt", keyword.encode("latin-1") + b"\0" + value)
    file = io.BytesIO()
    Image.effect_noise(size, 50).convert("RGB").save(file, "PNG", pnginfo=info)
    return file.getvalue()


def packed(card: Any) -> bytes:
    """A card as it stands in a PNG."""
    return base64.b64encode(as_json(card))


def told(png: bytes) -> dict[str, Any]:
    """The cards in a PNG by keyword, as a program that is not ours finds them."""
    with Image.open(io.BytesIO(png)) as picture:
        picture.load()
        texts: dict[str, str] = picture.text  # type: ignore[attr-defined]
        return {k: json.loads(base64.b64decode(texts[k])) for k in ("chara", "ccv3")}
