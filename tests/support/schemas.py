"""The schemas of kinds that do not come with Kubernetes, by the definitions of who made them."""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import yaml

from tests.support.manifests import TOOLS, Loader, Manifest
from tests.support.require import require


def validate_custom(manifest: Manifest) -> None:
    """Raises ValidationError where it does not hold to its schema; a field too many is an error."""
    # Not the schemas themselves: some hold patterns that only Go understands.
    schema = _schemas()[manifest["apiVersion"], manifest["kind"]]
    jsonschema.Draft202012Validator(schema).validate(manifest)


@cache
def _schemas() -> Mapping[tuple[str, str], Any]:
    folder = TOOLS / "schemas"
    require(folder.exists(), "schemas are not there: run tests/tools/schemas, which needs Go")
    return dict(_custom(folder))


def _custom(folder: Path) -> Iterator[tuple[tuple[str, str], Any]]:
    for file in folder.glob("*.yaml"):
        spec = yaml.load(file.read_text(), Loader)["spec"]
        for version in spec["versions"]:
            schema = strict(version["schema"]["openAPIV3Schema"])
            schema["properties"]["metadata"] = {"type": "object"}
            yield (f"{spec['group']}/{version['name']}", spec["names"]["kind"]), schema


def strict(schema: Any) -> Any:
    """The same, with no property that it does not name."""
    if isinstance(schema, list):
        return [strict(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: strict(value) for key, value in schema.items()}
    named = isinstance(schema.get("properties"), dict) and schema.get("type") == "object"
    if named and not schema.get("x-kubernetes-preserve-unknown-fields"):
        made.setdefault("additionalProperties", False)
    return made
