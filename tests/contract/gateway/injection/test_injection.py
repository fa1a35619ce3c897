"""Persona is data, not authority: no text reaches another owner's data or an action not allowed.

Each case stands against the worst model there is, which obeys whatever it reads. What holds does so
without it: who owns what is in no argument, what is done is what the person's message asks for and
what is allowed, and who finds out what a message asks for reads that message and nothing else.
"""

import pytest

from tests.contract.gateway.injection.carriers import CARRIERS
from tests.contract.gateway.injection.cases import CASES
from tests.contract.gateway.injection.holding import PERSONA, TALK, begins_nothing, cases
from tests.contract.gateway.injection.scene import Attack

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_there_are_enough_of_them() -> None:
    """At least two hundred, no two the same, from every carrier."""
    assert len(CASES) >= 200
    assert len(CASES) == len({(case.carrier, case.written, case.text) for case in CASES})
    assert set(CARRIERS) == {case.carrier.partition(".")[0] for case in CASES}
    assert len({case.family for case in CASES}) >= 20
    assert set(CARRIERS) == {*PERSONA, *TALK, "message"}


@pytest.mark.parametrize("attack", cases(*PERSONA), indirect=True)
async def test_a_text_from_elsewhere_begins_nothing(attack: Attack) -> None:
    """No action at all, unless the message asks for one, and then that one and no other."""
    await begins_nothing(attack)
