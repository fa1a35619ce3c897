"""Documents as they are kept and as steps know them. Pure."""

import json
import math
from typing import Any

from google.protobuf.struct_pb2 import Struct, Value

# A log is read back with a bound on how deep its messages are, of which each level here is three.
_DEEPEST = 24
_LARGEST = 128 * 1024
# Beyond, a double has no room for each whole number.
_EXACT = 2**53


class NoDocument(ValueError):
    """It is no JSON document that can be kept; the message says why, as in "is nested too deep"."""


def plain(struct: Struct) -> dict[str, Any]:
    """The document in a struct, with whole numbers as such. Raises NoDocument."""
    if struct.ByteSize() > _LARGEST:
        raise NoDocument(f"has more than {_LARGEST} bytes")
    return _plain_fields(struct, _DEEPEST - 1)


def as_struct(document: object) -> Struct:
    """A document as it is kept. Raises NoDocument."""
    struct = Struct()
    try:
        read = json.loads(json.dumps(document, allow_nan=False))
        if not isinstance(read, dict):
            raise NoDocument("is no JSON document")
        _check_depth(read, _DEEPEST)
        struct.update(read)
    except RecursionError:
        raise NoDocument("is nested too deep") from None
    except NoDocument:
        raise
    except (TypeError, ValueError):
        raise NoDocument("is no JSON document") from None
    if struct.ByteSize() > _LARGEST:
        raise NoDocument(f"has more than {_LARGEST} bytes")
    return struct


def _plain(value: Value, depth: int) -> Any:
    if depth < 0:
        raise NoDocument("is nested too deep")
    match value.WhichOneof("kind"):
        case "number_value":
            number = value.number_value
            if not math.isfinite(number):
                raise NoDocument("has a number that is none in JSON")
            return int(number) if number.is_integer() and abs(number) <= _EXACT else number
        case "string_value":
            return value.string_value
        case "bool_value":
            return value.bool_value
        case "struct_value":
            return _plain_fields(value.struct_value, depth - 1)
        case "list_value":
            return [_plain(one, depth - 1) for one in value.list_value.values]
        case _:
            return None


def _plain_fields(struct: Struct, depth: int) -> dict[str, Any]:
    # Their order is lost on the way; this one is always the same.
    return {name: _plain(struct.fields[name], depth) for name in sorted(struct.fields)}


def _check_depth(value: object, left: int) -> None:
    if left < 0:
        raise NoDocument("is nested too deep")
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for one in inner:
        _check_depth(one, left - 1)
