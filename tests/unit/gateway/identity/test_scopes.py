"""What tokens let their bearers do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.gateway.identity.scopes import EVERYTHING, Scope, needed_by, scopes_of
from services.gateway.parts import NAMES

READ, CREATE, OPERATE = Scope.READ, Scope.CREATE, Scope.OPERATE


@pytest.mark.parametrize(
    ("claim", "scopes"),
    [
        (None, {READ, CREATE}),
        ("", {READ, CREATE}),
        ("openid profile", {READ, CREATE}),
        ("openid hatchery.read", {READ}),
        ("hatchery.create", {CREATE}),
        ("hatchery.operate", {OPERATE}),
        ("hatchery.operate hatchery.read", {OPERATE, READ}),
        (["hatchery.read", 7, None, []], {READ}),
        ("hatchery.operate,hatchery.read", {READ, CREATE}),
        ("HATCHERY.OPERATE hatchery.operated", {READ, CREATE}),
        ({"hatchery.operate": True}, {READ, CREATE}),
        (7, {READ, CREATE}),
    ],
)
def test_a_claim_is_words_or_a_list(claim: object, scopes: set[Scope]) -> None:
    """Others' scopes say nothing; operating is never a default."""
    assert scopes == scopes_of(claim)


@given(st.recursive(st.none() | st.integers() | st.text(), st.lists))
def test_nonsense_never_operates(claim: object) -> None:
    """Whatever an issuer writes."""
    assert OPERATE not in scopes_of(claim)


def test_every_method_needs_a_scope() -> None:
    """What makes, changes or steers anything creates; what only looks reads."""
    needed = needed_by(NAMES)
    own = {path.rpartition("/")[2]: scopes[0] for path, scopes in needed.items()}
    reading = {name for name, scope in own.items() if scope is READ}
    assert all(
        (name in reading)
        == name.startswith(("Get", "List", "Watch", "Wait", "Query", "Download", "Export"))
        for name in own
    )
    also = {path.rpartition("/")[2] for path, scopes in needed.items() if OPERATE in scopes}
    assert {"CancelGeneration", "QueryGenerationStats"} == also
    assert {scope for scopes in needed.values() for scope in scopes} == EVERYTHING
