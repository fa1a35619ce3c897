"""Ollama's own client, asking also for what its calls have no words for."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from typing import Any

import ollama
from pydantic import BaseModel, Field

# By itself a server leaves out the beginning of a conversation that does not fit the model's
# context, and forgets it while it writes on. Whoever asked would never know.
_WHOLE = {"truncate": False, "shift": False}
_WRITING = (("POST", "/api/chat"), ("POST", "/api/generate"))


class _Shown(BaseModel):
    rendered_template: str


class _Rendering(BaseModel):
    shown: _Shown | None = Field(default=None, alias="_debug_info")


class Client(ollama.AsyncClient):
    """Has messages that do not fit refused rather than cut. Older servers know no such wish."""

    async def rendered(
        self, model: str, messages: Sequence[Mapping[str, Any]], options: Mapping[str, Any]
    ) -> str | None:
        """The prompt that a conversation comes to; None from a server that cannot tell.

        Nothing is written, but for a token by a server that does not know what it is asked for.
        `options` are those of the call to come: others might load the model anew.
        """
        asked = {
            "model": model,
            "messages": [_as_json(message) for message in messages],
            "options": {**options, "num_predict": 1},
            "stream": False,
            "think": False,
            "_debug_render_only": True,
        }
        answer = await self._request_raw(  # type: ignore[no-untyped-call]
            "POST", "/api/chat", json=asked | _WHOLE
        )
        shown = _Rendering.model_validate_json(answer.content).shown
        return shown.rendered_template if shown else None

    async def _request(self, cls: Any, *args: Any, **kwargs: Any) -> Any:
        if args in _WRITING:
            kwargs["json"] |= _WHOLE
        return await super()._request(cls, *args, **kwargs)


def _as_json(message: Mapping[str, Any]) -> Mapping[str, Any]:
    images = [b64encode(image).decode() for image in message.get("images", ())]
    return {**message, **({"images": images} if images else {})}
