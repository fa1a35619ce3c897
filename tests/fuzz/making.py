"""Requests at random: of odd values, good ones that are a little wrong, and broken bytes."""

from collections.abc import Callable, Sequence
from random import Random
from typing import Any
from uuid import UUID

from buf.validate import validate_pb2 as validate
from google.protobuf.descriptor import Descriptor, FieldDescriptor, MethodDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass

from tests.fuzz.names import Names

# Of what a field has, nested so deep.
_DEEPEST = 4
_NASTY = (
    "",
    " ",
    "\0",
    "\n",
    "\r\n\r\nHTTP/1.1 200 OK\r\n",
    "'; DROP TABLE generations; --",
    "' OR '1'='1",
    "%s%n%x{0}{{x}}${jndi:ldap://127.0.0.1/a}",
    "$1 \\x00 \\u0000",
    "../../../../etc/passwd",
    "<script>alert(1)</script>",
    "\u202e\u2066\ufeff\u0301",
    "👩‍👩‍👧‍👦" * 20,
    "\U0010ffff",
    '{"a": ' * 30,
    "[" * 5000,
    '{"event": "forged", "level": "error"}\n',
    "-1",
    "1e999",
    "NaN",
    "00000000-0000-0000-0000-000000000000",
    "agents/",
    "agents/00000000-0000-0000-0000-000000000007",
    "generations/00000000-0000-0000-0000-000000000007",
    "conversations/*",
    "templates/a@99999999999999999999",
    "assets/" + "0" * 64,
    "recipes/greeting",
)
_NUMBERS = (0, 1, -1, 2, 7, 50, 127, 128, 255, 1000, 65536, 2**31 - 1, -(2**31), 2**32 - 1)
_LONG = (*_NUMBERS, 2**53, 2**63 - 1, -(2**63), 253402300799, 253402300800, -62135596800)
_REAL = (0.0, -0.0, 1.0, 0.5, -1.0, 1e308, 5e-324, float("inf"), float("-inf"), float("nan"))
_WORDS = ("tea", "a shy dragon", "Tides?", "persona", "description", "script", "1", "mine")
_CALM: dict[int, Sequence[Any]] = {
    FieldDescriptor.CPPTYPE_INT32: (0, 1, 3, 64, 256),
    FieldDescriptor.CPPTYPE_UINT32: (0, 1, 7),
    FieldDescriptor.CPPTYPE_INT64: (0, 1, 5, 3600),
    FieldDescriptor.CPPTYPE_UINT64: (0, 1, 9),
    FieldDescriptor.CPPTYPE_DOUBLE: (0.0, 0.5, 1.0),
    FieldDescriptor.CPPTYPE_FLOAT: (0.0, 0.5, 1.0),
    FieldDescriptor.CPPTYPE_ENUM: (1, 2),
}
_SIGNED = {FieldDescriptor.CPPTYPE_INT32, FieldDescriptor.CPPTYPE_INT64}
_WIDTHS = {
    FieldDescriptor.CPPTYPE_INT32: 32,
    FieldDescriptor.CPPTYPE_UINT32: 32,
    FieldDescriptor.CPPTYPE_INT64: 64,
    FieldDescriptor.CPPTYPE_UINT64: 64,
}


