"""The JSON Schema of a request: its fields in their order, and the check of a document."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jsonschema
from jsonschema.validators import validator_for
from referencing import Registry
from referencing.exceptions import Unresolvable

from services.runtime.errors import InvalidField, OutputInvalid

WHERE = "response_format.json_schema"


@dataclass(frozen=True, slots=True)
class Schema:
    """A checked schema of type "object" and its properties, in the order in which they stand."""

    document: Mapping[str, Any]
    properties: Mapping[str, Mapping[str, Any]]

    def check(self, value: Any) -> Mapping[str, Any]:
        """Returns a document that keeps to the schema. Raises OutputInvalid for any other."""
        # An empty registry: what the schema names elsewhere is not fetched.
        validator = validator_for(self.document)(self.document, registry=Registry())
        try:
            problem = jsonschema.exceptions.best_match(validator.iter_errors(value))
        except Unresolvable:
            raise InvalidField({WHERE: "refers to what is not in it"}) from None
        if problem is not None or not isinstance(value, Mapping):
            # The message of the problem quotes what the model wrote; its place is enough.
            place = problem.json_path if problem is not None else "$"
            raise OutputInvalid(f"the model's document breaks the schema at {place}: try again")
        return value


def parse_schema(text: str) -> Schema:
    """Reads a schema. Raises InvalidField when it is none, or not of type "object"."""
    try:
        return _parsed(text)
    except RecursionError:
        raise InvalidField({WHERE: "is nested too deeply"}) from None


def _parsed(text: str) -> Schema:
    try:
        document = json.loads(text)
    except ValueError:
        raise InvalidField({WHERE: "is not JSON"}) from None
    if not isinstance(document, dict) or document.get("type") != "object":
        raise InvalidField({WHERE: 'is not a JSON Schema of type "object"'})
    try:
        validator_for(document).check_schema(document)
    except jsonschema.SchemaError as error:
        raise InvalidField({WHERE: f"is not a valid JSON Schema at {error.json_path}"}) from None
    properties = document.get("properties") or {}
    if not properties:
        raise InvalidField({WHERE: "has no properties"})
    return Schema(document, {name: _mapping(value) for name, value in properties.items()})


def pointer(name: str) -> str:
    """The JSON pointer of a top-level property."""
    return "/" + name.replace("~", "~0").replace("/", "~1")


def _mapping(value: object) -> Mapping[str, Any]:
    # `true` is a schema too: anything goes.
    return value if isinstance(value, Mapping) else {}
