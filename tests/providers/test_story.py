"""A pharmacy from its application to its exit, and what the engine pays for the same purchase on every day in between."""

from __future__ import annotations

from datetime import date

import asyncpg
import pytest

from gongji.providers import applying, evaluating, files, standing
from gongji.providers import selectors as providers
from gongji.providers.dossier import Profile
from gongji.providers.rules import standing_refusal
from gongji.providers.standing import Proposal
from gongji.providers.verify import differences
from gongji.settlement.engine import Engine
from tests.pg import world
from tests.providers import agency
from tests.providers.agency import OFFICE, done, refused, taker
from tests.vaults import VAULT

MEMBER = "62140800000000000000000000991"
APPLIED, RETURNED, COMPLETED = date(2024, 1, 2), date(2024, 1, 8), date(2024, 1, 10)
EVALUATED, SIGNED, OPENED = date(2024, 2, 20), date(2024, 3, 1), date(2024, 4, 1)
SUSPENDED, RESUMED, TERMINATED = date(2024, 5, 1), date(2024, 6, 1), date(2024, 7, 15)


@pytest.fixture
async def rooms(pg_url: str) -> str:
    """Institutions, catalogue and a member who buys."""
    conn = await asyncpg.connect(pg_url)
    await world.build(conn, [MEMBER])
    await conn.close()
    return pg_url


@pytest.fixture
def pharmacy() -> Profile:
    return agency.new_profile("pharmacy", name="某某大药房", opened_on=date(2023, 6, 1))


async def bought(
    engine: Engine, conn: asyncpg.Connection, pharmacy: Profile, on: date
) -> tuple[int, str | None]:
    """What the pool pays for 100.00 of a prescribed drug bought on the day, and why it pays nothing."""
    rx_no = f"RX{world.new_id()}"
    visit_id = await world.visit(conn, MEMBER, [world.fee(1, 1)], on=on)
    await world.prescribe(conn, MEMBER, rx_no, visit_id, [world.DRUG_A], on=on)
    lines = [world.fee(1, 10_000, rx_no=rx_no)]
    command = world.purchase_command(MEMBER, lines, rx_no, at=pharmacy.code, on=on)
    settled = done(await engine.settle(command))
    row = await conn.fetchrow(
        "SELECT pool_fen, refusal FROM settlement_v_settlement WHERE psn_no = $1 AND settlement_id = $2",
        MEMBER,
        settled.settlement_id,
    )
    return row["pool_fen"], row["refusal"] or None


