"""Which national code an institution's own item stands for on which days: what was said last holds, what was said stays."""

from datetime import UTC, date, datetime, timedelta
from itertools import count

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongji.base.actors import Actor
from gongji.base.ids import IdSource
from gongji.base.reasons import Refusal
from gongji.catalog import mappings
from gongji.catalog.mapping_rules import MOST_SAID, Entry, Mapping, fold, planned, problem, said_twice
from gongji.catalog.mappings import ListedMapping, MappingQuery
from gongji.catalog.selectors import load
from gongji.catalog.values import Catalogue

AT = datetime(2024, 8, 15, 2, 0, tzinfo=UTC)
ACTOR = Actor("institution", "H1")
_ticks = count(1_700_000_000_000)
IDS = IdSource(7, lambda: next(_ticks))
CODES = ("MAPA", "MAPB", "MAPC")
EVERYTHING = MappingQuery()


def mapping(code: str = "MAPA", from_on: str = "2024-01-01", until_on: str = "", **given: str) -> Mapping:
    return Mapping(
        list_type=given.pop("list_type", "101"),
        local_item=given.pop("local_item", "本院001"),
        code=code,
        from_on=date.fromisoformat(from_on),
        until_on=date.fromisoformat(until_on) if until_on else None,
        **given,
    )


def entries(*said: Mapping | str) -> list[Entry]:
    """Mappings in their order; a text withdraws that code."""
    return [
        Entry(number, number, one, None, AT + timedelta(minutes=number))
        if isinstance(one, str)
        else Entry(number, number, one.code, one, AT + timedelta(minutes=number))
        for number, one in enumerate(said, start=1)
    ]


def days(*said: Mapping | str) -> list[tuple[str, str, str]]:
    """What holds, as code, first and last day."""
    return [
        (spell.code, str(spell.from_on), str(spell.until_on or ""))
        for spell in fold(entries(*said))
        if spell.valid
    ]


def test_a_later_mapping_ends_the_one_before() -> None:
    assert days(mapping("MAPA"), mapping("MAPB", "2024-07-01")) == [
        ("MAPA", "2024-01-01", "2024-06-30"),
        ("MAPB", "2024-07-01", ""),
    ]


def test_a_correction_of_some_days_leaves_the_days_around_it() -> None:
    assert days(mapping("MAPA"), mapping("MAPB", "2024-03-01", "2024-03-31")) == [
        ("MAPA", "2024-01-01", "2024-02-29"),
        ("MAPB", "2024-03-01", "2024-03-31"),
        ("MAPA", "2024-04-01", ""),
    ]


def test_a_mapping_without_a_day_left_stays_as_not_valid() -> None:
    spells = fold(entries(mapping("MAPA", "2024-03-01", "2024-03-31"), mapping("MAPB")))
    assert [(spell.code, spell.valid) for spell in spells] == [("MAPB", True), ("MAPA", False)]


def test_a_withdrawn_mapping_stays_as_not_valid_and_may_be_said_again() -> None:
    spells = fold(entries(mapping("MAPA"), "MAPA", mapping("MAPA")))
    assert [(spell.entry_no, spell.valid) for spell in spells] == [(1, False), (3, True)]


@given(
    st.lists(
        st.sampled_from(CODES)
        | st.tuples(st.sampled_from(CODES), st.integers(0, 40), st.none() | st.integers(0, 20)),
        max_size=8,
    )
)
def test_on_every_day_the_last_that_named_it_holds(said: list[str | tuple[str, int, int | None]]) -> None:
    start = date(2024, 1, 1)
    history: list[Mapping | str] = []
    for one in said:
        if isinstance(one, str):
            history.append(one)
            continue
        first = start + timedelta(days=one[1])
        last = "" if one[2] is None else str(first + timedelta(days=one[2]))
        history.append(mapping(one[0], str(first), last))
    spells = [spell for spell in fold(entries(*history)) if spell.valid]
    for number in range(70):
        on = start + timedelta(days=number)
        expected = None
        for one in history:
            if isinstance(one, str):
                expected = None if expected == one else expected
            elif one.from_on <= on and (one.until_on is None or on <= one.until_on):
                expected = one.code
        found = [s.code for s in spells if s.from_on <= on and (s.until_on is None or on <= s.until_on)]
        assert found == ([] if expected is None else [expected])


