"""3508-3513 and 3592B: an institution reads its own uploads, and nobody else's; one-time trace codes."""

from typing import Any

import pytest

from gongji.gateway.platform import Platform
from gongji.stock.traces import forged
from tests.gateway import messages, world
from tests.gateway.client import Caller, fresh
from tests.gateway.stock_messages import QUERIES, nodes, query, trace, virtual
from tests.gateway.test_accesses import records
from tests.vaults import VAULT

CODE = world.PHARMACY


async def ask(caller: Caller, infno: str, /, **changes: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await caller.output(infno, query(CODE, **changes), caller=CODE))["output"]
    return found


async def told(caller: Caller, infno: str, /, **changes: Any) -> None:
    await caller.output(infno, nodes(infno, **changes), caller=CODE)


async def test_counts_changes_and_purchases_are_answered_as_uploaded(caller: Caller) -> None:
    batch = fresh("PC")
    for infno in ("3501", "3502", "3503", "3504"):
        await told(caller, infno, fixmedins_bchno=batch)
    (count,) = await ask(caller, "3508", fixmedins_bchno=batch)
    assert (count["invCnt"], count["invdate"], count["valiFlag"]) == (10, "2024-08-15", "1")
    (change,) = await ask(caller, "3509", fixmedins_bchno=batch)
    assert (change["invChgType"], change["cnt"], change["pric"]) == ("103", 1, 12.5)
    bought, back = await ask(caller, "3510", fixmedins_bchno=batch)
    assert (bought["prodRetnFlag"], back["prodRetnFlag"]) == ("0", "1")
    assert (bought["prodentpName"], bought["purcRetnCnt"], bought["purcInvoNo"]) == ("测试药厂", 50, "FP1")


async def test_a_deleted_row_is_answered_as_no_longer_valid(caller: Caller) -> None:
    batch = fresh("PC")
    await told(caller, "3503", fixmedins_bchno=batch)
    await told(caller, "3507", fixmedins_bchno=batch)
    assert [one["valiFlag"] for one in await ask(caller, "3510", fixmedins_bchno=batch)] == ["0"]


async def test_a_sale_says_to_whom_and_the_look_is_recorded(caller: Caller, platform: Platform) -> None:
    batch, psn_no = fresh("PC"), await messages.somebody(caller)
    buyer = {"psn_no": psn_no, "certno": "99999919900101001X", "psn_name": "某甲"}
    await told(caller, "3505", fixmedins_bchno=batch, **buyer)
    before = len(await records(platform, psn_no))
    (sold,) = await ask(caller, "3511", fixmedins_bchno=batch)
    assert (sold["psnNo"], sold["certno"], sold["psnName"]) == tuple(buyer.values())
    assert (sold["selRetnCnt"], sold["pharName"]) == (1, "测试药师")
    (record,) = (await records(platform, psn_no))[before:]
    assert record == (f"institution:{CODE}", "3511", "psn_name,certno")


async def test_what_was_told_about_somebody_without_a_number_stays_sealed(caller: Caller) -> None:
    batch = fresh("PC")
    await told(caller, "3505", fixmedins_bchno=batch, certno="99999919900101001X", psn_name="某甲")
    (sold,) = await ask(caller, "3511", fixmedins_bchno=batch)
    assert (sold["psnNo"], sold["certno"], sold["psnName"]) == (None, None, None)


async def test_codes_that_came_in_and_codes_that_were_sold(caller: Caller) -> None:
    batch, came, left = fresh("PC"), trace(), trace()
    listed = [{"drug_trac_codg": came}, {"drug_trac_codg": left}]
    await told(caller, "3503", fixmedins_bchno=batch, drugtracinfo=listed)
    await told(
        caller,
        "3505",
        fixmedins_bchno=batch,
        drugtracinfo=[{"drug_trac_codg": left}],
        certno="X1",
        mdtrt_sn=batch,
    )
    incoming = await ask(caller, "3512", fixmedins_bchno=batch)
    assert sorted(one["drugTracCodg"] for one in incoming) == sorted((came, left))
    assert [
        one["drugTracCodg"] for one in await ask(caller, "3512", drug_trac_codg=came, fixmedins_bchno=batch)
    ] == [came]
    for by in ({"fixmedins_bchno": batch}, {"certno": "X1"}, {"mdtrt_id": batch}, {"drug_trac_codg": left}):
        only = {"fixmedins_bchno": "", "begndate": "", "enddate": ""} | by
        assert left in [one["drugTracCodg"] for one in await ask(caller, "3513", **only)]


@pytest.mark.parametrize("infno", QUERIES)
async def test_a_query_names_a_drug_or_a_batch(caller: Caller, infno: str) -> None:
    text = await caller.refused(infno, query(CODE, fixmedins_bchno=""), caller=CODE)
    assert "MISSING_FIELD" in text


@pytest.mark.parametrize("infno", QUERIES)
async def test_days_in_the_wrong_order_are_refused(caller: Caller, infno: str) -> None:
    text = await caller.refused(infno, query(CODE, begndate="2025-01-01", enddate="2024-01-01"), caller=CODE)
    assert "DATE_ORDER" in text


@pytest.mark.parametrize("infno", QUERIES)
async def test_the_last_day_that_can_be_written_is_answered(caller: Caller, infno: str) -> None:
    rows = await ask(caller, infno, fixmedins_bchno="没有", begndate="1900-01-01", enddate="2200-12-31")
    assert rows == []


@pytest.mark.parametrize("infno", QUERIES)
async def test_nobody_reads_another_institutions_rows(caller: Caller, infno: str) -> None:
    batch = fresh("PC")
    for upload in ("3501", "3502", "3503", "3505"):
        await told(caller, upload, fixmedins_bchno=batch, drugtracinfo=[{"drug_trac_codg": trace()}])
    assert await ask(caller, infno, fixmedins_bchno=batch) != []
    asked = query(CODE, fixmedins_bchno=batch)
    assert "FORBIDDEN" in await caller.refused(infno, asked, caller=world.HOSPITAL)
    own = await caller.output(infno, query(world.HOSPITAL, fixmedins_bchno=batch), caller=world.HOSPITAL)
    assert own == {"output": []}


async def test_a_virtual_code_is_new_every_time_and_the_institutions_own(caller: Caller) -> None:
    made = [(await caller.output("3592B", virtual(), caller=CODE))["result"] for _ in range(2)]
    codes = [one["drug_trac_codg"] for one in made]
    assert made[0]["fixmedins_hilist_id"] == virtual()["data"]["fixmedins_hilist_id"]
    assert codes[0] != codes[1]
    assert not forged(VAULT, CODE, codes[0])
    assert forged(VAULT, world.HOSPITAL, codes[0])


async def test_a_virtual_code_may_be_sold_as_any_other(caller: Caller, platform: Platform) -> None:
    code = (await caller.output("3592B", virtual(), caller=CODE))["result"]["drug_trac_codg"]
    batch = fresh("PC")
    await told(caller, "3505", fixmedins_bchno=batch, drugtracinfo=[{"drug_trac_codg": code}])
    assert [one["drugTracCodg"] for one in await ask(caller, "3513", fixmedins_bchno=batch)] == [code]
