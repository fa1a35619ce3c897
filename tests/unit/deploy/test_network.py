"""Who may talk to whom in a cluster: what the picture in the README shows, and no more."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from tests.support.manifests import BUILT, container, of_kind, workloads

# From, to, and at which port; "anybody" is outside.
PICTURE = {
    ("anybody", "edge", 8080),
    ("edge", "gateway", 50051),
    ("gateway", "llm", 50052),
    ("gateway", "avatar", 50053),
    ("gateway", "postgres", 5432),
}
ANYWHERE = {("gateway", "anybody", 443)}
WATCHED = {("monitoring", name, 9464) for name in ("gateway", "llm", "avatar", "edge")}
CLUSTERED = {
    ("gateway", "nats", 4222),
    ("postgres", "postgres", 5432),
    ("postgres", "postgres", 8000),
    ("cnpg-system", "postgres", 5432),
    ("cnpg-system", "postgres", 8000),
    ("monitoring", "postgres", 9187),
    # Kubernetes itself.
    ("postgres", "anybody", 443),
    ("postgres", "anybody", 6443),
}
CARDS = {
    *((name, "monitoring", 4317) for name in ("gateway", "llm", "avatar")),
    ("llm", "ollama", 11434),
    ("ollama", "anybody", 443),
    ("avatar", "anybody", 443),
}
OPEN = {
    "laptop": PICTURE,
    "production": PICTURE | ANYWHERE | WATCHED | CLUSTERED,
    "cards": PICTURE | ANYWHERE | WATCHED | CLUSTERED | CARDS,
}


@pytest.mark.parametrize("name", BUILT)
def test_only_the_picture_is_open(name: str) -> None:
    """Each way is open at both of its ends, and no other is at either."""
    into, out = set(_ways(name, "ingress")), set(_ways(name, "egress"))
    inside = set(_pods(name).values())
    assert OPEN[name] == into | {way for way in out if way[1] not in inside}
    assert {way for way in into if way[0] in inside} == {way for way in out if way[1] in inside}


@pytest.mark.parametrize("name", BUILT)
def test_everything_else_is_closed(name: str) -> None:
    """A policy of the namespace lets every pod ask for names, and do nothing else."""
    (closed,) = [one for one in of_kind(name, "NetworkPolicy") if not one["spec"]["podSelector"]]
    assert {"Ingress", "Egress"} == set(closed["spec"]["policyTypes"])
    assert "ingress" not in closed["spec"]
    (asking,) = closed["spec"]["egress"]
    assert [{"port": 53, "protocol": "UDP"}, {"port": 53, "protocol": "TCP"}] == asking["ports"]
    system = {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}}
    assert [
        {"namespaceSelector": system},
        {"ipBlock": {"cidr": "169.254.20.10/32"}},
        {"ipBlock": {"cidr": "169.254.169.254/32"}},
    ] == asking["to"]


def _ways(name: str, side: str) -> Iterator[tuple[str, str, int]]:
    """What the policies open at one side, as the table above writes it."""
    for policy in of_kind(name, "NetworkPolicy"):
        spec = policy["spec"]
        if not spec["podSelector"]:
            continue
        for ours in _chosen(name, spec["podSelector"]):
            for rule in spec.get(side, ()):
                ends = rule.get("from" if side == "ingress" else "to", [None])
                for other in {one for end in ends for one in _end(name, end)}:
                    for port in rule["ports"]:
                        reached = ours if side == "ingress" else other
                        number = _number(name, reached, port["port"])
                        yield (other, ours, number) if side == "ingress" else (ours, other, number)


def _end(name: str, end: Mapping[str, Any] | None) -> list[str]:
    if end is None:
        return ["anybody"]
    if "namespaceSelector" in end:
        return [end["namespaceSelector"]["matchLabels"]["kubernetes.io/metadata.name"]]
    return _chosen(name, end["podSelector"])


def _chosen(name: str, selector: Mapping[str, Any]) -> list[str]:
    """The workloads whose pods a selector chooses."""
    wanted = selector.get("matchLabels", {}).items()
    among = {one["key"]: one["values"] for one in selector.get("matchExpressions", ())}
    found = [
        workload
        for labels, workload in _pods(name).items()
        if wanted <= dict(labels).items()
        and all(dict(labels).get(key) in values for key, values in among.items())
    ]
    assert found, f"nothing is chosen by {selector}"
    return found


def _pods(name: str) -> Mapping[tuple[tuple[str, str], ...], str]:
    pods = {
        tuple(sorted(one["spec"]["template"]["metadata"]["labels"].items())): workload
        for workload, one in workloads(name).items()
    }
    for cluster in of_kind(name, "Cluster"):
        of = cluster["metadata"]["name"]
        # The operator gives them no label of ours.
        pods[(("cnpg.io/cluster", of),)] = of
    return pods


def _number(name: str, workload: str, port: int | str) -> int:
    if isinstance(port, int):
        return port
    named = {
        one["name"]: one["containerPort"] for one in container(workloads(name)[workload])["ports"]
    }
    number: int = named[port]
    return number
