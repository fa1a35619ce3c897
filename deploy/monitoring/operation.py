"""The rows of the dashboard that show whether it runs well: calls, streams, store, engines."""

from deploy.monitoring.panels import (
    RECIPE,
    WHERE,
    Panel,
    Row,
    of_services,
    quantile,
    rate,
    spread,
    total,
)

_CALLS = "grpc_server_call_duration_seconds"
_OURS = f'{WHERE}, grpc_status=~"INTERNAL|UNKNOWN|UNAVAILABLE|DATA_LOSS"'
_FAILED = f'{WHERE}, hatchery_outcome="failed"'

WELL = Row(
    "Is it well?",
    [
        Panel(
            "Ready",
            "short",
            "Replicas that answer calls: where there are fewer than run, read the log of the one"
            " that does not, and see whether Postgres or the engine's server answers it.",
            {"{{service_name}}": f"sum by (service_name) ({of_services('hatchery_ready')})"},
        ),
        Panel(
            "Calls that failed here",
            "percentunit",
            "The share of calls that ended for a reason of ours: find their request ids in the"
            " logs of that minute; INTERNAL is always a bug.",
            {
                "{{grpc_status}}": (
                    f"{rate(f'{_CALLS}_count', 'grpc_status', _OURS)}"
                    f" / ignoring (grpc_status) group_left"
                    f" {total(f'{_CALLS}_count')}"
                )
            },
        ),
        Panel(
            "Streams that failed, by reason",
            "cps",
            "Streams that ended with an error: STORE_UNAVAILABLE leads to Postgres,"
            " TOKEN_EXPIRED to clients that do not renew, INTERNAL to the logs.",
            {"{{error_type}}": rate("hatchery_stream_ended_total", "error_type", _FAILED)},
        ),
        Panel(
            "Time to the first event",
            "s",
            "How long whoever begins something sees nothing: where it is slow, look at how long"
            " commits take, and at the processors of the gateways.",
            spread("hatchery_stream_first_event_duration_seconds"),
        ),
        Panel(
            "How late events are",
            "s",
            "From an event until a client's connection has it: where it is late, look at commits"
            " first, then at the tail, then at the gateways' processors.",
            spread("hatchery_stream_event_latency_seconds"),
        ),
        Panel(
            "Generations that failed, by reason",
            "cps",
            "What people did not get: an engine's reason leads to the row of engines and its"
            " logs, OUTPUT_* to the model, INTERNAL to the gateways' logs.",
            {
                "{{error_type}}": rate(
                    "hatchery_generation_duration_seconds_count",
                    "error_type",
                    f'{RECIPE}, hatchery_state="FAILED"',
                )
            },
        ),
    ],
)

STREAMS = Row(
    "Streams",
    [
        Panel(
            "Open streams",
            "short",
            "Streams that are open, by method: where they near the limit of open files or of"
            " memory, add gateways.",
            {"{{grpc_method}}": f"sum by (grpc_method) (hatchery_stream_active{{{WHERE}}})"},
        ),
        Panel(
            "Logs that are followed",
            "short",
            "Each costs its gateway a place in every look of the tail: where it grows without"
            " streams, clients follow too many at once.",
            {"watchers": f"sum(hatchery_watchers{{{WHERE}}})"},
        ),
        Panel(
            "Streams that ended, by outcome",
            "cps",
            "Many that were left at once are a proxy that cuts idle streams, or a client that"
            " reloads; failed ones are above, by reason.",
            {"{{hatchery_outcome}}": rate("hatchery_stream_ended_total", "hatchery_outcome")},
        ),
        Panel(
            "How late the tail is",
            "s",
            "From an event at another replica until it is known here: up to the poll of half a"
            " second, wake-ups are lost; above it, Postgres is slow, or clocks differ.",
            spread("hatchery_tail_lag_seconds"),
        ),
        Panel(
            "Gateways that hear wake-ups",
            "short",
            "Where fewer hear than run, the others poll: read `no wake-ups` in their logs, and see"
            " whether NATS answers them, or Postgres where there is none.",
            {
                "hear": f"sum(hatchery_wakeups_connected{{{WHERE}}})",
                "run": f"count(hatchery_wakeups_connected{{{WHERE}}})",
            },
        ),
    ],
)

STORE = Row(
    "Store and leases",
    [
        Panel(
            "How long commits take",
            "s",
            "Every event waits for one: where they are slow, look at the disk of Postgres, at"
            " its replicas if it waits for them, and at locks.",
            spread("hatchery_commit_duration_seconds", "hatchery_commit_kind"),
        ),
        Panel(
            "Events in a commit",
            "short",
            "How many go in together, on average: a rise is what keeps slow commits from holding"
            " events up, and tells that they are slow.",
            {
                "{{hatchery_commit_kind}}": (
                    f"{rate('hatchery_commit_events_sum', 'hatchery_commit_kind')}"
                    f" / {rate('hatchery_commit_events_count', 'hatchery_commit_kind')}"
                )
            },
        ),
        Panel(
            "Events",
            "cps",
            "Events that were committed: none at all while generations run means that the store"
            " does not answer, or that engines stand still.",
            {"events": total("hatchery_commit_events_sum")},
        ),
        Panel(
            "Leases that were lost",
            "cps",
            "fenced is a gateway that stood still for longer than a lease, so give it processor"
            " time; store_lost is Postgres that did not answer.",
            {"{{hatchery_cause}}": rate("hatchery_lease_losses_total", "hatchery_cause")},
        ),
        Panel(
            "Takeovers",
            "cps",
            "handed_over is a gateway that was stopped, as in a rollout, or that lost the store and"
            " gave up its leases itself; expired without a loss above is one that was killed: see"
            " why.",
            {"{{hatchery_cause}}": rate("hatchery_lease_takeovers_total", "hatchery_cause")},
        ),
    ],
)

ENGINES = Row(
    "Engines",
    [
        Panel(
            "Calls under way, and room",
            "short",
            "What engines work on and could work on: where they are full and steps wait, add"
            " engines; where they are idle and steps wait, add slots.",
            {
                f"{label} {{{{gen_ai_provider_name}}}}": (
                    f"sum by (gen_ai_provider_name) (hatchery_engine_{of}{{{WHERE}}})"
                )
                for label, of in (("calls", "active"), ("room for", "capacity"))
            },
        ),
        Panel(
            "Refused as busy",
            "cps",
            "Calls that came to a full engine and wait: where it goes on, there are more slots"
            " than engines can do, or one engine gets all calls.",
            {
                "{{gen_ai_provider_name}}": rate(
                    "hatchery_engine_refusals_total", "gen_ai_provider_name"
                )
            },
        ),
    ],
)

RPC = Row(
    "Calls",
    [
        Panel(
            "Calls by method",
            "reqps",
            "Who calls how often: a method that rises alone is a client in a loop; limit its"
            " owner.",
            {"{{grpc_method}}": rate("grpc_server_call_started_total", "grpc_method")},
        ),
        Panel(
            "How long calls take",
            "s",
            "What one in a hundred exceeds; a stream takes as long as it is open: where short"
            " calls are slow, look at Postgres and at connections to it.",
            {"{{grpc_method}}": quantile(0.99, _CALLS, "grpc_method")},
        ),
        Panel(
            "Calls by code",
            "reqps",
            "RESOURCE_EXHAUSTED is a limit that holds, UNAUTHENTICATED a token or its keys, and"
            " INTERNAL a bug.",
            {"{{grpc_status}}": rate(f"{_CALLS}_count", "grpc_status")},
        ),
    ],
)
