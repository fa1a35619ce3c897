"""Ollama's own client, asking also for what its `chat` has no words for."""

from typing import Any

import ollama

# By itself a server leaves out the beginning of a conversation that does not fit the model's
# context, and forgets it while it writes on. Whoever asked would never know.
_WHOLE = {"truncate": False, "shift": False}


class Client(ollama.AsyncClient):
    """Has messages that do not fit refused rather than cut. Older servers know no such wish."""

    async def _request(self, cls: Any, *args: Any, **kwargs: Any) -> Any:
        if args == ("POST", "/api/chat"):
            kwargs["json"] |= _WHOLE
        return await super()._request(cls, *args, **kwargs)
