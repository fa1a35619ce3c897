"""The alerts, over an hour of made-up metrics: Prometheus itself says which of them fire."""

from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml

from tests.support.promtool import Series, assert_evaluated

RULES = Path(__file__).parents[3] / "deploy" / "monitoring" / "alerts.yaml"
ALERTS = {
    rule["alert"]: rule["labels"]["severity"]
    for group in yaml.safe_load(RULES.read_text())["groups"]
    for rule in group["rules"]
    if "alert" in rule
}

ONE, OTHER = (
    f'job="gateway", instance="{at}", namespace="hatchery"' for at in ("a:9464", "b:9464")
)
ALWAYS, NEVER = "1x60", "0x60"
# A counter is not there before its first value.
ONCE = "_x30 1x29"
_CALLS = "grpc_server_call_duration_seconds_count"
_ENDED = "hatchery_stream_ended_total"
_AWAY = (
    f'hatchery_step_failures_total{{{ONE}, hatchery_step="avatar",'
    ' error_type="ENGINE_UNAVAILABLE"}'
)
_GENERATIONS = "hatchery_generation_duration_seconds_count"


def _ready(one: str = ALWAYS, other: str = ALWAYS) -> Series:
    return {f"hatchery_ready{{{ONE}}}": one, f"hatchery_ready{{{OTHER}}}": other} | {
        f'target_info{{{at}, service_name="hatchery-gateway"}}': ALWAYS for at in (ONE, OTHER)
    }


def _timed(metric: str, values: Mapping[str, int], labels: str = "") -> Series:
    """A histogram: so many each minute that are at most so much, by the bounds of its buckets."""
    more = f", {labels}" if labels else ""
    return {
        f'{metric}_bucket{{{ONE}, le="{bound}"{more}}}': f"0+{count}x60"
        for bound, count in values.items()
    } | {f"{metric}_count{{{ONE}{more}}}": f"0+{values['+Inf']}x60"}


