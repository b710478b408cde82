"""Whatever is posted, balance and entries agree, and nothing is posted twice or by half."""

from datetime import UTC, datetime
from random import Random

import asyncpg
import pytest

from gongji.accounts.selectors import balances
from gongji.accounts.services import open_balances

AT = datetime(2024, 8, 15, 2, 0, tzinfo=UTC)
PERSONS = [f"R{number}" for number in range(6)]


@pytest.mark.parametrize("seed", range(3))
async def test_after_random_postings_the_entries_add_up_to_the_balances(conn, seed: int):
    dice = Random(seed)
    persons = [f"{psn_no}-{seed}" for psn_no in PERSONS]
    expected = dict.fromkeys(persons, 1_000)
    await open_balances(
        conn, [(psn_no, 1_000, number) for number, psn_no in enumerate(persons)], "opening", AT
    )
    versions = dict.fromkeys(persons, 1)
    number = 100
    for _ in range(150):
        moves = [(dice.choice(persons), dice.randint(-400, 300)) for _ in range(dice.randint(1, 8))]
        number += len(moves)
        known = [versions[psn_no] if dice.random() < 0.9 else versions[psn_no] - 1 for psn_no, _ in moves]
        after = dict(expected)
        fits = True
        for psn_no, amount in moves:
            after[psn_no] += amount
            fits = fits and after[psn_no] >= 0
        good = all(version == versions[psn_no] for (psn_no, _), version in zip(moves, known, strict=True))
        try:
            async with conn.transaction():
                posted = await conn.fetchval(
                    "SELECT accounts_post($1, $2, $3, $4, $5, $6, $7, $8)",
                    [psn_no for psn_no, _ in moves],
                    known,
                    [amount for _, amount in moves],
                    ["settlement"] * len(moves),
                    [None] * len(moves),
                    [None] * len(moves),
                    [number + position for position in range(len(moves))],
                    AT,
                )
                if posted != len(moves):
                    raise Stale
        except (asyncpg.CheckViolationError, Stale):
            assert not (good and fits)
            continue
        assert good
        assert fits
        number += len(moves)
        expected = after
        for psn_no in {psn_no for psn_no, _ in moves}:
            versions[psn_no] += 1
    assert {psn_no: fen for psn_no, (fen, _) in (await balances(conn, persons)).items()} == expected
    sums = await conn.fetch(
        "SELECT psn_no, sum(amount_fen)::bigint AS fen FROM accounts_entry WHERE psn_no = ANY($1) GROUP BY psn_no",
        persons,
    )
    assert {row["psn_no"]: row["fen"] for row in sums} == expected


class Stale(Exception):
    """The caller rolls back when fewer movements were posted than given."""
