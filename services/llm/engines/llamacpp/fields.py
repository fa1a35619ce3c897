"""The fields of a document as the sheet needs them, read from the schema and its guides. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from hatchery.llm.v1.llm_service_pb2 import FieldGuide, ResponseFormat

from services.llm.engines.llamacpp.sheets import example_document, shown
from services.llm.schema import WHERE, Schema, pointer
from services.runtime.errors import InvalidField

Kind = Literal["string", "list", "integer", "number", "boolean"]

_KINDS: Mapping[str, Kind] = {
    "string": "string",
    "integer": "integer",
    "number": "number",
    "boolean": "boolean",
    "array": "list",
}
_FEW = 3
# More than this, asked for outright, is no list of words any more.
_MANY = 64
_CHARACTERS_PER_TOKEN = 4
_UNKNOWN_TOKENS = 16


@dataclass(frozen=True)
class Field:
    """One property of the document."""

    name: str
    label: str
    kind: Kind
    choices: Sequence[str]
    items: int
    guide: FieldGuide
    expected_tokens: int

    @property
    def pointer(self) -> str:
        """Its JSON pointer."""
        return pointer(self.name)


def fields_of(schema: Schema, wanted: ResponseFormat) -> Sequence[Field]:
    """All fields in the order of the schema. Raises InvalidField for a kind not known here."""
    guides = {guide.field: guide for guide in wanted.guides}
    unknown = guides.keys() - {pointer(name) for name in schema.properties}
    if unknown:
        raise InvalidField(
            {"response_format.guides": f"there is no property {', '.join(sorted(unknown))}"}
        )
    documents = [example_document(example) for example in wanted.examples]
    return [
        _field(
            name,
            rules,
            guides.get(pointer(name), FieldGuide()),
            [shown(document[name]) for document in documents if name in document],
        )
        for name, rules in schema.properties.items()
    ]


def _field(
    name: str, rules: Mapping[str, Any], guide: FieldGuide, examples: Sequence[str]
) -> Field:
    kind = _kind(name, rules)
    chosen_from = rules.get("items", {}) if kind == "list" else rules
    return Field(
        name=name,
        label=guide.label or name.replace("_", " ").capitalize(),
        kind=kind,
        choices=[*guide.choices] or [str(value) for value in _enum(chosen_from)],
        items=_items(name, rules),
        guide=guide,
        expected_tokens=_expected(guide, examples),
    )


def _kind(name: str, rules: Mapping[str, Any]) -> Kind:
    kind = _KINDS.get(str(rules.get("type", "string" if _enum(rules) else "")))
    items = rules.get("items")
    if kind is None or (kind == "list" and isinstance(items, Mapping) and not _of_strings(items)):
        known = "strings, lists of strings, numbers and booleans"
        raise InvalidField({WHERE: f'the embedded model writes {known}; "{name}" is none of them'})
    return kind


def _of_strings(items: Mapping[str, Any]) -> bool:
    return bool(items.get("type", "string") == "string")


def _enum(rules: Mapping[str, Any]) -> Sequence[Any]:
    return [rules["const"]] if "const" in rules else list(rules.get("enum", ()))


def _items(name: str, rules: Mapping[str, Any]) -> int:
    least, most = int(rules.get("minItems", 0)), int(rules.get("maxItems", _FEW))
    if least > _MANY:
        raise InvalidField(
            {WHERE: f'the embedded model writes lists of at most {_MANY}; "{name}" wants more'}
        )
    return max(least, min(most, least or _FEW))


def _expected(guide: FieldGuide, examples: Sequence[str]) -> int:
    """How many tokens the field will take, as a guess from the examples and what is given."""
    if not examples:
        return (guide.max_tokens or _UNKNOWN_TOKENS) * max(1, len(guide.parts))
    length = sum(map(len, examples)) / len(examples)
    given = sum(
        sum(map(len, part.openings)) / len(part.openings) for part in guide.parts if part.openings
    )
    once = max(1.0, (length - given) / _CHARACTERS_PER_TOKEN)
    tried = (1 + max(1, guide.candidates)) / 2
    return round(once * tried) + 1
