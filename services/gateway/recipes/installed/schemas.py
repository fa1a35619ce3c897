"""Whether a document fits its schema, and where it does not, in words. Pure."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, cast

from jsonschema import Draft202012Validator, SchemaError, ValidationError
from referencing import Registry
from referencing.exceptions import Unresolvable
from referencing.jsonschema import DRAFT202012

_LARGEST = 64 * 1024
# So many problems are told at once, of so many bytes: they travel in trailers, of which are 8 KiB.
_TOLD, _PATH, _PROBLEM = 4, 80, 120
_REFERS = ("$ref", "$dynamicRef")
_NUMBER = {
    "minimum": "at least",
    "maximum": "at most",
    "exclusiveMinimum": "more than",
    "exclusiveMaximum": "less than",
    "multipleOf": "a multiple of",
}
_SIZE = {
    "minLength": "at least {} characters",
    "maxLength": "at most {} characters",
    "minItems": "at least {} items",
    "maxItems": "at most {} items",
    "minProperties": "at least {} properties",
    "maxProperties": "at most {} properties",
}


def schema_problem(schema: object) -> str:
    """Why something is no schema that a document can be checked against; "" where it is one."""
    if not isinstance(schema, Mapping) or schema.get("type") != "object":
        return 'is no JSON Schema of type "object"'
    try:
        text = json.dumps(schema, allow_nan=False)
        if len(text) > _LARGEST:
            return f"has more than {_LARGEST} bytes"
        Draft202012Validator.check_schema(json.loads(text))
    except RecursionError:
        return "is nested too deep"
    except (TypeError, ValueError):
        return "is not JSON"
    except Exception as error:  # a SchemaError, and what a pattern that is none raises
        return f"is no valid JSON Schema{_at(error)}"
    return "refers to what is not in it" if _dangling(json.loads(text)) else ""


def problems(schema: Mapping[str, Any], document: object, at: str) -> dict[str, str]:
    """What is wrong with a document, by the path, as in `input.lines[2]`; the first few of it."""
    validator = Draft202012Validator(schema, registry=Registry())
    try:
        errors = islice(validator.iter_errors(document), _TOLD)
        found = [problem for error in errors for problem in _told(error, at)]
    except Unresolvable:
        found = [(at, "cannot be checked: its schema refers to what is not in it")]
    except RecursionError:
        found = [(at, "is nested too deep")]
    told: dict[str, str] = {}
    for path, problem in found[:_TOLD]:
        told.setdefault(_clipped(path, _PATH), _clipped(problem, _PROBLEM))
    return told


def _told(error: ValidationError, at: str) -> Iterator[tuple[str, str]]:
    """Where it is, and what, in words of ours: the library's quote what stands there."""
    path, rule = _path(at, error), str(error.validator)
    wanted, instance = cast("Any", error.validator_value), cast("Any", error.instance)
    if rule == "required":
        yield from ((f"{path}.{name}", "is missing") for name in wanted if name not in instance)
    elif rule == "additionalProperties":
        strange = islice(_additional(cast("Any", error.schema), instance), _TOLD)
        yield from ((f"{path}.{name}", "is not known") for name in strange)
    elif rule == "type":
        kinds = [wanted] if isinstance(wanted, str) else wanted
        yield path, f"must be of type {' or '.join(kinds)}"
    elif rule in _NUMBER:
        yield path, f"must be {_NUMBER[rule]} {wanted}"
    elif rule in _SIZE:
        yield path, f"must have {_SIZE[rule].format(wanted)}"
    elif rule == "enum":
        yield (
            path,
            f"must be one of {', '.join(json.dumps(one, ensure_ascii=False) for one in wanted)}",
        )
    elif rule == "pattern":
        yield path, f"must match {wanted}"
    else:
        yield path, f"breaks the rule `{rule}` of its schema"


def _additional(schema: Mapping[str, Any], instance: Iterable[str]) -> Iterator[str]:
    known, patterns = schema.get("properties", {}), schema.get("patternProperties", {})
    for name in instance:
        if name not in known and not any(re.search(pattern, name) for pattern in patterns):
            yield name


def _path(at: str, error: ValidationError) -> str:
    steps = (f"[{s}]" if isinstance(s, int) else f".{s}" for s in error.absolute_path)
    return at + "".join(steps)


def _at(error: Exception) -> str:
    return f" at {error.json_path}" if isinstance(error, SchemaError) else ""


def _dangling(schema: Mapping[str, Any]) -> bool:
    """Whether a reference leads to nothing, or out of the schema: nothing is fetched."""
    resource = DRAFT202012.create_resource(schema)
    resolver = Registry().with_resource("", resource).resolver()
    try:
        for reference in _references(schema):
            resolver.lookup(reference)
    except Unresolvable:
        return True
    return False


def _references(schema: object) -> Iterator[str]:
    if isinstance(schema, dict):
        yield from (one for name in _REFERS if isinstance(one := schema.get(name), str))
        for one in schema.values():
            yield from _references(one)
    elif isinstance(schema, list):
        for one in schema:
            yield from _references(one)


def _clipped(text: str, most: int) -> str:
    raw = text.encode(errors="replace")
    return text if len(raw) <= most else raw[: most - 3].decode(errors="ignore") + "…"