def test_two_rows_of_a_message_about_the_same_days_are_refused() -> None:
    twice = said_twice([mapping("MAPA"), mapping("MAPB", "2024-05-01")])
    assert twice is not None
    assert twice.code == "MAPPING_TWICE"
    assert said_twice([mapping("MAPA", "2024-01-01", "2024-04-30"), mapping("MAPB", "2024-05-01")]) is None
    assert said_twice([mapping("MAPA"), mapping("MAPA")]) is None


@pytest.fixture
async def catalogue(conn: asyncpg.Connection) -> Catalogue:
    for code in CODES:
        await conn.execute(
            "INSERT INTO catalog_item (code, from_on, name, kind, list_type, chrgitm_lv, charge_type, spec, unit, dosform,"
            " maker, restricted, restriction, account_allowed, base_drug, negotiated, child_drug, prescription_only, version)"
            " VALUES ($1, '2023-01-01', '药', 'drug', '101', '01', '09', '', '盒', '', '', false, '', true, false, false, false,"
            " false, 0) ON CONFLICT DO NOTHING",
            code,
        )
    return await load(conn)


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (mapping("NOSUCH"), "MAPPING_CODE_UNKNOWN"),
        (mapping(from_on="2022-12-31"), "MAPPING_CODE_UNKNOWN"),
        (mapping(list_type="201"), "MAPPING_LIST_TYPE"),
        (mapping(list_type="999"), "UNKNOWN_CODE"),
        (mapping(until_on="2023-12-31"), "DATE_ORDER"),
    ],
)
async def test_a_mapping_that_cannot_be_is_refused(catalogue: Catalogue, said: Mapping, reason: str) -> None:
    found = problem(catalogue, said)
    assert found is not None
    assert found.code == reason


async def say(
    conn: asyncpg.Connection, catalogue: Catalogue, institution: str, *said: Mapping, minute: int = 0
) -> int | Refusal:
    at = AT + timedelta(minutes=minute)
    return await mappings.upload(conn, IDS, catalogue, institution, ACTOR, at, said)


async def listed(
    conn: asyncpg.Connection, institution: str, query: MappingQuery = EVERYTHING
) -> list[ListedMapping]:
    return (await mappings.mapping_page(conn, institution, query, 100, 0))[1]


async def test_what_is_said_is_listed_and_the_same_again_is_harmless(
    conn: asyncpg.Connection, catalogue: Catalogue
) -> None:
    assert await say(conn, catalogue, "H-SAME", mapping(local_name="院内甲片", spec="10mg")) == 1
    assert await say(conn, catalogue, "H-SAME", mapping(local_name="院内甲片", spec="10mg"), minute=1) == 0
    (found,) = await listed(conn, "H-SAME")
    assert (found.mapping.local_name, found.mapping.spec, found.valid) == ("院内甲片", "10mg", True)
    assert found.changed_at == AT


async def test_other_content_is_a_new_row_and_what_was_said_is_kept(
    conn: asyncpg.Connection, catalogue: Catalogue
) -> None:
    await say(conn, catalogue, "H-NEW", mapping())
    assert await say(conn, catalogue, "H-NEW", mapping("MAPB", "2024-07-01"), minute=1) == 1
    found = await listed(conn, "H-NEW")
    assert [(one.mapping.code, str(one.mapping.until_on)) for one in found] == [
        ("MAPA", "2024-06-30"),
        ("MAPB", "None"),
    ]
    assert await conn.fetchval("SELECT count(*) FROM catalog_mapping_entry WHERE institution = 'H-NEW'") == 2
    with pytest.raises(asyncpg.RestrictViolationError):
        await conn.execute("UPDATE catalog_mapping_entry SET code = 'X' WHERE institution = 'H-NEW'")


async def test_one_bad_row_and_nothing_is_recorded(conn: asyncpg.Connection, catalogue: Catalogue) -> None:
    refused = await say(conn, catalogue, "H-BAD", mapping(), mapping("NOSUCH", local_item="本院002"))
    assert isinstance(refused, Refusal)
    assert "第 2 行" in refused.detail
    assert await listed(conn, "H-BAD") == []


