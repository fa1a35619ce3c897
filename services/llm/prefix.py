"""How an answer begins: what an engine reads of it, and what of the engine's text is new. Pure."""

import re

from hatchery.llm.v1.llm_service_pb2 import GenerateRequest, Message

from services.runtime.errors import InvalidField

# What opens and closes turns in the vocabularies of today: <|im_end|>, <turn|>, <｜User｜>,
# <start_of_turn>, [INST]. Tags of HTML and operators such as <|> or |> are none.
_MARK = re.compile(
    r"<(?=[|\uff5c][^<>\s]{1,60}>|[^<>\s]{1,60}[|\uff5c]>|(?:start|end)_of_turn>)|\[(?=/?INST\])"
)


# What a model writes together with what follows it: the blank before a word, and of several ends of
# lines the last one. Cut off from that it reads as something else, behind which no word begins.
_HELD = re.compile(r"(?<=\S) \Z|(?<=\s)\n\Z")


def apart(text: str) -> str:
    """The text with the marks of control tokens taken apart: it can end no turn, and begin none."""
    return _MARK.sub(r"\g<0> ", text)


class Prefix:
    """The beginning of one answer: what an engine reads of it, and what it adds.

    It reads it without what it would write together with the next word; where it then writes that
    anew, it is not new.
    """

    def __init__(self, request: GenerateRequest) -> None:
        """Raises InvalidField where the answer that it begins has begun before."""
        self.text = request.prefix
        if self.text and request.messages[-1].role == Message.ROLE_ASSISTANT:
            raise InvalidField(
                {"messages": "must not end with an answer where a prefix begins the next one"}
            )
        found = _HELD.search(self.text)
        self._held = found[0] if found else ""
        self.read = apart(self.text.removesuffix(self._held))

    def added(self, text: str) -> str:
        """What is new in the next piece that the engine wrote."""
        if not text:
            return text
        held, self._held = self._held, ""
        return text.removeprefix(held)
