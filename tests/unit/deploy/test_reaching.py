"""Whoever is called, read, scaled or kept is the one that was meant, and is there."""

import re
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

import pytest
import yaml

from services.avatar.engines.sketch.engine import SketchEngine
from services.gateway.settings import GatewaySettings
from services.llm.settings import LlmSettings
from tests.support.manifests import (
    BUILT,
    KUBERNETES,
    ROOT,
    Manifest,
    container,
    environment,
    of_kind,
    seconds_to_end,
    workloads,
)
from tests.support.schemas import validate_custom

# Who calls all replicas of whom in turn, and so has to know each.
IN_TURN = {"gateway", "llm", "avatar"}
# Variables that name others of the namespace; traces go out of it.
TARGETS = {
    "HATCHERY_LLM_TARGET",
    "HATCHERY_AVATAR_TARGET",
    "HATCHERY_GATEWAYS",
    "HATCHERY_DATABASE_URL",
    "HATCHERY_NATS_URL",
    "HATCHERY_OLLAMA_URL",
}
NAMESPACE = "hatchery"
OPERATIONS = ROOT / "docs" / "operations.md"
PLACE = KUBERNETES / "overlays" / "production" / "place.env"

named = pytest.mark.parametrize("name", BUILT)
large = pytest.mark.parametrize("name", [name for name in BUILT if name != "laptop"])


@named
def test_a_service_leads_to_the_workload_of_its_name(name: str) -> None:
    """And to nobody else, at a port that it has."""
    for service in of_kind(name, "Service"):
        of = service["metadata"]["name"]
        assert [of] == list(_chosen(name, service["spec"]["selector"]))
        ports = {one["name"] for one in container(workloads(name)[of])["ports"]}
        assert {one["targetPort"] for one in service["spec"]["ports"]} <= ports


@named
def test_every_replica_is_known_to_who_calls_them_in_turn(name: str) -> None:
    """By names that lead to pods, and connections that end so that new ones are found."""
    services = {one["metadata"]["name"]: one["spec"] for one in of_kind(name, "Service")}
    for called in IN_TURN:
        assert "None" == services[called]["clusterIP"]
        told = environment(name, workloads(name)[called])
        assert 0 < float(told["HATCHERY_CONNECTION_AGE"]) <= 60


@named
def test_targets_are_ports_of_services(name: str) -> None:
    """Of the namespace; a cluster of CloudNativePG has one for whoever leads."""
    there = {
        (one["metadata"]["name"], port["port"])
        for one in of_kind(name, "Service")
        for port in one["spec"]["ports"]
    }
    there |= {(f"{one['metadata']['name']}-rw", 5432) for one in of_kind(name, "Cluster")}
    asked = {target for workload in workloads(name).values() for target in _targets(name, workload)}
    assert {"gateway", "llm", "avatar"} < {host for host, _ in asked}
    assert set() == asked - there


def _targets(name: str, workload: Manifest) -> Iterator[tuple[str, int]]:
    told = environment(name, workload)
    for variable in TARGETS & set(told):
        target = told[variable].replace("dns:///", "//")
        parts = urlsplit(target if "//" in target else f"//{target}")
        assert parts.hostname
        assert parts.port
        yield parts.hostname, parts.port


@large
def test_everybody_is_read_by_prometheus(name: str) -> None:
    """Each process of ours and Postgres, at the port of its metrics."""
    read = set()
    for monitor in of_kind(name, "PodMonitor"):
        selector = monitor["spec"]["selector"]
        wanted = {key: {value} for key, value in selector.get("matchLabels", {}).items()}
        wanted |= {one["key"]: set(one["values"]) for one in selector.get("matchExpressions", ())}
        ((key, values),) = wanted.items()
        (port,) = {one["port"] for one in monitor["spec"]["podMetricsEndpoints"]}
        if key == "cnpg.io/cluster":
            assert values == {one["metadata"]["name"] for one in of_kind(name, "Cluster")}
            assert "metrics" == port
        else:
            assert "app.kubernetes.io/name" == key
            for one in values:
                assert port in {p["name"] for p in container(workloads(name)[one])["ports"]}
        read |= values
    assert {"gateway", "llm", "avatar", "edge", "postgres"} == read


@large
def test_what_is_scaled_is_measured_where_it_runs(name: str) -> None:
    """At the Prometheus that policies know, in this namespace, by pods of a workload."""
    for scaled in of_kind(name, "ScaledObject"):
        assert scaled["spec"]["scaleTargetRef"]["name"] in workloads(name)
        for trigger in scaled["spec"]["triggers"]:
            told = trigger["metadata"]
            assert "http://prometheus-operated.monitoring.svc:9090" == told["serverAddress"]
            assert {NAMESPACE} == set(re.findall(r'namespace="([^"]*)"', told["query"]))
            pods = set(re.findall(r'pod=~"([^"]*)-\.\*"', told["query"]))
            assert pods <= set(workloads(name))