@pytest.mark.clause("SX2022-27.art4.a", "SX2022-27.art4.c", "NHSA2023-4.s2.a", "NHSA2023-4.s3.3.d")
async def test_a_pharmacy_applies_opens_the_pool_is_suspended_and_leaves(
    rooms: str, conn: asyncpg.Connection, pharmacy: Profile
) -> None:
    owner = agency.personal()
    wang, li = "wang", "li"
    number = await _complete(conn, pharmacy, owner)
    panel = agency.PANEL
    assert refused(
        await evaluating.convene(conn, OFFICE, number, taker(li, EVALUATED), (*panel[:2], _member("wang")))
    ) == ("PANEL_CONFLICT")
    done(await evaluating.convene(conn, OFFICE, number, taker(li, EVALUATED), panel))
    passed = done(await evaluating.evaluate(conn, OFFICE, number, taker(li, EVALUATED), agency.scores()))
    assert passed.state == "qualified"
    done(await evaluating.negotiate(conn, OFFICE, number, taker(li, EVALUATED), "第一轮：结算周期有分歧"))
    done(await evaluating.negotiate(conn, OFFICE, number, taker(li, SIGNED), "第二轮：一致"))
    done(await evaluating.agree(conn, OFFICE, number, taker(li, SIGNED)))
    done(await evaluating.sign(conn, OFFICE, number, taker(li, SIGNED), agency.signature(SIGNED)))
    assert (
        refused(await standing.confirm(conn, OFFICE, number, taker(li, SIGNED))) == "SECOND_PERSON_REQUIRED"
    )
    active = done(await standing.confirm(conn, OFFICE, number, taker("zhao", SIGNED)))
    assert (active.state, active.term_until_on) == ("active", date(2025, 2, 28))

    pool = await agency.designated(conn, pharmacy, "pooled", OPENED, date(2025, 2, 28))

    pause = Proposal(
        from_on=SUSPENDED, until_on=date(2024, 7, 31), ground="data_false", note="进销存数据不实"
    )
    done(await standing.suspend(conn, OFFICE, number, taker(li, date(2024, 4, 25)), pause))
    done(await standing.confirm(conn, OFFICE, number, taker("zhao", date(2024, 4, 26))))
    again = Proposal(from_on=RESUMED, note="已整改")
    done(await standing.resume(conn, OFFICE, number, taker(li, date(2024, 5, 30)), again))
    done(await standing.confirm(conn, OFFICE, number, taker("zhao", date(2024, 5, 31))))
    leave = Proposal(from_on=TERMINATED, ground="fund_fraud", note="查实串换药品")
    done(await standing.terminate(conn, OFFICE, number, taker(li, date(2024, 7, 10)), leave))
    ended = done(await standing.confirm(conn, OFFICE, number, taker("zhao", date(2024, 7, 12))))
    assert (ended.state, ended.effective[-1].barred_until) == ("terminated", date(2027, 7, 14))

    days = {
        date(2024, 2, 29): (0, "NOT_DESIGNATED"),
        date(2024, 3, 15): (0, "NOT_POOLED_PROVIDER"),
        OPENED: (4_200, None),
        date(2024, 4, 30): (4_200, None),
        SUSPENDED: (0, "NOT_DESIGNATED"),
        date(2024, 5, 31): (0, "NOT_DESIGNATED"),
        RESUMED: (4_200, None),
        date(2024, 7, 14): (4_550, None),
        TERMINATED: (0, "NOT_DESIGNATED"),
    }
    engine = await world.open_engine(rooms)
    assert {day: await bought(engine, conn, pharmacy, day) for day in days} == days
    await engine.close()
    assert await _said(conn, pharmacy, [date(2024, 2, 29), OPENED, SUSPENDED, TERMINATED]) == [
        "PROVIDER_BEFORE_AGREEMENT",
        None,
        "PROVIDER_SUSPENDED",
        "PROVIDER_TERMINATED",
    ]
    supplementary = await files.dossier(conn, pool.dossier_id)
    assert supplementary is not None
    assert (supplementary.state, supplementary.last.action) == ("terminated", "end")

    newly = agency.application(pharmacy, on=date(2027, 7, 14))
    late = taker(wang, date(2027, 7, 14))
    assert refused(await applying.apply(conn, OFFICE, newly, owner, late)) == "APPLICATION_BARRED"
    cousin = agency.application(agency.new_profile("pharmacy"), on=date(2028, 1, 4))
    barred = await applying.apply(conn, OFFICE, cousin, owner, taker(wang, date(2028, 1, 4)))
    assert refused(barred) == "APPLICATION_BARRED"
    free = agency.application(pharmacy, on=date(2029, 7, 15))
    done(await applying.apply(conn, OFFICE, free, owner, taker(wang, date(2029, 7, 15))))
    assert [one for one in await differences(conn) if one.code == pharmacy.code] == []


def _member(name: str) -> agency.Panelist:
    return agency.Panelist(name, "市医保中心", ("finance", "information"))


async def _complete(conn: asyncpg.Connection, pharmacy: Profile, owner: agency.Personal) -> int:
    """Applied for with a proof missing, returned once, completed by the pharmacy itself, accepted."""
    whole = agency.application(pharmacy, on=APPLIED)
    short = agency.application(
        pharmacy, on=APPLIED, conditions=whole.conditions[1:], documents=whole.documents[1:]
    )
    itself = taker(pharmacy.code, APPLIED, "institution")
    number = done(await applying.apply(conn, OFFICE, short, owner, itself)).dossier_id
    assert (
        refused(await applying.accept(conn, OFFICE, number, taker("wang", APPLIED))) == "CONDITIONS_MISSING"
    )
    back = done(await applying.give_back(conn, OFFICE, number, taker("wang", RETURNED)))
    assert set(back.last.content.missing) == {whole.conditions[0].code, whole.documents[0].code}
    given = (whole.conditions[:1], whole.documents[:1])
    completing = taker(pharmacy.code, COMPLETED, "institution")
    done(await applying.supplement(conn, OFFICE, number, completing, *given))
    done(await applying.accept(conn, OFFICE, number, taker("wang", COMPLETED)))
    return number


async def _said(conn: asyncpg.Connection, pharmacy: Profile, days: list[date]) -> list[str | None]:
    """Why the pharmacy is not designated, as its history says it."""
    provider = (await providers.load(conn, VAULT)).get(pharmacy.code)
    assert provider is not None
    refusals = [standing_refusal(provider.on(day)) for day in days]
    return [refusal.code if refusal else None for refusal in refusals]
