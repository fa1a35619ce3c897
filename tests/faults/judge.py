"""The oracle: what every client was told against what the log says in the end."""

import uuid
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import asyncpg
from hatchery.progress.v1.progress_pb2 import Progress

from tests.faults.people import History
from tests.support.oracle import assert_prefix, assert_story
from tests.support.postgres import connected


@dataclass
class Verdict:
    """What was looked at, and what was wrong; none of the latter is what we want."""

    generations: int
    events: int
    endings: Counter[str]
    violations: list[str]
    # Why those that failed did.
    failures: list[str]


async def judge(url: str, histories: Sequence[History]) -> Verdict:
    """Holds every history against the log, and the log against what it promises.

    Every log is whole and has one ending, which is last. Every client was told a prefix of it, from
    the beginning, without a gap or a repeat, byte for byte. Steps that ended never ran again. One
    request made one generation, and one generation that completed one agent or artifact; others
    none. A text, or a reply, is what was said of it, with no word lost or repeated wherever it was
    interrupted.
    """
    async with connected(url) as connection:
        rows = await connection.fetch(
            "SELECT id, state, last_sequence, resource, recipe FROM generations"
        )
        stored = await connection.fetch(
            "SELECT generation, event FROM progress ORDER BY generation, sequence"
        )
        kept = {row["id"]: "" for row in await connection.fetch("SELECT id FROM agents")}
        texts = await connection.fetch("SELECT id, content FROM artifacts")
        kept |= {row["id"]: row["content"] for row in texts}
        # What is said to a companion is kept by its conversation, of which each has one here.
        replies = await connection.fetch(
            "SELECT conversation, text FROM messages WHERE number % 2 = 0"
        )
        kept |= {row["conversation"]: row["text"] for row in replies}
    logs: dict[str, list[Progress]] = defaultdict(list)
    for row in stored:
        logs[f"generations/{row['generation']}"].append(Progress.FromString(row["event"]))
    wrong = [
        problem for row in rows for problem in _of_log(f"generations/{row['id']}", row, logs, kept)
    ]
    wrong += [problem for history in histories for problem in _of_history(history, logs)]
    named = defaultdict(set)
    for history in histories:
        if history.generation:
            named[history.request_id].add(history.generation)
    wrong += [f"{id_}: one request made {names}" for id_, names in named.items() if len(names) > 1]
    endings = Counter(row["state"] for row in rows)
    failures = [
        f"{name}: {events[-1].step}: {events[-1].failed.error.message}"
        for name, events in logs.items()
        if events[-1].HasField("failed")
    ]
    return Verdict(len(rows), len(stored), endings, wrong, failures)


def _of_log(
    name: str, row: asyncpg.Record, logs: dict[str, list[Progress]], kept: dict[uuid.UUID, str]
) -> list[str]:
    problems = []
    try:
        events = assert_story(logs[name])
    except AssertionError as error:
        return [f"{name}: the log is no story: {error}"]
    ending = events[-1].WhichOneof("event") or ""
    if (ending.upper(), len(events)) != (row["state"], row["last_sequence"]):
        problems.append(f"{name}: {row['state']} at {row['last_sequence']}, but {ending}")
    made = kept.get(row["resource"])
    # A reply is there before its exchange is over, which may be stopped in between.
    early = row["recipe"] == "send_message" and made is not None
    if (made is not None) != (ending == "completed") and not early:
        problems.append(f"{name}: {ending}, and what it makes is there: {made is not None}")
    if made and made != (said := _said(events)):
        problems.append(f"{name}: kept is {made!r}, and said was {said!r}")
    done: set[str] = set()
    for event in events:
        kind = event.WhichOneof("event")
        if event.step in done and kind in ("step_started", "step_completed", "step_retrying"):
            problems.append(f"{name}: {event.step} was done, and then {kind}")
        if kind == "step_completed":
            done.add(event.step)
    return problems


def _said(events: Sequence[Progress]) -> str:
    """The free text that the last attempt to write said, over all its interruptions."""
    deltas = [
        event for event in events if event.HasField("text_delta") and not event.text_delta.field
    ]
    last = max((event.attempt for event in deltas), default=0)
    return "".join(event.text_delta.text for event in deltas if event.attempt == last)


def _of_history(history: History, logs: dict[str, list[Progress]]) -> list[str]:
    if not history.events:
        return []
    name = history.generation
    try:
        told = assert_prefix(history.events)
    except AssertionError as error:
        return [f"{name}: somebody was told no prefix: {error}"]
    if told != logs[name][: len(told)]:
        return [f"{name}: somebody was told what the log does not say"]
    if history.ended and len(told) != len(logs[name]):
        return [f"{name}: somebody heard an end that was none"]
    return []
