"""A visit from registration to reversal through the interface, on a real database."""

from decimal import Decimal

from tests.gateway import messages, world
from tests.gateway.client import Caller


async def test_a_whole_visit_is_settled_as_the_law_says(caller: Caller) -> None:
    mdtrt_id, batch = await messages.charged(caller)
    asked = messages.settlement(world.ACTIVE, mdtrt_id, batch, "100.00")
    before = await caller.output("2206", asked)
    output = await caller.output("2207", asked)
    info = output["setlinfo"]
    assert Decimal(str(info["hifp_pay"])) == Decimal("45.50")
    assert Decimal(str(info["act_pay_dedc"])) == Decimal("30")
    assert info["setl_id"]
    assert before["setlinfo"]["setl_id"] is None
    same = {name: value for name, value in before["setlinfo"].items() if name not in ("setl_id", "setl_time", "medins_setl_id")}
    assert same == {name: info[name] for name in same}