def _tries(*, apart: int) -> str:
    """An engine is away for half an hour, and six tries fail every so many seconds, at once."""
    counts = [6 * (1 + minute * 60 // apart) for minute in range(30)]
    return f"_x29 {' '.join(map(str, counts))} {counts[-1]}"


QUIET: Series = {
    **_ready(),
    f'hatchery_queue_length{{{ONE}, hatchery_queue="generation"}}': NEVER,
    f"hatchery_generation_active{{{ONE}}}": NEVER,
    f"hatchery_wakeups_connected{{{ONE}}}": ALWAYS,
    f"hatchery_wakeups_connected{{{OTHER}}}": ALWAYS,
    **{
        f'hatchery_lease_losses_total{{{ONE}, hatchery_cause="{cause}"}}': NEVER
        for cause in ("fenced", "store_lost")
    },
}
# Work as on any day, with its small accidents.
WELL: Series = {
    **QUIET,
    f'{_CALLS}{{{ONE}, grpc_status="OK"}}': "0+100x60",
    f'{_CALLS}{{{ONE}, grpc_status="NOT_FOUND"}}': "0+20x60",
    f'{_CALLS}{{{ONE}, grpc_status="INTERNAL"}}': ONCE,
    f'{_ENDED}{{{ONE}, hatchery_outcome="completed"}}': "0+20x60",
    f'{_ENDED}{{{ONE}, hatchery_outcome="failed", error_type="TOKEN_EXPIRED"}}': "0+5x60",
    f'{_ENDED}{{{ONE}, hatchery_outcome="failed", error_type="STORE_UNAVAILABLE"}}': ONCE,
    f'{_GENERATIONS}{{{ONE}, hatchery_state="COMPLETED"}}': "0+4x60",
    f'{_GENERATIONS}{{{ONE}, hatchery_state="FAILED", error_type="BUDGET_EXCEEDED"}}': "0+4x60",
    f'{_GENERATIONS}{{{ONE}, hatchery_state="FAILED", error_type="OUTPUT_INVALID"}}': ONCE,
    f'hatchery_step_duration_seconds_count{{{ONE}, hatchery_step="avatar"}}': "0+4x60",
    f'hatchery_step_fallbacks_total{{{ONE}, hatchery_step="avatar"}}': "_x20 1x19 2x20",
    # A service was restarted, and four generations waited for it.
    _AWAY: "_x30 8 12x28",
    # NATS was restarted.
    f"hatchery_wakeups_connected{{{OTHER}}}": "1x30 0x2 1x28",
    f'hatchery_lease_losses_total{{{ONE}, hatchery_cause="fenced"}}': "0x30 1x28",
    f'hatchery_queue_length{{{ONE}, hatchery_queue="generation"}}': "0x30 3x10 0x20",
    f"hatchery_generation_active{{{ONE}}}": "2x60",
    **_timed("hatchery_stream_event_latency_seconds", {"0.05": 995, "1": 1000, "+Inf": 1000}),
    **_timed("hatchery_tail_lag_seconds", {"0.5": 198, "1": 200, "2": 200, "+Inf": 200}),
    **_timed("hatchery_commit_duration_seconds", {"0.02": 598, "0.5": 600, "1": 600, "+Inf": 600}),
    **_timed(
        "hatchery_queue_duration_seconds",
        {"1": 3, "60": 4, "120": 4, "+Inf": 4},
        'hatchery_queue="llm"',
    ),
}
# What is otherwise with each of them.
SICK: Mapping[str, Series] = {
    "HatcheryNotReady": _ready("1x50 0x10", "1x40 0x20"),
    "HatcheryInternalErrors": {f'{_CALLS}{{{ONE}, grpc_status="INTERNAL"}}': "_x9 2+2x50"},
    "HatcheryStreamsFailing": {
        f'{_ENDED}{{{ONE}, hatchery_outcome="failed", error_type="STORE_UNAVAILABLE"}}': (
            "_x9 3+3x50"
        )
    },
    "HatcheryEventsLate": _timed(
        "hatchery_stream_event_latency_seconds", {"0.05": 900, "1": 950, "5": 1000, "+Inf": 1000}
    ),
    "HatcheryTailLag": _timed(
        "hatchery_tail_lag_seconds", {"0.5": 0, "1": 0, "2": 100, "5": 200, "+Inf": 200}
    ),
    "HatcheryWakeUpsAway": {f"hatchery_wakeups_connected{{{OTHER}}}": "1x40 0x20"},
    "HatcheryGenerationsFailing": {
        f'{_GENERATIONS}{{{ONE}, hatchery_state="FAILED", error_type="OUTPUT_INVALID"}}': (
            "_x9 2+2x50"
        )
    },
    "HatcheryEngineUnavailable": {_AWAY: _tries(apart=60)},
    "HatcheryQueueStanding": {
        f'hatchery_queue_length{{{ONE}, hatchery_queue="generation"}}': "0x50 3x10",
        f"hatchery_generation_active{{{ONE}}}": "2x50 0x10",
    },
    "HatcheryQueueLong": _timed(
        "hatchery_queue_duration_seconds",
        {"1": 0, "60": 1, "120": 4, "+Inf": 4},
        'hatchery_queue="llm"',
    ),
    "HatcheryFallbacks": {
        f'hatchery_step_fallbacks_total{{{ONE}, hatchery_step="avatar"}}': "_x9 1+1x50"
    },
    "HatcheryLeasesLost": {
        f'hatchery_lease_losses_total{{{ONE}, hatchery_cause="store_lost"}}': "0x50 4x10"
    },
    "HatcheryCommitsSlow": _timed(
        "hatchery_commit_duration_seconds", {"0.02": 500, "0.5": 550, "1": 600, "+Inf": 600}
    ),
}

# All at once, from the first that there ever was at a replica, and no more after it.
BURSTS: Mapping[str, Series] = {
    "HatcheryInternalErrors": {f'{_CALLS}{{{ONE}, grpc_status="INTERNAL"}}': "_x52 500x7"},
    "HatcheryStreamsFailing": {
        f'{_ENDED}{{{ONE}, hatchery_outcome="failed", error_type="INTERNAL"}}': "_x52 500x7"
    },
    "HatcheryGenerationsFailing": {
        f'{_GENERATIONS}{{{ONE}, hatchery_state="FAILED", error_type="ENGINE_FAILED"}}': (
            "_x52 500x7"
        )
    },
    "HatcheryFallbacks": {
        f'hatchery_step_fallbacks_total{{{ONE}, hatchery_step="avatar"}}': "_x50 50x9"
    },
}
# As many as are borne within any window, at once.
BORNE: Series = {
    f'{_CALLS}{{{ONE}, grpc_status="INTERNAL"}}': "0x30 5x29",
    f'{_CALLS}{{{ONE}, grpc_status="OK"}}': "0+10x60",
    f'{_ENDED}{{{ONE}, hatchery_outcome="failed", error_type="INTERNAL"}}': "0x30 5x29",
    f'{_ENDED}{{{ONE}, hatchery_outcome="completed"}}': "0+1x60",
    f'{_GENERATIONS}{{{ONE}, hatchery_state="FAILED", error_type="INTERNAL"}}': "0x30 5x29",
    f'{_GENERATIONS}{{{ONE}, hatchery_state="COMPLETED"}}': "0+1x60",
    f'hatchery_step_fallbacks_total{{{ONE}, hatchery_step="avatar"}}': "0x30 3x29",
    f'hatchery_step_duration_seconds_count{{{ONE}, hatchery_step="avatar"}}': "0x30 3x29",
    f'hatchery_lease_losses_total{{{ONE}, hatchery_cause="fenced"}}': "0x30 2x29",
}

# What a replica has counted that began long ago.
LONG_LIVED: Mapping[str, int] = {
    f'{_CALLS}{{{ONE}, grpc_status="INTERNAL"}}': 50,
    f'{_CALLS}{{{ONE}, grpc_status="OK"}}': 100_000,
    f'{_ENDED}{{{ONE}, hatchery_outcome="failed", error_type="INTERNAL"}}': 50,
    f'{_ENDED}{{{ONE}, hatchery_outcome="completed"}}': 10_000,
    f'{_GENERATIONS}{{{ONE}, hatchery_state="FAILED", error_type="INTERNAL"}}': 50,
    f'{_GENERATIONS}{{{ONE}, hatchery_state="COMPLETED"}}': 10_000,
    f'hatchery_step_fallbacks_total{{{ONE}, hatchery_step="avatar"}}': 50,
    f'hatchery_step_duration_seconds_count{{{ONE}, hatchery_step="avatar"}}': 10_000,
    _AWAY: 50,
}


@pytest.fixture(params=["1m", "59s"])
def every(request: pytest.FixtureRequest) -> str:
    """Rules are evaluated each minute: when samples come, or now here, now there between two."""
    return str(request.param)


@pytest.mark.parametrize("alert", SICK)
def test_what_is_wrong_fires_its_alert_alone(alert: str, every: str, tmp_path: Path) -> None:
    """Beside work that goes on as ever."""
    _assert_fires({**WELL, **SICK[alert]}, {alert}, tmp_path, every)


@pytest.mark.parametrize("alert", BURSTS)
def test_what_goes_wrong_at_once_fires_too(alert: str, every: str, tmp_path: Path) -> None:
    """Although a counter that begins with all of it never rises."""
    _assert_fires({**WELL, **BURSTS[alert]}, {alert}, tmp_path, every)


def test_an_engine_is_missed_where_little_is_asked_of_it(every: str, tmp_path: Path) -> None:
    """By one generation every six minutes or so, each of which gives up within half a minute."""
    away = {_AWAY: _tries(apart=345)}
    _assert_fires({**WELL, **away}, {"HatcheryEngineUnavailable"}, tmp_path, every)


def test_gateways_that_nobody_hears_of_are_missed(tmp_path: Path) -> None:
    """Although engines are heard of, and nothing else can be said."""
    _assert_fires(
        {'target_info{job="llm", instance="c:9464", service_name="hatchery-llm"}': ALWAYS},
        {"HatcheryMetricsMissing"},
        tmp_path,
    )


@pytest.mark.parametrize("series", [QUIET, WELL], ids=["quiet", "well"])
def test_what_is_well_fires_nothing(series: Series, every: str, tmp_path: Path) -> None:
    """Neither where nothing happens nor on a day with one of each accident."""
    _assert_fires(series, set(), tmp_path, every)


def test_numbers_are_what_they_say(every: str, tmp_path: Path) -> None:
    """What is one below them fires nothing, although an increase is told as more than it was."""
    _assert_fires({**QUIET, **BORNE}, set(), tmp_path, every)


@pytest.mark.parametrize("itself", [True, False], ids=["by itself", "by another"])
def test_a_gateway_that_is_replaced_fires_nothing(itself: bool, every: str, tmp_path: Path) -> None:
    """Its counters are gone, and begin anew with whatever comes first."""
    replaced: dict[str, str] = {}
    for name, values in WELL.items():
        if values.startswith("0+"):
            rate = values.removeprefix("0+").removesuffix("x60")
            before, anew = f"0+{rate}x28 stale _x2", f"{rate}+{rate}x28"
            if itself:
                replaced[name] = f"{before} {anew}"
            else:
                replaced[name] = before
                replaced[name.replace("a:9464", "c:9464")] = f"_x32 {anew}"
    _assert_fires({**WELL, **replaced}, set(), tmp_path, every)


def test_a_prometheus_that_was_away_fires_nothing(every: str, tmp_path: Path) -> None:
    """What it finds again is no burst: of a whole life, accidents are a small share."""
    away = {name: f"{value}x20 _x12 {value}x28" for name, value in LONG_LIVED.items()}
    _assert_fires({**QUIET, **away}, set(), tmp_path, every)


def test_one_gateway_that_is_not_ready_wakes_nobody(tmp_path: Path) -> None:
    """The other one serves."""
    _assert_fires({**WELL, **_ready("1x30 0x30")}, set(), tmp_path)


def test_each_alert_is_fired_here() -> None:
    """None is there that nobody has seen fire."""
    assert set(ALERTS) == {*SICK, "HatcheryMetricsMissing"}
    assert BURSTS.keys() <= SICK.keys()


def _assert_fires(series: Series, alerts: set[str], folder: Path, every: str = "1m") -> None:
    """Has Prometheus evaluate the rules over an hour; then just these have fired in it."""
    fired = {f'{{alertname="{alert}", severity="{ALERTS[alert]}"}}': 1 for alert in alerts}
    query = 'max by (alertname, severity) (max_over_time(ALERTS{alertstate="firing"}[1h]))'
    assert_evaluated(series, {query: fired}, folder, after="59m", every=every, rules=[RULES])
