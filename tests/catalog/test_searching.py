"""Search by code, name and pinyin initials."""

import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongji.catalog.initials import initials
from gongji.catalog.values import Catalogue
from gongji.demo_data.items import items
from tests.catalog.books import drug, western

DAY = date(2024, 8, 15)
DEMO = items()


def book(*spells) -> Catalogue:
    catalogue = Catalogue()
    catalogue.merge(spells, ())
    return catalogue


def codes(catalogue: Catalogue, text: str, **more) -> list[str]:
    return [item.code for item in catalogue.search(text, DAY, **more)]


OMEPRAZOLE = drug(western(1), "奥美拉唑肠溶胶囊", generic_name="奥美拉唑")
AMBROXOL = drug(western(2), "盐酸氨溴索注射液")
VITAMIN = drug(western(3), "维生素B12片")
BRAND = drug(western(4), "洛赛克", generic_name="奥美拉唑镁")
SMALL = book(OMEPRAZOLE, AMBROXOL, VITAMIN, BRAND)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (western(2), [2]),
        (western(2).lower(), [2]),
        ("氨溴索", [2]),
        ("奥美拉唑", [1, 4]),
        ("YSAXS", [2]),
        ("axs", [2]),
        ("维生素b12", [3]),
        ("ｗｓｓＢ12", [3]),
        ("aml", [1, 4]),
        ("奥美 胶囊", [1]),
        ("奥美 jn", [1]),
        ("没有的药", []),
        ("  ", []),
    ],
)
def test_an_item_is_found_by_code_name_generic_name_and_initials(text: str, found: list[int]):
    assert codes(SMALL, text) == [western(number) for number in found]


def test_names_that_begin_with_the_text_come_before_names_that_have_it():
    catalogue = book(drug(western(1), "复方阿司匹林片"), drug(western(2), "阿司匹林肠溶缓释胶囊"))
    assert codes(catalogue, "阿司匹林") == [western(2), western(1)]


def test_no_more_than_the_limit_and_only_the_kind_are_found():
    catalogue = book(
        *(drug(western(n), "阿莫西林胶囊") for n in range(30)),
        drug("C1", "阿莫西林皮试液", kind="consumable"),
    )
    assert len(codes(catalogue, "阿莫西林", limit=7)) == 7
    assert codes(catalogue, "阿莫西林", kind="consumable") == ["C1"]


def test_an_item_that_has_ended_is_not_found():
    assert codes(book(drug("E1", "旧药", until_on=date(2024, 1, 1))), "旧药") == []


def test_an_item_is_found_by_what_it_is_called_on_the_day():
    catalogue = book(
        drug("N1", "旧名片", until_on=date(2024, 6, 30)), drug("N1", "新名片", from_on=date(2024, 7, 1))
    )
    assert (codes(catalogue, "旧名"), codes(catalogue, "新名")) == ([], ["N1"])


def test_what_is_merged_later_is_found():
    catalogue = book(OMEPRAZOLE)
    assert codes(catalogue, "氨溴索") == []
    catalogue.merge([AMBROXOL], ())
    assert codes(catalogue, "氨溴索") == [AMBROXOL.code]


def test_names_are_put_in_order_beside_what_is_searched():
    catalogue = book(OMEPRAZOLE)
    assert not catalogue.searchable
    catalogue.prepare_search()
    assert catalogue.searchable
    catalogue.merge([msgspec.structs.replace(OMEPRAZOLE, from_on=date(2024, 1, 1))], ())
    assert catalogue.searchable, "no name is new"
    catalogue.merge([AMBROXOL], ())
    assert not catalogue.searchable


def test_names_may_be_added_while_other_threads_search():
    catalogue, ended = book(OMEPRAZOLE), threading.Event()

    def search() -> None:
        while not ended.is_set():
            assert codes(catalogue, "奥美拉唑肠溶") == [OMEPRAZOLE.code]
            catalogue.search("片", DAY)

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)  # threads take turns far more often than they ever do
    with ThreadPoolExecutor(3) as threads:
        searching = [threads.submit(search) for _ in range(3)]
        for number in range(100, 400):
            draft = catalogue.draft()
            draft.merge([drug(western(number), f"新药{number}片")], ())
            draft.version += 1
            catalogue.adopt(draft)
        ended.set()
        for searched in searching:
            searched.result()
    sys.setswitchinterval(interval)
    assert len(codes(catalogue, "新药", limit=999)) == 300


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("参苓白术散", "slbzs"),
        ("重楼", "cl"),
        ("重组人胰岛素注射液", "czrydszsy"),
        ("长春新碱", "ccxj"),
        ("单硝酸异山梨酯片", "dxsyslzp"),
        ("阿胶", "ej"),
        ("阿莫西林胶囊（儿童）", "amxljnet"),
        ("血常规", "xcg"),
        ("复方丹参滴丸", "ffdsdw"),
        ("维生素B12", "wssb12"),
        ("枸橼酸莫沙必利片", "jysmsblp"),
        ("", ""),
    ],
)
def test_initials_are_read_in_their_phrase(name: str, letters: str):
    assert initials(name) == letters


def demo_book() -> Catalogue:
    return book(
        *(
            msgspec.convert({k: v for k, v in item.row.items() if k != "version"}, type(OMEPRAZOLE))
            for item in DEMO
        )
    )


DEMO_BOOK = demo_book()


@pytest.mark.parametrize("way", ["code", "name", "initials", "part"])
def test_every_item_is_found_by_its_own_code_name_and_initials(way: str):
    for item in DEMO:
        text = {
            "code": item.code,
            "name": item.name,
            "initials": initials(item.name),
            "part": item.name[len(item.name) // 3 :],
        }[way]
        assert item.code in codes(DEMO_BOOK, text, limit=len(DEMO)), (item.name, text)


@given(
    st.lists(
        st.text("阿莫西林胶囊片参术单A1（）- ", min_size=1, max_size=8), min_size=1, max_size=12, unique=True
    )
)
def test_whatever_items_are_called_each_is_found_by_its_name(names: list[str]):
    catalogue = book(*(drug(western(n), name) for n, name in enumerate(names)))
    for number, name in enumerate(names):
        if name.split():
            assert western(number) in codes(catalogue, name, limit=99)


@given(
    st.text("阿莫西林胶囊片axs1", max_size=4),
    st.lists(st.text("阿莫西林胶囊片axs1", min_size=1, max_size=6), max_size=8),
)
def test_search_finds_what_a_plain_reading_of_all_names_finds(text: str, names: list[str]):
    catalogue = book(*(drug(western(n), name) for n, name in enumerate(names)))
    expected = {
        western(n)
        for n, name in enumerate(names)
        if text and (text in name or text in initials(name) or western(n).lower().startswith(text))
    }
    assert set(codes(catalogue, text, limit=99)) == expected
