"""The manifests: schemas, what they name, how pods are confined, and what may talk to what."""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping

import jsonschema
import kubernetes_validate
import pytest
import yaml
from pydantic_settings import BaseSettings

from deploy.envoy.settings import EdgeSettings
from deploy.monitoring import rules
from services.avatar.settings import AvatarSettings
from services.gateway.settings import GatewaySettings
from services.llm.settings import LlmSettings
from tests.support.manifests import (
    BUILT,
    ROOT,
    Manifest,
    container,
    environment,
    manifests,
    of_kind,
    pod,
    seconds_to_end,
    workloads,
)
from tests.support.schemas import strict, validate_custom

# The oldest that has everything that is used, and the newest that there are schemas for.
VERSIONS = ("1.32", "1.37")
# Groups of kinds that do not come with Kubernetes.
CUSTOM = ("cert-manager.io", "keda.sh", "monitoring.coreos.com", "postgresql.cnpg.io")
SETTINGS: Mapping[str, type[BaseSettings]] = {
    "gateway": GatewaySettings,
    "llm": LlmSettings,
    "avatar": AvatarSettings,
    "edge": EdgeSettings,
}

pytestmark = pytest.mark.parametrize("name", BUILT)


@pytest.mark.parametrize("version", VERSIONS)
def test_kinds_of_kubernetes_hold_to_their_schemas(name: str, version: str) -> None:
    """Strictly: an unknown field is an error, too."""
    for one in manifests(name):
        if not one["apiVersion"].startswith(CUSTOM):
            kubernetes_validate.validate(one, version, strict=True)


def test_custom_kinds_hold_to_their_schemas(name: str) -> None:
    """As strictly, by the definitions of those who made them."""
    for one in manifests(name):
        if one["apiVersion"].startswith(CUSTOM):
            validate_custom(one)


def test_a_field_that_nobody_knows_is_found(name: str) -> None:
    """The two tests above can fail."""
    (service,) = [one for one in of_kind(name, "Service") if one["metadata"]["name"] == "gateway"]
    wrong = {**service, "spec": {**service["spec"], "clusterIp": "None"}}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(wrong, VERSIONS[1], strict=True)
    schema = {"type": "object", "properties": {"a": {"type": "object", "properties": {}}}}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"a": {"b": 1}}, strict(schema))


def test_settings_are_known_and_good(name: str) -> None:
    """Each service would start with what its pods are given, and knows every variable of it."""
    for service, kind in SETTINGS.items():
        workload = workloads(name)[service]
        given = {
            variable.removeprefix("HATCHERY_").lower(): value
            for variable, value in environment(name, workload).items()
            if variable.startswith("HATCHERY_")
        }
        assert set() == set(given) - set(kind.model_fields)
        kind(**given)


def test_what_is_named_is_there(name: str) -> None:
    """Maps, secrets, claims and accounts; what others make is named below."""
    made = {(one["kind"], one["metadata"]["name"]) for one in manifests(name)}
    made |= {("Secret", one["spec"]["secretName"]) for one in of_kind(name, "Certificate")}
    # By hand on a laptop (docs/operations.md), and by CloudNativePG for a cluster of that name.
    made |= {("Secret", "postgres")} if name == "laptop" else set()
    for one in of_kind(name, "Cluster"):
        made |= {("Secret", f"{one['metadata']['name']}-{part}") for part in ("app", "ca")}
    named = {item for one in workloads(name).values() for item in _named(one)}
    assert set() == named - made


def _named(workload: Manifest) -> Iterator[tuple[str, str]]:
    spec, only = pod(workload), container(workload)
    yield "ServiceAccount", spec["serviceAccountName"]
    for volume in spec.get("volumes", ()):
        if "secret" in volume:
            yield "Secret", volume["secret"]["secretName"]
        if "configMap" in volume:
            yield "ConfigMap", volume["configMap"]["name"]
        if "persistentVolumeClaim" in volume:
            yield "PersistentVolumeClaim", volume["persistentVolumeClaim"]["claimName"]
    for variable in only.get("env", ()):
        if "secretKeyRef" in (came := variable.get("valueFrom", {})):
            yield "Secret", came["secretKeyRef"]["name"]


