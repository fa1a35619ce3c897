"""What statements are called in traces: what is done to which tables, and no value of theirs."""

import re
from functools import lru_cache

# What only looks like a table: `extract(epoch FROM end_time)`, and a comment.
_NOISE = re.compile(r"--[^\n]*|\bextract\s*\(\s*\w+\s+FROM\b", re.IGNORECASE)
_WRITE = re.compile(r"\b(INSERT)\s+INTO\s|\b(DELETE)\s+FROM\s|\b(UPDATE)\s+\w+\s+(?:AS|SET)\b")
_TABLE = re.compile(
    r"\bINTO\s+(\w+)|\b(?:FROM|JOIN)\s+(\w+)\b(?!\s*\()|\bUPDATE\s+(\w+)\s+(?:AS|SET)"
)
_CALLED = re.compile(r"\b(\w+)\s*\(")
_NAMED = re.compile(r"\b(\w+)\s+AS\s+\(")
# OpenTelemetry cuts off what is longer.
_LONGEST = 255


@lru_cache(maxsize=512)
def summary(sql: str) -> str:
    """As in "UPDATE generations slots": what is done, and every table that is in it, or a function.

    The text of a statement is always a constant of ours: values are parameters.
    """
    text = _NOISE.sub("", sql)
    write = _WRITE.search(text)
    verb = next(filter(None, write.groups())) if write else "SELECT"
    named = set(_NAMED.findall(text))
    tables = ["".join(found) for found in _TABLE.findall(text)]
    what = [table for table in tables if table not in named] or _CALLED.findall(text)[:1]
    return " ".join(dict.fromkeys([verb, *what]))[:_LONGEST]
