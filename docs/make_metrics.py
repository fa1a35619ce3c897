"""Writes docs/metrics.md from the metrics themselves: `python docs/make_metrics.py`."""

from collections.abc import Sequence
from pathlib import Path

from services.gateway.metrics import METRICS as GATEWAY
from services.runtime.calls import METRICS as CALLS
from services.runtime.capacity import METRICS as ENGINES
from services.runtime.health import METRICS as HEALTH
from services.runtime.telemetry import Metric

PAGE = Path(__file__).with_name("metrics.md")
HEAD = """# Metrics

Each service can be read by Prometheus, at an address of its own: `HATCHERY_METRICS_LISTEN`, as in
`127.0.0.1:9464`. Unless it is set, nothing listens. In the local stack
`HATCHERY_METRICS_PORT=9464` gives the llm service that port, avatar the next one, and the gateways
those that follow; then `curl 127.0.0.1:9466/metrics` reads the first gateway. Whoever reaches the
address can read it: keep it on loopback or within the cluster.

Names follow the conventions of OpenTelemetry (`gen_ai.*`) and of gRPC (`grpc.*`) where there are
any, with dots as underscores and the unit behind. No label holds an owner, a name of a resource
or anything that somebody wrote: recipes and steps are those that are installed, models those that
engines list, reasons those of `hatchery.errors.v1`. What is counted is this process's alone,
since it started; sum over replicas. `QueryGenerationStats` tells each owner of theirs, from the
store.

`deploy/monitoring/dashboard.json` is a dashboard for Grafana that shows them, and
`deploy/monitoring/alerts.yaml` are Prometheus's rules for when somebody should look. The label
`service_name` of `target_info`, which each service has beside these, says which one it is.

This page is written from the metrics themselves, by `python docs/make_metrics.py`.
"""
# How Prometheus calls units.
UNITS = {"s": "_seconds", "{token}/s": "_per_second"}


def page() -> str:
    """The whole page."""
    return "\n".join(
        [
            HEAD,
            _section("Every service", [*HEALTH, *CALLS]),
            _section("llm and avatar", ENGINES),
            _section("gateway", GATEWAY),
        ]
    )


def name(metric: Metric) -> str:
    """What Prometheus calls it."""
    total = "_total" if metric.kind == "counter" else ""
    return metric.name.replace(".", "_") + UNITS.get(metric.unit, "") + total


def _section(title: str, metrics: Sequence[Metric]) -> str:
    rows = [
        f"| `{name(metric)}` | {metric.kind} | {metric.description} | {_labels(metric)} |"
        for metric in metrics
    ]
    head = ["| metric | kind | of what | labels |", "|---|---|---|---|"]
    return "\n".join([f"## {title}", "", *head, *rows, ""])


def _labels(metric: Metric) -> str:
    return ", ".join(f"`{one.replace('.', '_')}`" for one in metric.attributes)


if __name__ == "__main__":
    PAGE.write_text(page())
