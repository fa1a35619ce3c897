"""Writes dashboard.json, which Grafana imports, from its panels.

`python -m deploy.monitoring.dashboard`
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from deploy.monitoring.operation import ENGINES, RPC, STORE, STREAMS, WELL
from deploy.monitoring.panels import Panel, Row
from deploy.monitoring.work import WORK

PAGE = Path(__file__).with_name("dashboard.json")

ROWS = (WELL, WORK, STREAMS, STORE, ENGINES, RPC)

_DATASOURCE = {"type": "prometheus", "uid": "${datasource}"}
# A line of a dashboard is 24 wide; panels stand three in a line.
_WIDTH, _HEIGHT, _LINE = 8, 8, 24


def dashboard() -> dict[str, Any]:
    """The dashboard as Grafana keeps it."""
    panels: list[dict[str, Any]] = []
    top = 0
    for row in ROWS:
        panels += _row(row, top, len(panels) + 1)
        top += 1 + _HEIGHT * -(-len(row.panels) * _WIDTH // _LINE)
    return {
        "uid": "hatchery",
        "title": "Hatchery",
        "description": "Whether generations and their streams are well, and where to look if not.",
        "tags": ["hatchery"],
        "schemaVersion": 41,
        "version": 1,
        "editable": True,
        "graphTooltip": 1,
        "refresh": "30s",
        "time": {"from": "now-1h", "to": "now"},
        "timezone": "browser",
        "annotations": {"list": []},
        "links": [],
        "templating": {
            "list": [
                {
                    "name": "datasource",
                    "label": "Data source",
                    "type": "datasource",
                    "query": "prometheus",
                    "refresh": 1,
                },
                _variable("namespace", "Namespace", "label_values(hatchery_ready, namespace)"),
                _variable(
                    "recipe",
                    "Recipe",
                    "label_values(hatchery_generation_duration_seconds_count"
                    '{namespace=~"$namespace"}, hatchery_recipe)',
                ),
            ]
        },
        "panels": panels,
    }


def text() -> str:
    """What the file holds."""
    return json.dumps(dashboard(), indent=1, ensure_ascii=False) + "\n"


def _variable(name: str, label: str, query: str) -> dict[str, Any]:
    """A choice of values of a label; all of them, also none, where nothing is chosen."""
    return {
        "name": name,
        "label": label,
        "type": "query",
        "datasource": _DATASOURCE,
        "definition": query,
        "query": {"query": query, "refId": "StandardVariableQuery"},
        "refresh": 2,
        "sort": 1,
        "multi": True,
        "includeAll": True,
        "allValue": ".*",
        "current": {"text": ["All"], "value": ["$__all"]},
    }


def _row(row: Row, top: int, first: int) -> Sequence[dict[str, Any]]:
    head = {
        "id": first,
        "type": "row",
        "title": row.title,
        "collapsed": False,
        "gridPos": {"h": 1, "w": _LINE, "x": 0, "y": top},
        "panels": [],
    }
    per_line = _LINE // _WIDTH
    return [
        head,
        *(
            _panel(
                panel,
                first + 1 + place,
                {
                    "h": _HEIGHT,
                    "w": _WIDTH,
                    "x": place % per_line * _WIDTH,
                    "y": top + 1 + place // per_line * _HEIGHT,
                },
            )
            for place, panel in enumerate(row.panels)
        ),
    ]


def _panel(panel: Panel, id_: int, place: Mapping[str, int]) -> dict[str, Any]:
    return {
        "id": id_,
        "type": "timeseries",
        "title": panel.title,
        "description": panel.description,
        "datasource": _DATASOURCE,
        "gridPos": place,
        "fieldConfig": {
            "defaults": {
                "unit": panel.unit,
                "min": 0,
                "custom": {"fillOpacity": 10, "showPoints": "auto"},
            },
            "overrides": [],
        },
        "options": {
            "legend": {"displayMode": "list", "placement": "bottom", "showLegend": True},
            "tooltip": {"mode": "multi", "sort": "desc"},
        },
        "targets": [
            {
                "refId": chr(ord("A") + place),
                "datasource": _DATASOURCE,
                "expr": expression,
                "legendFormat": legend,
                "range": True,
            }
            for place, (legend, expression) in enumerate(panel.queries.items())
        ],
    }


if __name__ == "__main__":
    PAGE.write_text(text())
