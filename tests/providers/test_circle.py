"""The 15-minute service circle: who has an institution within reach, by area."""

from __future__ import annotations

import random

import pytest

from gongji.providers.circle import AreaReach, Inhabited, reached
from gongji.providers.nearby import metres
from gongji.providers.register import Place

PLACE = Place(34_694_500, 110_694_500)


@pytest.mark.clause("SX2023-2.s1.b")
def test_members_are_within_reach_beyond_it_or_unknown_area_by_area():
    cells = [
        Inhabited("140830", 34_694, 110_694, 3),
        Inhabited("140830", 34_800, 110_694, 1),
        Inhabited("140830", None, None, 2),
        Inhabited("140100", 37_870, 112_549, 5),
    ]
    assert reached(cells, [PLACE], 1_200) == (AreaReach("140100", 0, 5, 0), AreaReach("140830", 3, 1, 2))


def test_the_share_is_of_those_whose_residence_is_known():
    assert AreaReach("140830", 2, 1, 9).share_bp == 6_666
    assert AreaReach("140830", 0, 0, 9).share_bp is None


def test_without_institutions_nobody_is_within_reach():
    assert reached([Inhabited("140830", 34_694, 110_694, 3)], [], 1_200) == (AreaReach("140830", 0, 3, 0),)


def test_the_grid_finds_what_comparing_every_pair_finds():
    chance = random.Random(5)
    places = [
        Place(34_600_000 + chance.randrange(200_000), 110_600_000 + chance.randrange(200_000))
        for _ in range(60)
    ]
    cells = [
        Inhabited(f"{n:06d}", 34_600 + chance.randrange(200), 110_600 + chance.randrange(200), 1)
        for n in range(1_500)
    ]
    found = {area.area for area in reached(cells, places, 1_200) if area.within}
    near, on_the_edge = set(), set()
    for cell in cells:
        middle = Place(cell.lat_e3 * 1_000 + 500, cell.lng_e3 * 1_000 + 500)
        closest = min(metres(middle, place) for place in places)
        (on_the_edge if closest in (1_200, 1_201) else near if closest < 1_200 else set()).add(cell.area)
    assert found - on_the_edge == near
    assert 200 < len(near) < 1_400
