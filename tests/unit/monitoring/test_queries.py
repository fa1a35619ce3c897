"""The dashboard, the alerts and the scaling ask for what is measured, the dashboard for all."""

import re
import runpy
from collections.abc import Iterator, Set
from pathlib import Path
from typing import Any

import grpc
import pytest
import yaml
from hatchery.errors.v1.errors_pb2 import ErrorReason

from deploy.monitoring.dashboard import ROWS, dashboard
from services.gateway.metrics import METRICS as GATEWAY
from services.runtime.calls import METRICS as CALLS
from services.runtime.capacity import METRICS as ENGINES
from services.runtime.health import METRICS as HEALTH
from tests.support.queries import ADDED, asked, exported, samples

ROOT = Path(__file__).parents[3]
ALERTS = yaml.safe_load((ROOT / "deploy" / "monitoring" / "alerts.yaml").read_text())
_RULES = [rule for group in ALERTS["groups"] for rule in group["rules"]]
RULES = [rule for rule in _RULES if "alert" in rule]
RECORDED = {rule["record"]: rule["expr"] for rule in _RULES if "record" in rule}
_called = runpy.run_path(str(ROOT / "docs" / "make_metrics.py"))["name"]
METRICS: dict[str, Any] = {_called(one): one for one in (*GATEWAY, *CALLS, *ENGINES, *HEALTH)}
EXPORTED = exported(METRICS) | {name: asked(expr).labels for name, expr in RECORDED.items()}
# What no panel shows, and why.
NOT_SHOWN = {
    "gen_ai_client_operation_duration_seconds": (
        "what hatchery_step_duration_seconds shows, for dashboards of OpenTelemetry's conventions"
    ),
}


def _shown() -> Iterator[tuple[str, str, str]]:
    for row in ROWS:
        for panel in row.panels:
            for legend, query in panel.queries.items():
                yield panel.title, legend, query


def _scaled() -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / "deploy" / "kubernetes").rglob("*.yaml")):
        for one in yaml.safe_load_all(path.read_text()):
            if one and one.get("kind") == "ScaledObject":
                for trigger in one["spec"]["triggers"]:
                    yield f"{path.stem} scaled", trigger["metadata"]["query"]


SHOWN = list(_shown())
SCALED = list(_scaled())
QUERIES = [
    *SCALED,
    *((f"{title}: {legend}", query) for title, legend, query in SHOWN),
    *((rule["alert"], rule["expr"]) for rule in RULES),
    *RECORDED.items(),
]
_named = pytest.mark.parametrize(
    "query", [query for _, query in QUERIES], ids=[name for name, _ in QUERIES]
)


@_named
def test_a_query_asks_for_what_is_exported(query: str) -> None:
    """It can be read, and every metric and label in it exists."""
    found = asked(query)
    assert found.metrics
    for metric, labels in found.matched.items():
        assert metric in EXPORTED
        assert labels <= EXPORTED[metric] | ADDED, metric
    for labels, metrics in found.divided:
        assert labels <= set().union(*(EXPORTED[one] for one in metrics)) | ADDED


@_named
def test_a_query_looks_for_values_that_there_are(query: str) -> None:
    """Reasons and codes are those that calls and generations end with."""
    reasons = [one.name.removeprefix("ERROR_REASON_") for one in ErrorReason.DESCRIPTOR.values]
    codes = {code.name for code in grpc.StatusCode}
    values = asked(query).values
    for value in values.get("error_type", ()):
        assert any(re.fullmatch(value, reason) for reason in reasons), value
    assert values.get("grpc_status", set()) <= codes
    assert values.get("hatchery_state", set()) <= {"COMPLETED", "FAILED", "CANCELLED"}


@pytest.mark.parametrize(("title", "legend", "query"), SHOWN)
def test_a_legend_names_labels_that_are_left(title: str, legend: str, query: str) -> None:
    """A label that the query adds up over would stay empty."""
    named = set(re.findall(r"\{\{(\w+)\}\}", legend))
    assert named <= asked(query).labels, title


def test_every_metric_is_on_the_dashboard() -> None:
    """Or there is a reason why not; and none is named that is there."""
    shown = {metric for _, _, query in SHOWN for metric in asked(query).metrics}
    missing = {name for name, one in METRICS.items() if not samples(name, one.kind) & shown}
    assert set(NOT_SHOWN) == missing


def test_variables_ask_for_what_is_exported() -> None:
    """Each lists the values of a label that its metric has."""
    for variable in dashboard()["templating"]["list"][1:]:
        query = variable["query"]["query"]
        found = re.fullmatch(r"label_values\((.+), (\w+)\)", query)
        assert found
        (metric,) = asked(found[1]).metrics
        assert found[2] in EXPORTED[metric] | ADDED


@pytest.mark.parametrize("rule", RULES, ids=[rule["alert"] for rule in RULES])
def test_an_alert_says_what_is_wrong_and_where_to_read_on(rule: dict[str, Any]) -> None:
    """For how long it must hold, whom it wakes, and labels that are left when it fires."""
    name = rule["alert"]
    assert re.fullmatch(r"Hatchery[A-Z]\w+", name)
    assert re.fullmatch(r"\d+m", rule["for"])
    assert rule["labels"]["severity"] in {"page", "ticket"}
    notes = rule["annotations"]
    assert {"summary", "description", "runbook"} == set(notes)
    assert f"docs/operations.md#{name.lower()}" == notes["runbook"]
    named = set(re.findall(r"\$labels\.(\w+)", notes["summary"] + notes["description"]))
    assert named <= _left(rule["expr"])
    assert notes["description"].endswith(".")


def _left(query: str) -> Set[str]:
    """The labels that are left: those that it divides by, or that what is recorded has."""
    found = asked(query)
    return found.labels.union(*(EXPORTED[one] for one in found.metrics & RECORDED.keys()))


def test_what_is_recorded_is_asked_for() -> None:
    """By some alert; and a name says how long its window is."""
    assert RECORDED.keys() == RECORDED.keys() & {
        metric for rule in RULES for metric in asked(rule["expr"]).metrics
    }
    for name, expr in RECORDED.items():
        windows = set(re.findall(r"\[(\w+)\]|offset (\w+)", expr))
        assert {name.rpartition("added")[2]} == {one or other for one, other in windows}


def test_replicas_are_scaled_by_what_is_measured() -> None:
    """Each service by queries of its own, which are looked at above."""
    assert {"avatar scaled", "gateway scaled", "llm scaled"} == {name for name, _ in SCALED}


def test_each_alert_has_a_name_of_its_own() -> None:
    """A section of the same name says what to do."""
    assert len(RULES) == len({rule["alert"] for rule in RULES})
