"""Two at once: one wins, the other learns who was faster. Real PostgreSQL, a connection each."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

import asyncpg

from gongji.base.reasons import Refusal
from gongji.prescriptions import selectors, services
from gongji.prescriptions.case import Case
from gongji.prescriptions.verify import differences
from tests.prescriptions import centre
from tests.prescriptions.centre import AT, DOCTOR, HOSPITAL, PHARMACY, SECOND, A, B, C, granted, office

Conn = asyncpg.Connection
Work = Callable[[Conn], Awaitable[object]]
TRIES = 1_000
CASES = 40
"""Prescriptions among which the tries are shared: one alone would drag a long history behind it."""
ROUNDS = 20


async def at_once(conns: Sequence[Conn], works: Sequence[Work]) -> list[object]:
    """The answers when everybody starts together, each on a connection of his own."""
    return await asyncio.gather(*(work(conn) for work, conn in zip(works, conns, strict=True)))


def outcome(answer: object) -> str:
    return answer.code if isinstance(answer, Refusal) else "done"


async def connections(url: str, number: int = 2) -> list[Conn]:
    return [await asyncpg.connect(url) for _ in range(number)]


async def close(conns: Sequence[Conn]) -> None:
    await asyncio.gather(*(conn.close() for conn in conns))


def accepting(grant: services.Grant, pharmacy: str) -> Work:
    return lambda conn: services.accept(
        conn, office(who=pharmacy), pharmacy, grant.token, grant.auth_no, "收银员"
    )


async def test_of_two_pharmacies_one_wins_a_thousand_times_and_the_other_learns_who_and_since_when(
    conn: Conn, pg_url: str
) -> None:
    cases = [await centre.circulating(conn, f"RACE{number}") for number in range(CASES)]
    pair = await connections(pg_url)
    winners: Counter[str] = Counter()
    for case in cases * (TRIES // CASES):
        grants = [await granted(conn, case, pharmacy) for pharmacy in (PHARMACY, SECOND)]
        works = [accepting(grant, p) for grant, p in zip(grants, (PHARMACY, SECOND), strict=True)]
        answers = await at_once(pair, works)
        (won,) = [answer for answer in answers if isinstance(answer, services.Accepted)]
        (lost,) = [answer for answer in answers if isinstance(answer, Refusal)]
        winners[won.case.holder] += 1
        assert lost.code == "RX_HELD"
        assert lost.detail.startswith(f"某药房{won.case.holder[-1]} 于 2024-08-15 10:00:00 接单")
        released = await services.release(conn, office(who=won.case.holder), won.case.holder, case.rx_no)
        assert isinstance(released, Case)
    assert sum(winners.values()) == TRIES
    assert await differences(conn) == ()
    await close(pair)


async def test_of_a_withdrawal_and_an_acceptance_the_withdrawal_stands_and_the_pharmacy_is_told(
    conn: Conn, pg_url: str
) -> None:
    pair = await connections(pg_url)
    for number in range(ROUNDS):
        case = await centre.circulating(conn, f"WA{number}")
        grant = await granted(conn, case)
        answers = await at_once(
            pair,
            [
                accepting(grant, PHARMACY),
                lambda c, rx=case.rx_no: services.withdraw(c, office(), HOSPITAL, rx, DOCTOR, "开错"),
            ],
        )
        assert outcome(answers[1]) == "done"
        assert outcome(answers[0]) in ("done", "RX_REVOKED")
        next_step = await services.release(conn, office(who=PHARMACY), PHARMACY, case.rx_no)
        assert outcome(next_step) == "RX_REVOKED"
    await close(pair)


async def test_of_a_lapse_and_a_sale_one_happens_and_never_both(conn: Conn, pg_url: str) -> None:
    """The sale came in within the hold's time, the sweep runs at a later instant: whoever is written first counts."""
    pair = await connections(pg_url)
    await centre.stock(conn, PHARMACY)
    seen: Counter[str] = Counter()
    for number in range(ROUNDS):
        case = await centre.circulating(conn, f"LS{number}")
        held = await centre.approved(conn, case)
        assert held.case.held_until is not None
        at, after = held.case.held_until, held.case.held_until + timedelta(seconds=1)
        answers = await at_once(
            pair,
            [
                lambda c, rx=case.rx_no, sn=held.review_sn, at=at: services.dispense(
                    c, office(at, PHARMACY), PHARMACY, rx, sn, centre.sale(A, B, C)
                ),
                lambda c, after=after: services.expire(c, office(after)),
            ],
        )
        found = await selectors.case(conn, case.rx_no)
        assert found is not None
        verbs = [event.verb for event in found.events]
        assert ("dispense" in verbs) != ("lapse" in verbs)
        assert outcome(answers[0]) == ("done" if "dispense" in verbs else "RX_NOT_HELD")
        seen[verbs[-1]] += 1
    assert sum(seen.values()) == ROUNDS
    assert await differences(conn) == ()
    await close(pair)


