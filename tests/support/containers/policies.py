"""What the network policies of an overlay allow; here, where nobody enforces them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.support.manifests import Manifest

Rule = tuple[str, str, str, int | str, str]  # the policy, its side, the other end, port, protocol


@dataclass(frozen=True)
class End:
    """A pod of a namespace, or what is outside of the cluster, in none."""

    name: str
    namespace: str = ""
    labels: tuple[tuple[str, str], ...] = ()
    ports: tuple[tuple[str, int], ...] = ()  # by name


@dataclass(frozen=True)
class Connection:
    """One that was opened."""

    client: End
    server: End
    port: int
    protocol: str = "TCP"


def rules(policies: Sequence[Manifest]) -> set[Rule]:
    """Every single thing that is allowed, as `allowing` names it."""
    return {rule for policy in policies for side in _SIDES for rule, _, _ in _rules(policy, side)}


def allowing(policies: Sequence[Manifest], connection: Connection, side: str) -> set[Rule] | None:
    """The rules that allow it at one of its sides; None where no policy says anything about it."""
    ours, other = connection.client, connection.server
    if side == "ingress":
        ours, other = other, ours
    selecting = [
        policy
        for policy in policies
        if side.capitalize() in policy["spec"]["policyTypes"]
        and policy["metadata"]["namespace"] == ours.namespace
        and _selected(policy["spec"]["podSelector"], dict(ours.labels))
    ]
    if not selecting:
        return None
    return {
        rule
        for policy in selecting
        for rule, peer, port in _rules(policy, side)
        if _is(peer, other, ours.namespace)
        and port.get("protocol", "TCP") == connection.protocol
        and dict(connection.server.ports).get(str(port["port"]), port["port"]) == connection.port
    }


_SIDES = {"ingress": "from", "egress": "to"}


def _rules(
    policy: Manifest, side: str
) -> Iterator[tuple[Rule, Mapping[str, Any] | None, Mapping[str, Any]]]:
    name = policy["metadata"]["name"]
    for rule in policy["spec"].get(side, ()):
        for peer in rule.get(_SIDES[side]) or [None]:
            for port in rule["ports"]:
                protocol = port.get("protocol", "TCP")
                yield (name, side, _named(peer), port["port"], protocol), peer, port


def _named(peer: Mapping[str, Any] | None) -> str:
    if peer is None:
        return "anybody"
    if "ipBlock" in peer:
        return str(peer["ipBlock"]["cidr"])
    labels = (peer.get("podSelector") or peer["namespaceSelector"])["matchLabels"]
    return str(next(iter(labels.values())))


def _is(peer: Mapping[str, Any] | None, end: End, namespace: str) -> bool:
    if peer is None:
        return True
    if "ipBlock" in peer or not end.namespace:
        return False
    if "namespaceSelector" in peer:
        told = {"kubernetes.io/metadata.name": end.namespace}
        if not _selected(peer["namespaceSelector"], told):
            return False
    elif end.namespace != namespace:
        return False
    return _selected(peer.get("podSelector", {}), dict(end.labels))


def _selected(selector: Mapping[str, Any], labels: Mapping[str, str]) -> bool:
    assert "matchExpressions" not in selector, "nobody knows here what it chooses"
    wanted: Mapping[str, str] = selector.get("matchLabels", {})
    return wanted.items() <= labels.items()
