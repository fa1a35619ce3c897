"""What statements are called in traces."""

import pytest

from services.gateway.store import accepting, leases, log, slots, stats
from services.gateway.store.statements import summary


@pytest.mark.parametrize(
    ("sql", "called"),
    [
        ("SELECT step, result FROM steps WHERE generation = $1", "SELECT steps"),
        ("INSERT INTO progress (generation, sequence) VALUES ($1, 1)", "INSERT progress"),
        ("DELETE FROM previews WHERE generation = $1", "DELETE previews"),
        ("UPDATE agents SET delete_time = now() WHERE id = $1", "UPDATE agents"),
        ("SELECT pg_advisory_xact_lock($1)", "SELECT pg_advisory_xact_lock"),
        ("SELECT extract(epoch FROM end_time) FROM generations", "SELECT generations"),
        ("", "SELECT"),
        (leases._CLAIM, "UPDATE generations"),
        (leases._LINE, "SELECT generations steps slots"),
        (leases._RENEW, "UPDATE generations"),
        (log._APPEND, "UPDATE generations progress"),
        (log._NEWS, "SELECT generations progress"),
        (accepting._UNDER_WAY, "SELECT steps slots generations"),
        (accepting._INSERT, "INSERT generations progress"),
        (slots._GRANT, "UPDATE slots"),
        (stats._STEPS, "SELECT generations times ratings"),
    ],
)
def test_a_statement_is_called_by_what_it_does(sql: str, called: str) -> None:
    """To which tables, in their order; what has a name within it, and functions, are none."""
    assert called == summary(sql)
