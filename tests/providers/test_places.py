"""Where institutions are, what they offer by date, and what lies around a point."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gongji.base.reasons import Refusal
from gongji.providers.nearby import metres, nearby, reach_metres
from gongji.providers.places import end_offer, offer, set_place
from gongji.providers.register import Offer, Place
from gongji.providers.selectors import load
from gongji.providers.values import Provider, ProviderBook, ProviderState
from gongji.providers.writing import Written
from tests.pg import world
from tests.providers.registry import DAY, START, act, institution, refused
from tests.vaults import VAULT

HERE = Place(34_694_000, 110_694_000)


def book(*providers: Provider) -> ProviderBook:
    made = ProviderBook()
    made.replace_providers(1, providers)
    return made


def provider(code: str, north_m: int, **more) -> Provider:
    """An institution so many metres north of here."""
    state = {
        "designated": True,
        "pooled_agreement": True,
        "fee_class": "3",
        "level": "1",
        "direct_settlement": True,
    }
    given = state | more.pop("state", {})
    return Provider(
        code,
        more.pop("name", "测试医院"),
        "",
        more.pop("kind", "hospital"),
        "",
        "140830",
        "",
        (ProviderState(from_on=START, until_on=None, **given),),
        tuple(Offer(name, START, None) for name in more.pop("offers", ())),
        more.pop("place", Place(HERE.lat_e6 + round(north_m * 8.99322), HERE.lng_e6)),
    )


def codes(answer) -> list[str]:
    return [near.provider.code for near in answer]


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (HERE, 0),
        (Place(HERE.lat_e6 + 1_000_000, HERE.lng_e6), 111_195),
        (Place(HERE.lat_e6, HERE.lng_e6 + 1_000_000), 91_426),
        (Place(39_904_000, 116_407_000), 768_913),
    ],
)
def test_a_distance_is_the_great_circle_in_metres(other: Place, expected: int):
    assert abs(metres(HERE, other) - expected) <= expected // 500 + 1
    assert metres(HERE, other) == metres(other, HERE)


def test_what_is_near_comes_nearest_first_and_what_is_far_not_at_all():
    found = nearby(book(provider("H3", 900), provider("H1", 100), provider("H2", 1_300)), HERE, DAY, 1_200)
    assert codes(found) == ["H1", "H3"]
    assert [near.metres for near in found] == [100, 900]


def test_a_search_is_narrowed_by_kind_agreement_service_and_name():
    everything = book(
        provider("P1", 10, kind="pharmacy", name="康民药房", offers=("delivery",)),
        provider("P2", 20, kind="pharmacy", state={"pooled_agreement": False}),
        provider("H1", 30, offers=("express", "long_rx")),
        provider("H2", 40, state={"designated": False}),
        provider("H3", 50, place=None),
    )
    assert codes(nearby(everything, HERE, DAY, 500)) == ["P1", "P2", "H1"]
    assert codes(nearby(everything, HERE, DAY, 500, kinds=("pharmacy",))) == ["P1", "P2"]
    assert codes(nearby(everything, HERE, DAY, 500, pooled=True)) == ["P1", "H1"]
    assert codes(nearby(everything, HERE, DAY, 500, offers=("express",))) == ["H1"]
    assert codes(nearby(everything, HERE, DAY, 500, name="康民")) == ["P1"]
    assert codes(nearby(everything, HERE, DAY, 500, limit=1)) == ["P1"]


@pytest.mark.parametrize(
    ("point", "within"),
    [(Place(110_694_000, 34_694_000), 500), (HERE, 0), (HERE, -1), (HERE, 200_000), (Place(0, 0), 500)],
)
def test_a_point_outside_china_or_no_distance_is_refused(point: Place, within: int):
    assert refused(nearby(book(), point, DAY, within)) == "PLACE_INVALID"


@pytest.mark.clause("SX2023-2.s1.b")
def test_fifteen_minutes_on_foot_are_so_many_metres_and_elsewhere_unspecified():
    assert reach_metres(world.law(), "140830", DAY) == 1_200
    answer = reach_metres(world.law(), "621000", DAY)
    assert isinstance(answer, Refusal)
    assert answer.code == "PARAMETER_UNSPECIFIED"


async def test_a_place_is_set_and_moved_with_its_history(conn):
    code = await institution(conn)
    assert (await load(conn, VAULT)).place(code) is None
    await set_place(conn, act(), code, HERE.lat_e6, HERE.lng_e6)
    assert refused(await set_place(conn, act(), code, HERE.lat_e6, HERE.lng_e6)) == "NOTHING_CHANGED"
    await set_place(conn, act(), code, HERE.lat_e6 + 1, HERE.lng_e6)
    assert (await load(conn, VAULT)).place(code) == Place(HERE.lat_e6 + 1, HERE.lng_e6)
    lines = await conn.fetchval(
        "SELECT count(*) FROM providers_change WHERE code = $1 AND part = 'place'", code
    )
    assert lines == 2


async def test_latitude_and_longitude_the_wrong_way_round_are_refused(conn):
    code = await institution(conn)
    assert refused(await set_place(conn, act(), code, HERE.lng_e6, HERE.lat_e6)) == "PLACE_INVALID"


@pytest.mark.clause("SX2022-27.art15.c")
@pytest.mark.clause("NHSA2023-4.s3.1.c")
@pytest.mark.clause("SX2024-11.s3.b")
@pytest.mark.parametrize("service", ["express", "long_rx", "delivery", "convenience"])
async def test_a_service_is_offered_from_its_first_day_to_its_last(conn, service: str):
    code = await institution(conn)
    await offer(conn, act(), code, service, START)
    assert refused(await offer(conn, act(), code, service, DAY)) == "OFFER_EXISTS"
    assert isinstance(await end_offer(conn, act(), code, service, DAY), Written)
    place = (await load(conn, VAULT)).get(code)
    days = (START - timedelta(days=1), START, DAY, DAY + timedelta(days=1))
    assert [service in place.on(day).offers for day in days] == [False, True, True, False]
    assert refused(await end_offer(conn, act(), code, service, DAY + timedelta(days=2))) == "OFFER_NOT_FOUND"


async def test_an_unknown_service_is_refused(conn):
    code = await institution(conn)
    assert refused(await offer(conn, act(), code, "massage", START)) == "UNKNOWN_CODE"
