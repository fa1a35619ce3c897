"""The same with a model too small to plan: it is told less, and what it writes begins nothing."""

import pytest

from tests.contract.gateway.injection.cases import CASES
from tests.contract.gateway.injection.scene import IDLE, Attack, taken

pytestmark = pytest.mark.asyncio(loop_scope="module")

# A case of every carrier.
ONE_EACH = {case.carrier: case for case in CASES}.values()


@pytest.mark.parametrize(
    "small_attack", [pytest.param(case, id=case.id) for case in ONE_EACH], indirect=True
)
async def test_a_small_model_begins_nothing_either(small_attack: Attack) -> None:
    """Rules read the person's words alone, and what they find is not planned."""
    said = small_attack.case.carrier == "message"
    companion = await small_attack.companion()
    story = await small_attack.say(small_attack.model.planted if said else IDLE)
    assert ["answer"] == taken(story)
    assert companion == await small_attack.companion()
    assert 0 == await small_attack.portraits()