@large
def test_an_engine_is_scaled_by_its_own_queue(name: str) -> None:
    """A replica for as many steps as it works on at once, and slots for all that there may be."""
    told = environment(name, workloads(name)["gateway"])
    scaled = {one["spec"]["scaleTargetRef"]["name"]: one for one in of_kind(name, "ScaledObject")}
    for engine in scaled.keys() - {"gateway"}:
        (trigger,) = scaled[engine]["spec"]["triggers"]
        query, each = trigger["metadata"]["query"], _at_once(name, engine)
        assert f'hatchery_queue="{engine}"' in query
        assert f'pod=~"{engine}-.*"' in query
        assert each == int(trigger["metadata"]["threshold"])
        slots = int(told[f"HATCHERY_{engine.upper()}_SLOTS"])
        assert each * scaled[engine]["spec"]["maxReplicaCount"] == slots


def _at_once(name: str, engine: str) -> int:
    """How many steps one replica works on."""
    told = environment(name, workloads(name)[engine])
    if engine == "llm":
        usual = LlmSettings.model_fields["llm_concurrency"].default
        return int(told.get("HATCHERY_LLM_CONCURRENCY", usual))
    # mflux draws one after the other on its card.
    return 1 if told.get("HATCHERY_AVATAR_ENGINE") == "mflux" else SketchEngine().concurrency


@large
def test_postgres_keeps_what_was_committed(name: str) -> None:
    """On two of three, each on a machine of its own, and every night somewhere else."""
    (cluster,) = of_kind(name, "Cluster")
    spec = cluster["spec"]
    assert spec["instances"] == 3
    assert {
        "method": "any",
        "number": 1,
        "dataDurability": "required",
        "failoverQuorum": True,
    } == spec["postgresql"]["synchronous"]
    assert ("required", "kubernetes.io/hostname") == (
        spec["affinity"]["podAntiAffinityType"],
        spec["affinity"]["topologyKey"],
    )
    (backup,) = of_kind(name, "ScheduledBackup")
    assert cluster["metadata"]["name"] == backup["spec"]["cluster"]["name"]
    snapshots = spec["backup"][backup["spec"]["method"]]
    assert f"SNAPSHOT_CLASS={snapshots['className']}" in PLACE.read_text().splitlines()
    # Neither goes with the cluster; a snapshot goes with its backup.
    assert ("none", "backup") == (
        backup["spec"]["backupOwnerReference"],
        snapshots["snapshotOwnerReference"],
    )


def test_a_cluster_that_is_made_anew_from_a_backup_is_the_same() -> None:
    """As docs/operations.md has it: with the database and the owner that gateways know."""
    (told,) = re.findall(r"```yaml\n(bootstrap:\n.*?)```", OPERATIONS.read_text(), re.DOTALL)
    (cluster,) = of_kind("production", "Cluster")
    made = {**cluster, "spec": {**cluster["spec"], **yaml.safe_load(told)}}
    validate_custom(made)
    before, after = (one["spec"]["bootstrap"] for one in (cluster, made))
    assert before["initdb"].items() <= after["recovery"].items()
    assert {"storage", "walStorage"} == set(after["recovery"]["volumeSnapshots"])


@large
def test_postgres_has_a_connection_for_everybody(name: str) -> None:
    """Also while a gateway comes and those before it, which have them still, go."""
    (cluster,) = of_kind(name, "Cluster")
    parameters = cluster["spec"]["postgresql"]["parameters"]
    (scaled,) = [
        one
        for one in of_kind(name, "ScaledObject")
        if one["spec"]["scaleTargetRef"]["name"] == "gateway"
    ]
    gateway = workloads(name)["gateway"]["spec"]
    each = GatewaySettings(database_url="postgresql://localhost").database_connections + 2
    comes = gateway["strategy"]["rollingUpdate"]["maxSurge"]
    # Whoever goes is gone before the next comes: `test_every_pod_has_the_time_that_its_end_takes`.
    assert seconds_to_end(name, "gateway") < gateway["minReadySeconds"]
    at_once = scaled["spec"]["maxReplicaCount"] + 2 * comes
    kept = 3 + 10  # for superusers, and for the operator and whoever looks
    assert at_once * each + kept <= int(parameters["max_connections"])
    # A standby that is away leaves room on the volume.
    wal = cluster["spec"]["walStorage"]["size"]
    assert _gigabytes(parameters["max_slot_wal_keep_size"]) < _gigabytes(wal)


def _gigabytes(size: str) -> int:
    return int(re.fullmatch(r"(\d+)(GB|Gi)", size).group(1))  # type: ignore[union-attr]


def _chosen(name: str, selector: Mapping[str, str]) -> Iterator[str]:
    for workload, one in workloads(name).items():
        if selector.items() <= one["spec"]["template"]["metadata"]["labels"].items():
            yield workload
