"""What tokens let their bearers do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.gateway.identity.scopes import EVERYTHING, Scope, needed_by, scopes_of
from services.gateway.parts import NAMES

READ, CREATE, OPERATE = Scope.READ, Scope.CREATE, Scope.OPERATE


USUAL = frozenset({READ, CREATE})


@pytest.mark.parametrize(
    ("claims", "scopes"),
    [
        ((None, None), USUAL),
        (("",), USUAL),
        (("openid profile",), USUAL),
        ((7, {"hatchery.operate": True}), USUAL),
        (("openid hatchery.read",), {READ}),
        (("hatchery.create", None), {CREATE}),
        (("hatchery.operate hatchery.read",), {OPERATE, READ}),
        ((["hatchery.read", 7, None, []],), {READ}),
        (("openid profile", ["hatchery.read"]), {READ}),
        ((None, "hatchery.operate"), {OPERATE}),
        # What was meant to be one of ours is less than none of them, not more.
        (("hatchery.operate,hatchery.read",), set()),
        (("HATCHERY.OPERATE hatchery.reader",), set()),
    ],
)
def test_claims_are_words_or_lists(claims: tuple[object, ...], scopes: set[Scope]) -> None:
    """Others' scopes say nothing."""
    assert scopes == scopes_of(claims, USUAL)


@given(st.lists(st.recursive(st.none() | st.integers() | st.text(), st.lists)))
def test_nonsense_never_operates(claims: list[object]) -> None:
    """Whatever an issuer writes."""
    assert OPERATE not in scopes_of(claims, USUAL)


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
