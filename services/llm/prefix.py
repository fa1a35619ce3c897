"""How an answer begins: what an engine reads of it, and what of the engine's text is new. Pure."""

import re

from hatchery.llm.v1.llm_service_pb2 import GenerateRequest, Message

from services.runtime.errors import InvalidField

# What opens and closes turns in the vocabularies of today: <|im_end|>, <turn|>, <|User|>,
# <start_of_turn>, [INST]. Tags of HTML and operators such as <|> or |> are none.
_MARK = re.compile(
    r"<(?=[||][^<>\s]{1,60}>|[^<>\s]{1,60}[||]>|(?:start|end)_of_turn>)|\[(?=/?INST\])"
)


class Prefix:
    """The beginning of one answer.

    In most vocabularies a word brings its blank along, so that a text which ends in a blank reads
    as one that goes on with anything but a word. An engine reads it without that blank, and the
    blank that it then writes is not new.
    """

    def __init__(self, request: GenerateRequest) -> None:
        """Raises InvalidField where the answer that it begins has begun before."""
        self.text = request.prefix
        if self.text and request.messages[-1].role == Message.ROLE_ASSISTANT:
            raise InvalidField(
                {"messages": "must not end with an answer where a prefix begins the next one"}
            )
        # What a model reads, without the marks of control tokens: they would end the answer.
        self.read = _MARK.sub(r"\g<0> ", self.text.removesuffix(" "))
        self._blank = self.text.endswith(" ")

    def added(self, text: str) -> str:
        """What is new in the next piece that the engine wrote."""
        if not self._blank or not text:
            return text
        self._blank = False
        return text.removeprefix(" ")
