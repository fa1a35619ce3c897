"""The compose file: its schema, what it names, what it gives to services, and who reaches whom."""

import json
import re
from collections.abc import Mapping
from typing import Any

import jsonschema
import pytest
import yaml
from pydantic_settings import BaseSettings

from deploy.envoy.settings import EdgeSettings
from services.avatar.settings import AvatarSettings
from services.gateway.settings import GatewaySettings
from services.llm.settings import LlmSettings
from tests.support.containers.dockerfile import DOCKER, ROOT, stages
from tests.support.manifests import TOOLS
from tests.support.require import require

SETTINGS: Mapping[str, type[BaseSettings]] = {
    "gateway": GatewaySettings,
    "llm": LlmSettings,
    "avatar": AvatarSettings,
    "edge": EdgeSettings,
}
# Who calls whom, by which variable.
CALLS = {
    ("edge", "gateway", "HATCHERY_GATEWAYS"),
    ("gateway", "llm", "HATCHERY_LLM_TARGET"),
    ("gateway", "avatar", "HATCHERY_AVATAR_TARGET"),
}

Service = Mapping[str, Any]


@pytest.fixture(scope="module")
def composed() -> Mapping[str, Any]:
    """The file, with the values that variables have by default."""
    text = (DOCKER / "compose.yaml").read_text()
    told: Mapping[str, Any] = yaml.safe_load(re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", text))
    return told


def test_it_holds_to_the_schema(composed: Mapping[str, Any]) -> None:
    """By the definition of those who made the format, which an unknown word breaks."""
    schemas = TOOLS / "schemas"
    require(schemas.exists(), "schemas are not there: run tests/tools/schemas, which needs Go")
    check = jsonschema.Draft202012Validator(json.loads((schemas / "compose-spec.json").read_text()))
    check.validate(composed)
    with pytest.raises(jsonschema.ValidationError):
        check.validate({**composed, "services": {"edge": {"readonly": True}}})


def test_what_is_named_is_there(composed: Mapping[str, Any]) -> None:
    """Targets, networks, volumes, and a health to wait for."""
    services = composed["services"]
    for name, service in services.items():
        if "build" in service:
            build = service["build"]
            assert (DOCKER / build["context"]).resolve() == ROOT
            assert (ROOT / build["dockerfile"]).is_file()
            assert name == build["target"]
            assert name in stages()
        assert set(service["networks"]) <= set(composed["networks"])
        kept = {volume.partition(":")[0] for volume in service.get("volumes", ())}
        assert kept <= set(composed["volumes"])
        for other, how in service.get("depends_on", {}).items():
            assert {"condition": "service_healthy"} == how
            assert "healthcheck" in services[other] or _healthy(services[other])
    assert set(SETTINGS) == {name for name, service in services.items() if "build" in service}


def _healthy(service: Service) -> bool:
    said = {one.word for one in stages()[service["build"]["target"]].instructions}
    return "HEALTHCHECK" in said


@pytest.mark.parametrize("name", SETTINGS)
def test_settings_are_known_and_good(composed: Mapping[str, Any], name: str) -> None:
    """Each service would start with what it is given, and is asked how it is where it answers."""
    variables = composed["services"][name]["environment"]
    given = {key.removeprefix("HATCHERY_").lower(): value for key, value in variables.items()}
    assert set() == set(given) - set(SETTINGS[name].model_fields)
    SETTINGS[name](**given)
    # The images' own question goes there; the edge is asked at a socket.
    assert ("HATCHERY_HEALTH_LISTEN" in variables) == (name != "edge")


def test_everybody_is_where_others_call(composed: Mapping[str, Any]) -> None:
    """At the port, and on a network that both are on; nothing else shares one with Postgres."""
    services = composed["services"]
    for caller, callee, variable in CALLS:
        place = services[caller]["environment"][variable].removeprefix("dns:///")
        listening = services[callee]["environment"]["HATCHERY_LISTEN"].rpartition(":")[2]
        assert f"{callee}:{listening}" == place
        assert set(services[caller]["networks"]) & set(services[callee]["networks"])
    together = {name for name, service in services.items() if "data" in service["networks"]}
    assert {"gateway", "postgres"} == together
    ways = {
        name: service["networks"]
        for name, service in services.items()
        if any(not composed["networks"][network].get("internal") for network in service["networks"])
    }
    # The edge is called from outside, and models come from there.
    assert {"edge", "ollama"} == set(ways)


def test_only_this_machine_reaches_it(composed: Mapping[str, Any]) -> None:
    """One port is open, on loopback, under the names by which it is called there."""
    services = composed["services"]
    open_ports = {
        name: service["ports"] for name, service in services.items() if "ports" in service
    }
    assert {"edge": ["127.0.0.1:8080:8080"]} == open_ports
    edge = services["edge"]["environment"]
    assert "0.0.0.0:8080" == edge["HATCHERY_LISTEN"]
    assert {"127.0.0.1:8080", "localhost:8080"} <= set(edge["HATCHERY_HOSTS"].split(","))


@pytest.mark.parametrize("name", SETTINGS)
def test_services_are_confined(composed: Mapping[str, Any], name: str) -> None:
    """As in a cluster: nothing to write to but /tmp, and no rights."""
    service = composed["services"][name]
    assert service["read_only"]
    assert ["/tmp"] == service["tmpfs"]
    assert ["ALL"] == service["cap_drop"]
    assert ["no-new-privileges:true"] == service["security_opt"]
