"""Page sizes and tokens, and the names of resources."""

import base64
import datetime as dt
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.gateway import names
from services.gateway.servicers.pages import page_size, page_token, place
from services.runtime.errors import InvalidField


@pytest.mark.parametrize(("asked", "given"), [(0, 50), (1, 1), (200, 200), (201, 200), (9999, 200)])
def test_page_sizes_are_coerced(asked: int, given: int) -> None:
    """0 means the default, and more than the most means the most."""
    assert given == page_size(asked)


@given(time=st.datetimes(timezones=st.just(dt.UTC)), id_=st.uuids())
def test_a_token_holds_its_place(time: dt.datetime, id_: uuid.UUID) -> None:
    """The place comes back to the microsecond."""
    assert (time, id_) == place(page_token(time, id_))


@given(token=st.text(min_size=1, max_size=400) | st.binary(min_size=1, max_size=300))
def test_garbage_is_no_token(token: str | bytes) -> None:
    """Any other text, also well-formed base64 of something else, is a violation of page_token."""
    text = token if isinstance(token, str) else base64.urlsafe_b64encode(token).decode()
    with pytest.raises(InvalidField) as refused:
        place(text)
    assert ["page_token"] == list(refused.value.fields)


@pytest.mark.parametrize("inside", ["2026-01-01", "0001-01-01T00:00:00+23:59 {}", "x {}", "{} {}"])
def test_half_a_place_is_no_token(inside: str) -> None:
    """A time without an id, one outside of all calendars, and an id without a time."""
    with pytest.raises(InvalidField):
        place(base64.urlsafe_b64encode(inside.replace("{}", str(uuid.uuid4())).encode()).decode())


def test_no_token_is_the_first_page() -> None:
    """The empty token holds no place."""
    assert place("") is None


@given(id_=st.uuids(), digest=st.binary(min_size=32, max_size=32))
def test_names_hold_their_ids(id_: uuid.UUID, digest: bytes) -> None:
    """A name and its id are two forms of one thing."""
    assert id_ == names.agent_id(names.agent_name(id_))
    assert id_ == names.generation_id(names.generation_name(id_))
    assert digest == names.asset_digest(names.asset_name(digest))
