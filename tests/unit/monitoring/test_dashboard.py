"""The dashboard is what Grafana imports."""

import json
import re
from itertools import pairwise
from typing import Any

import pytest

from deploy.monitoring.dashboard import PAGE, dashboard, text

PANELS = dashboard()["panels"]
SHOWN = [panel for panel in PANELS if panel["type"] != "row"]
# Those of Grafana that are used.
_UNITS = {"s", "short", "percentunit", "cps", "reqps"}


def test_the_file_is_what_its_panels_say() -> None:
    """deploy/monitoring/dashboard.json is what deploy/monitoring/dashboard.py would write now."""
    assert text() == PAGE.read_text()


@pytest.mark.parametrize("panel", SHOWN, ids=[panel["title"] for panel in SHOWN])
def test_a_panel_says_what_to_do(panel: dict[str, Any]) -> None:
    """It has a title, a unit, and one sentence; each query has its letter and its legend."""
    assert panel["title"]
    assert panel["fieldConfig"]["defaults"]["unit"] in _UNITS
    assert re.fullmatch(r"[A-Z\w].{20,300}[^.]\.", panel["description"])
    assert not re.search(r"[.!?] [A-Z]", panel["description"])
    letters = [target["refId"] for target in panel["targets"]]
    assert ["A", "B", "C"][: len(letters)] == letters
    assert all(target["legendFormat"] for target in panel["targets"])
    assert all("${datasource}" == target["datasource"]["uid"] for target in panel["targets"])


def test_panels_lie_beside_and_below_each_other() -> None:
    """None covers another, each row has some, and all have numbers of their own."""
    covered = [
        (x, y)
        for panel in PANELS
        for at in [panel["gridPos"]]
        for x in range(at["x"], at["x"] + at["w"])
        for y in range(at["y"], at["y"] + at["h"])
    ]
    assert len(covered) == len(set(covered))
    assert max(x for x, _ in covered) < 24
    assert not any(one["type"] == two["type"] == "row" for one, two in pairwise(PANELS))
    assert list(range(1, len(PANELS) + 1)) == [panel["id"] for panel in PANELS]
    assert len(SHOWN) == len({panel["title"] for panel in SHOWN})


def test_it_is_imported_as_it_is() -> None:
    """It has a name of its own, no data source but the one that is chosen, and no asking."""
    kept = json.loads(PAGE.read_text())
    assert ("hatchery", "Hatchery") == (kept["uid"], kept["title"])
    assert "__inputs" not in kept
    assert {"datasource", "namespace", "recipe"} == {
        variable["name"] for variable in kept["templating"]["list"]
    }
    assert {"${datasource}"} == set(re.findall(r'"uid": "(\$[^"]+)"', PAGE.read_text()))
