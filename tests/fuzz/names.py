"""What is there to ask for, as answers tell: the newest names of each kind, and other handles."""

import re
from collections import deque
from collections.abc import Iterable, Sequence
from random import Random

from buf.validate import validate_pb2 as validate
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

_COLLECTIONS = (
    "agents",
    "artifacts",
    "assets",
    "comparisons",
    "conversations",
    "generations",
    "memories",
    "recipes",
    "templates",
)
_HANDLES = ("etag", "page_token")
# What an answer calls one way, and a request another.
_ASKED_AS = {"next_page_token": "page_token"}
# So many of a kind are known at once: calls should often meet at the same one.
_OF_A_KIND = 12


class Names:
    """Learns from messages, and tells what fits where."""

    def __init__(self, random: Random, first: Iterable[str]) -> None:
        self._random = random
        self._kinds = {kind: deque[str](maxlen=_OF_A_KIND) for kind in (*_COLLECTIONS, *_HANDLES)}
        for name in first:
            self._learn(name)

    def learn(self, message: Message) -> None:
        """Keeps the names, etags and page tokens of an answer, however deep."""
        for field, value in message.ListFields():
            if field.message_type is not None:
                if not field.message_type.GetOptions().map_entry:
                    for inner in value if field.is_repeated else (value,):
                        self.learn(inner)
            elif field.type == FieldDescriptor.TYPE_STRING and not field.is_repeated:
                called = _ASKED_AS.get(field.name, field.name)
                if called in _HANDLES:
                    self._kinds[called].append(value)
                else:
                    self._learn(value)

    def any(self) -> str:
        """One of all kinds."""
        return self._random.choice(self._random.choice([k for k in self._kinds.values() if k]))

    def fitting(self, field: FieldDescriptor) -> Sequence[str]:
        """Those that a field could be about; none where it is about nothing."""
        if field.name in _HANDLES:
            return self._kinds[field.name]
        pattern = field.GetOptions().Extensions[validate.field].string.pattern
        kind = re.match(r"\^([a-z]+)/", pattern)
        return [one for one in self._kinds[kind[1]] if re.match(pattern, one)] if kind else ()

    def _learn(self, name: str) -> None:
        kind, _, rest = name.partition("/")
        if kind in _COLLECTIONS and re.fullmatch(r"[\w@-]{1,70}", rest):
            self._kinds[kind].append(name)
