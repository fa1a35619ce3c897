"""The frames between the mflux engine and its worker."""

import pytest

from services.avatar.engines.mflux import messages as said

MESSAGES = [
    said.Describe(["flux2-klein-4b", "/a/b c/ü"]),
    said.Draw(1, "dev", 'a "hen"\n{}\0 🐔', 64, 64, 4, 2**32 - 1, None),
    said.Draw(2, "dev", "", 64, 64, 4, 0, 0.5),
    said.Cancel(3),
    said.Described([said.Card("a", "b", "c", "d", 4), said.Card("x", "x", problem="no")], "CPU"),
    said.Loading(4),
    said.Started(5, "dev", 1.5),
    said.Step(6, 1, 4, 0.25),
    said.Preview(7, 1, 32, 32, bytes(range(256))),
    said.Done(8, 64, 64, 3.5, b"\x89PNG" * 1000),
    said.Cancelled(9),
    said.WeightsMissing(10, "hf download a/b"),
    said.Failed(11, "it broke"),
]


@pytest.mark.parametrize("message", MESSAGES, ids=lambda m: type(m).__name__)
def test_a_message_survives_its_frame(message: said.Message) -> None:
    """What is decoded equals what was encoded, pictures byte for byte."""
    frame = said.encode(message)
    head, picture = said.SIZES.unpack_from(frame)
    body = frame[said.SIZES.size :]
    assert len(body) == head + picture
    assert message == said.decode(body[:head], body[head:])
