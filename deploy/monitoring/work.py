"""The row of the dashboard that shows the work: generations, their steps and their models."""

from deploy.monitoring.panels import RECIPE, WHERE, Panel, Row, quantile, rate, spread

_STEP = "hatchery_recipe, hatchery_step"
_NAMED_STEP = "{{hatchery_recipe}} {{hatchery_step}}"
_MODEL = "hatchery_step, gen_ai_response_model"
_NAMED_MODEL = "{{hatchery_step}} {{gen_ai_response_model}}"
_ESTIMATE = "hatchery_step_estimate_ratio"
_KNOWN = f'{RECIPE}, hatchery_estimate_basis="history"'
_UP_TO_LESS, _UP_TO_MORE = f'{_KNOWN}, le="0.8"', f'{_KNOWN}, le="1.25"'

WORK = Row(
    "Work",
    [
        Panel(
            "Generations that run",
            "short",
            "Where it stands at the sum of HATCHERY_MAX_RUNNING while a queue grows, add gateways.",
            {"running": f"sum(hatchery_generation_active{{{WHERE}}})"},
        ),
        Panel(
            "Generations that ended, by state",
            "cps",
            "Where nothing completes any more although something waits, see which step fails or"
            " stands.",
            {
                "{{hatchery_state}}": rate(
                    "hatchery_generation_duration_seconds_count", "hatchery_state", RECIPE
                )
            },
        ),
        Panel(
            "How long generations take",
            "s",
            "From acceptance to the end: where it grows, compare the wait in queues with the"
            " steps.",
            {
                "half {{hatchery_recipe}}": quantile(
                    0.5, "hatchery_generation_duration_seconds", "hatchery_recipe", RECIPE
                ),
                "9 of 10 {{hatchery_recipe}}": quantile(
                    0.9, "hatchery_generation_duration_seconds", "hatchery_recipe", RECIPE
                ),
            },
        ),
        Panel(
            "Who waits",
            "short",
            "Where generations wait, add gateways; where steps wait for llm or avatar, add"
            " engines and the slots for them.",
            {
                # Every replica tells the same of the queue that all share.
                "generation": (
                    "sum(max by (namespace, hatchery_queue)"
                    f' (hatchery_queue_length{{{WHERE}, hatchery_queue="generation"}}))'
                ),
                "step for {{hatchery_queue}}": (
                    "sum by (hatchery_queue)"
                    f' (hatchery_queue_length{{{WHERE}, hatchery_queue!="generation"}})'
                ),
            },
        ),
        Panel(
            "How long they wait",
            "s",
            "Waits that are over: where they grow, see who waits, and add what is missing.",
            spread("hatchery_queue_duration_seconds", "hatchery_queue"),
        ),
        Panel(
            "How long steps work",
            "s",
            "The median of each step and model: a jump is a model that was changed, or an engine"
            " that shares its device with somebody.",
            {
                _NAMED_MODEL: quantile(0.5, "hatchery_step_duration_seconds", _MODEL, RECIPE),
            },
        ),
        Panel(
            "Time to an engine's first work",
            "s",
            "Until the first text or stroke of a try: where it grows, models are loaded anew or"
            " prompts have grown; keep the model in memory.",
            {
                f"{label} {{{{gen_ai_response_model}}}}": quantile(
                    share,
                    "gen_ai_client_operation_time_to_first_chunk_seconds",
                    "gen_ai_response_model",
                )
                for label, share in (("half", 0.5), ("9 of 10", 0.9))
            },
        ),
        Panel(
            "Tokens a second",
            "short",
            "How fast each model writes, in the median: where it falls, its engine does too much"
            " at once, or has lost its device.",
            {
                "{{gen_ai_response_model}}": quantile(
                    0.5, "hatchery_step_token_rate_per_second", "gen_ai_response_model", RECIPE
                )
            },
        ),
        Panel(
            "Tokens",
            "cps",
            "Tokens that were read and written: a rise without more generations is a prompt that"
            " has grown, or tries that are repeated.",
            {
                "{{gen_ai_token_type}} {{gen_ai_response_model}}": rate(
                    "gen_ai_client_token_usage_sum", "gen_ai_token_type, gen_ai_response_model"
                )
            },
        ),
        Panel(
            "Silence between events",
            "s",
            "What nine of ten gaps within a step do not exceed: where it is long, people see"
            " nothing move, so that the engine should report more often.",
            {_NAMED_STEP: quantile(0.9, "hatchery_step_update_gap_seconds", _STEP, RECIPE)},
        ),
        Panel(
            "Estimates that were off",
            "percentunit",
            "The share of steps that took a quarter more or less than earlier runs let expect: a"
            " rise after a change of model goes away by itself.",
            {
                _NAMED_STEP: (
                    f"1 - ({rate(f'{_ESTIMATE}_bucket', _STEP, _UP_TO_MORE)}"
                    f" - {rate(f'{_ESTIMATE}_bucket', _STEP, _UP_TO_LESS)})"
                    f" / {rate(f'{_ESTIMATE}_count', _STEP, _KNOWN)}"
                )
            },
        ),
        Panel(
            "Substitutes",
            "cps",
            "Steps that ended with something in place of their result, such as a placeholder for"
            " a portrait: the reason says which engine to look at.",
            {
                "{{hatchery_step}} {{hatchery_substitute}} {{error_type}}": rate(
                    "hatchery_step_fallbacks_total",
                    "hatchery_step, hatchery_substitute, error_type",
                    RECIPE,
                )
            },
        ),
        Panel(
            "Tries that failed",
            "cps",
            "Also those that another one followed: OUTPUT_* says that the model is too small for"
            " what it is asked, ENGINE_* that its service is not well.",
            {
                "{{hatchery_step}} {{error_type}}": rate(
                    "hatchery_step_failures_total", "hatchery_step, error_type", RECIPE
                )
            },
        ),
    ],
)