async def test_of_an_expiry_and_an_acceptance_one_happens(conn: Conn, pg_url: str) -> None:
    pair = await connections(pg_url)
    for number in range(ROUNDS):
        case = await centre.circulating(conn, f"EA{number}")
        last = case.prescription.valid_until
        grant = await granted(conn, case, at=last)
        answers = await at_once(
            pair,
            [
                lambda c, grant=grant, at=last: services.accept(
                    c, office(at, PHARMACY), PHARMACY, grant.token, grant.auth_no, ""
                ),
                lambda c, at=last + timedelta(seconds=1): services.expire(c, office(at)),
            ],
        )
        found = await selectors.case(conn, case.rx_no)
        assert found is not None
        if outcome(answers[0]) == "done":
            assert found.state in ("held", "expired")
        else:
            assert (outcome(answers[0]), found.state) == ("RX_EXPIRED", "expired")
    assert await differences(conn) == ()
    await close(pair)


async def test_a_code_shown_to_two_pharmacies_opens_at_one(conn: Conn, pg_url: str) -> None:
    pair = await connections(pg_url)
    for number in range(ROUNDS):
        case = await centre.circulating(conn, f"CD{number}")
        code = centre.done(await services.show_code(conn, office(), case.psn_no, case.rx_no))
        answers = await at_once(
            pair,
            [
                lambda c, p=p, text=code.text: services.decode(c, office(who=p), p, text)
                for p in (PHARMACY, SECOND)
            ],
        )
        assert Counter(map(outcome, answers)) == {"done": 1, "RX_CODE_USED": 1}
    await close(pair)


async def test_a_hospitals_number_is_given_once(conn: Conn, pg_url: str) -> None:
    pair = await connections(pg_url)
    for number in range(ROUNDS):
        psn_no = await centre.person(conn, f"HN{number}")
        visit_id = await centre.visit(conn, psn_no)
        asked = centre.issue(psn_no, visit_id)
        answers = await at_once(pair, [lambda c, asked=asked: services.check(c, office(), asked)] * 2)
        assert Counter(map(outcome, answers)) == {"done": 1, "RX_NUMBER_USED": 1}
    await close(pair)


async def test_ten_pharmacies_at_once_give_one_holder(conn: Conn, pg_url: str) -> None:
    many = await connections(pg_url, 6)
    case = await centre.circulating(conn, "TEN")
    grants = [(await granted(conn, case, p), p) for p in centre.PHARMACIES for _ in range(2)]
    answers = await at_once(many, [accepting(grant, pharmacy) for grant, pharmacy in grants])
    done = [answer for answer in answers if isinstance(answer, services.Accepted)]
    holders = {answer.case.holder for answer in done}
    assert len(holders) == 1
    assert {outcome(answer) for answer in answers} <= {"done", "RX_HELD"}
    assert (done[0].case.held_until or AT) > AT
    await close(many)
