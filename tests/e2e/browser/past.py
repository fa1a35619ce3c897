"""Texts that were asked for in the past, made up in the database."""

import datetime as dt
import uuid

import asyncpg

from services.gateway.identity.callers import LOCAL

DAY = dt.timedelta(days=1)
MODELS = ("smollm2", "qwen3:latest", "llama3.2:3b-instruct-q4_K_M", "phi4", "gemma3:12b")
# By turns; what was stopped is rarer than what failed.
ENDS = ("COMPLETED",) * 7 + ("FAILED", "COMPLETED", "CANCELLED", "COMPLETED", "FAILED")


async def add(rows: asyncpg.Connection, number: int, create_time: dt.datetime) -> None:
    """Another text that was asked for; `number` decides how it went."""
    end, model = ENDS[number % len(ENDS)], MODELS[number % len(MODELS)]
    took = 4.0 + number % 9
    generation = uuid.uuid4()
    await rows.execute(
        "INSERT INTO generations (id, owner, recipe, state, rpc, request_id, request, description,"
        " resource, snapshot, create_time, start_time, end_time, cost_micros, reserved_micros,"
        " error_reason) VALUES ($1, $2, 'create_text', $3, 'CreateArtifact', $1, '', 'a tale', $1,"
        " '', $4, $4, $5, $6, $7, $8)",
        generation,
        LOCAL,
        end,
        create_time,
        create_time + dt.timedelta(seconds=took + 1),
        50_000 * (number % 7),
        400_000,
        "ENGINE_TIMEOUT" if end == "FAILED" else "",
    )
    if number % 5 == 1:
        await rows.execute(
            "INSERT INTO failures (generation, step, attempt, engine, model, reason)"
            " VALUES ($1, 'write', 1, 'ollama', $2, 'ENGINE_BUSY')",
            generation,
            model,
        )
    if end != "COMPLETED":
        return
    await rows.execute(
        "INSERT INTO times (generation, step, asked, size, engine, model, seconds, input_tokens,"
        " output_tokens, rate, expected, fallback)"
        " VALUES ($1, 'write', '', '', 'ollama', $2, $3, 80, $4, $5, $6, $7)",
        generation,
        model,
        took,
        100 + number % 300,
        12.0 * (1 + number % len(MODELS)) + number % 4,
        took * 1.2,
        "beginning" if number % 10 == 4 else "",
    )
    if number % 3 == 0:
        await rows.execute(
            "INSERT INTO ratings (generation, step, engine, model, stars, comment)"
            " VALUES ($1, 'write', 'ollama', $2, $3, '')",
            generation,
            model,
            1 + number % 5,
        )


async def add_history(rows: asyncpg.Connection, generations: int, days: int) -> None:
    """So many generations, spread over the days up to now."""
    now = dt.datetime.now(dt.UTC)
    for number in range(generations):
        await add(rows, number, now - DAY * days * (number / generations) ** 1.5)