class Maker:
    """Makes requests. `names` are of what is there, so that some of them reach further."""

    def __init__(self, random: Random, names: Names, good: dict[str, Message]) -> None:
        """`good` are well-formed requests, by the full name of their type."""
        self._random = random
        self._calm = False
        self._names = names
        self._good = good

    def request(self, method: MethodDescriptor) -> bytes:
        """The bytes of a request for a method."""
        kind = method.input_type
        chance = self._random.random()
        # Half of them are calm, so that more is reached than the checks of fields.
        self._calm = self._random.random() < 0.5
        message = GetMessageClass(kind)()
        if chance < 0.5 and kind.full_name in self._good:
            message.CopyFrom(self._good[kind.full_name])
            self._aim(message)
            fields = list(kind.fields)
            for field in self._random.sample(fields, min(len(fields), self._random.randrange(3))):
                message.ClearField(field.name)
                self._put(message, field, 0)
        else:
            self._fill(message, 0)
        data = message.SerializeToString()
        return self._broken(data) if chance > 0.85 else data

    def _aim(self, message: Message) -> None:
        """Has a good request be about something that is there, as far as it is about any."""
        for field, value in message.ListFields():
            if field.is_repeated:
                continue
            if field.message_type is not None:
                self._aim(value)
            elif fitting := self._names.fitting(field):
                setattr(message, field.name, self._random.choice(fitting))

    def _fill(self, message: Message, depth: int) -> None:
        share = 0.7 if depth == 0 else 0.4
        for field in message.DESCRIPTOR.fields:
            if self._random.random() < share:
                self._put(message, field, depth)

    def _put(self, message: Message, field: FieldDescriptor, depth: int) -> None:
        """Gives a field a value, or several."""
        if field.is_repeated:
            for _ in range(1 if self._calm else self._random.choice((0, 1, 2, 3, 60))):
                self._add(getattr(message, field.name), field, depth)
        elif field.message_type is None:
            setattr(message, field.name, self._value(field))
        elif depth < _DEEPEST:
            inner = getattr(message, field.name)
            inner.SetInParent()
            self._fill(inner, depth + 1)

    def _add(self, values: Any, field: FieldDescriptor, depth: int) -> None:
        if field.message_type is None:
            values.append(self._value(field))
        elif depth >= _DEEPEST:
            return
        elif _is_map(field.message_type):
            key, value = field.message_type.fields
            if value.message_type is None:
                values[self._value(key)] = self._value(value)
            else:
                self._fill(values[self._value(key)], depth + 1)
        else:
            self._fill(values.add(), depth + 1)

    def _value(self, field: FieldDescriptor) -> Any:
        kind = field.cpp_type
        if self._calm and (found := _CALM.get(kind)):
            return self._random.choice(found)
        if kind == FieldDescriptor.CPPTYPE_STRING:
            text = self._calm_text(field) if self._calm else self._text()
            return text.encode() if field.type == FieldDescriptor.TYPE_BYTES else text
        if kind == FieldDescriptor.CPPTYPE_BOOL:
            return self._random.random() < 0.5
        if kind == FieldDescriptor.CPPTYPE_ENUM:
            return self._random.choice((0, 1, 2, 3, 9, 99, -1, 2**31 - 1))
        if kind in _WIDTHS:
            return self._whole(_WIDTHS[kind], signed=kind in _SIGNED)
        real = self._random.choice(_REAL)
        return self._random.uniform(-2, 2) if self._random.random() < 0.5 else real

    def _whole(self, bits: int, *, signed: bool) -> int:
        least, most = (-(1 << bits - 1), (1 << bits - 1) - 1) if signed else (0, (1 << bits) - 1)
        return min(max(self._random.choice(_LONG), least), most)

    def _text(self) -> str:
        ways: Sequence[Callable[[], str]] = (
            lambda: self._random.choice(_NASTY),
            self._names.any,
            self._letters,
            lambda: self._names.any() + self._random.choice(_NASTY),
            lambda: self._letters() * self._random.choice((1, 10, 300)),
        )
        return self._random.choice(ways)()

    def _calm_text(self, field: FieldDescriptor) -> str:
        """The name of something that is there, where a name of its kind is asked for; or words."""
        if fitting := self._names.fitting(field):
            return self._random.choice(fitting)
        if field.GetOptions().Extensions[validate.field].string.uuid:
            # Often one that was used before.
            return str(UUID(int=self._random.getrandbits(self._random.choice((6, 128)))))
        return self._random.choice(_WORDS)

    def _letters(self) -> str:
        ranges = ((0x20, 0x7E), (0x00, 0xFF), (0x400, 0x4FF), (0x1F300, 0x1F6FF))
        low, high = self._random.choice(ranges)
        count = self._random.choice((1, 3, 12, 80))
        return "".join(chr(self._random.randint(low, high)) for _ in range(count))

    def _broken(self, data: bytes) -> bytes:
        """The same with a few bytes flipped, cut out, put in or repeated."""
        broken = bytearray(data or b"\x0a\x00")
        for _ in range(self._random.choice((1, 1, 2, 8))):
            place = self._random.randrange(len(broken) + 1)
            match self._random.randrange(4):
                case 0 if place < len(broken):
                    broken[place] ^= 1 << self._random.randrange(8)
                case 1:
                    del broken[place : place + self._random.choice((1, 4, 1000))]
                case 2:
                    broken[place:place] = self._random.randbytes(self._random.choice((1, 5, 40)))
                case _:
                    broken[place:place] = broken[: self._random.choice((2, 20))] * 3
        return bytes(broken)


def _is_map(kind: Descriptor) -> bool:
    return bool(kind.GetOptions().map_entry)
