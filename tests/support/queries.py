"""PromQL of the dashboard and the alerts, taken apart: which metrics and labels it asks for."""

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field
from typing import Any

import promql_parser

# What a dashboard puts in before it asks.
_FILLED_IN = {"$__rate_interval": "5m", "$namespace": ".*", "$recipe": ".*"}
# What Prometheus adds to what it reads, and Kubernetes to where it reads it.
ADDED = frozenset({"job", "instance", "namespace", "pod", "le"})


@dataclass
class Asked:
    """What one query asks for."""

    # The labels that are looked at, by the name of each metric.
    matched: dict[str, set[str]] = field(default_factory=dict)
    # The values that are looked for, by label.
    values: dict[str, set[str]] = field(default_factory=dict)
    # Labels that are divided by or joined on, each with the metrics beneath.
    divided: list[tuple[set[str], set[str]]] = field(default_factory=list)

    @property
    def metrics(self) -> Set[str]:
        """The names of the samples that it reads."""
        return self.matched.keys()

    @property
    def labels(self) -> Set[str]:
        """All labels that it divides by, or joins on."""
        return set().union(*(labels for labels, _ in self.divided))


def asked(query: str) -> Asked:
    """Takes a query apart. Raises ValueError where Prometheus could not read it."""
    found = Asked()
    _take_apart(promql_parser.parse(filled_in(query)), found)
    return found


def filled_in(query: str) -> str:
    """A query as a dashboard sends it, with everything chosen."""
    for name, value in _FILLED_IN.items():
        query = query.replace(name, value)
    return query


def _take_apart(tree: Any, found: Asked) -> set[str]:
    """Adds what a part of a query asks for; returns the metrics that it reads."""
    if isinstance(tree, promql_parser.VectorSelector):
        matchers = list(tree.matchers.matchers)
        assert not tree.matchers.or_matchers
        assert tree.name
        found.matched.setdefault(tree.name, set()).update(one.name for one in matchers)
        for one in matchers:
            found.values.setdefault(one.name, set()).update(one.value.split("|"))
        return {tree.name}
    beneath = set().union(*(_take_apart(part, found) for part in _parts(tree)))
    if labels := set(_divided_by(tree)):
        found.divided.append((labels, beneath))
    return beneath


def _parts(tree: Any) -> Iterator[Any]:
    if isinstance(tree, promql_parser.MatrixSelector):
        yield tree.vector_selector
    elif isinstance(tree, promql_parser.BinaryExpr):
        yield from (tree.lhs, tree.rhs)
    elif isinstance(tree, promql_parser.Call):
        yield from tree.args
    elif hasattr(tree, "expr"):
        yield tree.expr


def _divided_by(tree: Any) -> Iterator[str]:
    if isinstance(tree, promql_parser.AggregateExpr) and tree.modifier:
        yield from tree.modifier.labels
    elif isinstance(tree, promql_parser.BinaryExpr) and tree.modifier:
        if tree.modifier.matching:
            yield from tree.modifier.matching.labels
        yield from tree.modifier.group_labels or ()


def samples(name: str, kind: str) -> Set[str]:
    """What a metric is read as."""
    return {f"{name}_{of}" for of in ("bucket", "count", "sum")} if kind == "histogram" else {name}


def exported(metrics: Mapping[str, Any]) -> Mapping[str, Set[str]]:
    """The labels of every sample that is read, by its name; `metrics` by what they are called."""
    return {
        sample: {one.replace(".", "_") for one in metric.attributes}
        for name, metric in metrics.items()
        for sample in samples(name, metric.kind)
    } | {"target_info": {"service_name"}}