def test_an_item_of_which_too_much_is_said_is_refused_before_it_costs_the_counter_its_time() -> None:
    days_on_end = [
        mapping(CODES[number % 2], str(day), str(day), local_item="很多")
        for number in range(MOST_SAID + 1)
        for day in [date(2024, 1, 1) + timedelta(days=number)]
    ]
    good = planned({}, days_on_end[:-1], range(MOST_SAID), AT)
    assert not isinstance(good, Refusal)
    assert good[1][("101", "很多")] == fold([entry for _, entry in good[0]])
    refused = planned({}, days_on_end, range(MOST_SAID + 1), AT)
    assert refused == Refusal("MAPPING_TOO_OFTEN", f"第 {MOST_SAID + 1} 行 很多")


async def test_a_mapping_is_withdrawn_once(conn: asyncpg.Connection, catalogue: Catalogue) -> None:
    await say(conn, catalogue, "H-OFF", mapping())
    key = ("101", "本院001")
    assert await mappings.withdraw(conn, IDS, "H-OFF", ACTOR, AT, key, "MAPB") == Refusal("MAPPING_NOT_FOUND")
    assert await mappings.withdraw(conn, IDS, "H-OFF", ACTOR, AT, key, "MAPA") is None
    assert await mappings.withdraw(conn, IDS, "H-OFF", ACTOR, AT, key, "MAPA") == Refusal("MAPPING_NOT_FOUND")
    (kept,) = await listed(conn, "H-OFF")
    assert not kept.valid
    assert await listed(conn, "H-OFF", MappingQuery(valid=True)) == []


async def test_an_institution_sees_its_own_alone(conn: asyncpg.Connection, catalogue: Catalogue) -> None:
    await say(conn, catalogue, "H-MINE", mapping())
    assert await listed(conn, "H-YOURS") == []
    key = ("101", "本院001")
    gone = await mappings.withdraw(conn, IDS, "H-YOURS", ACTOR, AT, key, "MAPA")
    assert gone == Refusal("MAPPING_NOT_FOUND")


async def test_mappings_are_found_by_day_name_code_and_change(
    conn: asyncpg.Connection, catalogue: Catalogue
) -> None:
    await say(conn, catalogue, "H-FIND", mapping(local_name="甲片"))
    await say(conn, catalogue, "H-FIND", mapping("MAPB", local_item="本院002", local_name="乙丸"), minute=9)

    async def found(**given: object) -> list[str]:
        query = MappingQuery(**given)  # type: ignore[arg-type]
        return [one.mapping.local_item for one in await listed(conn, "H-FIND", query)]

    assert await found(on=date(2023, 12, 31)) == []
    assert await found(name_part="乙") == ["本院002"]
    assert await found(code="MAPA") == ["本院001"]
    assert await found(local_item="本院002", list_types=("201",)) == []
    assert await found(since=AT + timedelta(minutes=5)) == ["本院002"]


async def test_a_page_beyond_the_end_still_tells_how_many_there_are(
    conn: asyncpg.Connection, catalogue: Catalogue
) -> None:
    await say(conn, catalogue, "H-PAGE", *(mapping(local_item=f"本院{n:03d}") for n in range(5)))
    total, found = await mappings.mapping_page(conn, "H-PAGE", MappingQuery(), 2, 4)
    assert (total, [one.mapping.local_item for one in found]) == (5, ["本院004"])
    assert await mappings.mapping_page(conn, "H-PAGE", MappingQuery(), 2, 50) == (5, [])


async def test_a_changed_derivation_is_noticed(conn: asyncpg.Connection, catalogue: Catalogue) -> None:
    await say(conn, catalogue, "H-DIFF", mapping(), mapping("MAPB", local_item="本院002"))
    assert [one for one in await mappings.differences(conn) if one.code == "H-DIFF"] == []
    await conn.execute(
        "UPDATE catalog_mapping SET code = 'MAPC' WHERE institution = 'H-DIFF' AND local_item = '本院002'"
    )
    (told,) = [one for one in await mappings.differences(conn) if one.code == "H-DIFF"]
    assert told.field == "catalog_mapping 101/本院002"
    assert (told.stored, told.recomputed) == ("MAPC 2024-01-01–", "MAPB 2024-01-01–")
    await conn.execute(
        "UPDATE catalog_mapping SET code = 'MAPB' WHERE institution = 'H-DIFF' AND local_item = '本院002'"
    )