def test_every_pod_is_confined(name: str) -> None:
    """An ordinary user without capabilities, nothing to write to but volumes, memory bounded."""
    for workload in workloads(name).values():
        spec, only = pod(workload), container(workload)
        user = spec["securityContext"]
        assert user["runAsNonRoot"]
        assert {"type": "RuntimeDefault"} == user["seccompProfile"]
        assert user["runAsUser"] > 0
        assert {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        } == only["securityContext"]
        assert not spec["automountServiceAccountToken"]
        assert not spec["enableServiceLinks"]
        assert {"cpu", "memory"} <= set(only["resources"]["requests"])
        assert "memory" in only["resources"]["limits"]
        mounted = {one["name"] for one in only["volumeMounts"]}
        claimed = {
            one["metadata"]["name"] for one in workload["spec"].get("volumeClaimTemplates", ())
        }
        assert mounted == {one["name"] for one in spec.get("volumes", ())} | claimed


def test_every_pod_is_asked_how_it_is(name: str) -> None:
    """At a port that it has, or by a command; liveness is never readiness of what it calls."""
    for service, workload in workloads(name).items():
        only = container(workload)
        ports = {one.get("name"): one["containerPort"] for one in only["ports"]}
        for probe in ("livenessProbe", "readinessProbe"):
            told = only[probe]
            if "grpc" in told:
                assert told["grpc"]["port"] in ports.values()
            elif "httpGet" in told:
                assert told["httpGet"]["port"] in ports
            else:
                assert told["exec"]["command"]
        if service in {"gateway", "llm", "avatar"}:
            assert "liveness" == only["livenessProbe"]["grpc"]["service"]
            assert "service" not in only["readinessProbe"]["grpc"]
            told = environment(name, workload)
            assert told["HATCHERY_LISTEN"] == f"0.0.0.0:{ports['grpc']}"
            for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
                asked = only[probe]["grpc"]["port"]
                assert told["HATCHERY_HEALTH_LISTEN"] == f"0.0.0.0:{asked}"


def test_every_pod_has_the_time_that_its_end_takes(name: str) -> None:
    """Draining, steps under way, a lease for claims, and streams are over before it is killed."""
    for service in SETTINGS:
        grace = pod(workloads(name)[service])["terminationGracePeriodSeconds"]
        assert seconds_to_end(name, service) < grace


def test_images_are_of_this_version_and_have_a_target(name: str) -> None:
    """Ours, from where production says that they are; and each of the others names a version."""
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    text = (ROOT / "deploy" / "docker" / "Dockerfile").read_text()
    targets = set(re.findall(r"^FROM \S+ AS (\S+)$", text, re.MULTILINE))
    for workload in workloads(name).values():
        image, _, tag = container(workload)["image"].rpartition(":")
        assert image
        assert "latest" != tag
        owner, _, target = image.rpartition("/")
        if owner.endswith("hatchery"):
            assert owner == ("hatchery" if name == "laptop" else "registry.example.com/hatchery")
            assert target in targets
            assert version == tag


def test_every_service_survives_a_node_that_is_emptied(name: str) -> None:
    """One pod of each is away at most; and replicas are spread over machines and zones."""
    budgets = {one["metadata"]["name"]: one["spec"] for one in of_kind(name, "PodDisruptionBudget")}
    for service in SETTINGS:
        workload = workloads(name)[service]
        assert 1 == budgets[service]["maxUnavailable"]
        labels = workload["spec"]["template"]["metadata"]["labels"]
        chosen = budgets[service]["selector"]["matchLabels"]
        assert chosen.items() <= labels.items()
        spread = pod(workload)["topologySpreadConstraints"]
        assert {"kubernetes.io/hostname", "topology.kubernetes.io/zone"} == {
            one["topologyKey"] for one in spread
        }
        assert all(one["labelSelector"]["matchLabels"].items() <= labels.items() for one in spread)


def test_alerts_are_those_of_the_rule_file(name: str) -> None:
    """The operator's form of it is written anew when it changes."""
    assert rules.text() == rules.RULES.read_text()
    for one in of_kind(name, "PrometheusRule"):
        assert yaml.safe_load(rules.ALERTS.read_text()) == one["spec"]
    if name != "laptop":
        (map_,) = [
            one
            for one in of_kind(name, "ConfigMap")
            if one["metadata"]["name"].startswith("dashboard")
        ]
        assert json.loads(map_["data"]["dashboard.json"])["title"]
