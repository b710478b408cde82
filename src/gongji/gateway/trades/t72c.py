"""7211 电子处方药品目录查询: drugs that may be prescribed for circulation and fetched anywhere, page by page."""

from collections.abc import Iterator
from datetime import date

from gongji.base.codes import label
from gongji.base.reasons import Refusal
from gongji.catalog.values import Catalogue, Item
from gongji.gateway.calls import Call, Reply, output
from gongji.gateway.centre import own, today
from gongji.gateway.folding import data_of, listed
from gongji.gateway.messages import t72c
from gongji.gateway.values import flag, scaled

MAX_PAGE = 100
FOUND = 2_000
"""Drugs that a search by name goes through at most."""
DRUG = "drug"
IN_SCOPE = ("01", "02")
"""chrgitm_lv of what the pooled fund pays: 甲类, 乙类."""
LEVELS = {"01": "甲", "02": "乙"}


async def drugs(call: Call) -> Reply:
    """7211: one of code, codes and name must be given; a drug that may not circulate is not found."""
    asked = data_of(t72c.DrugQuery, call)
    if isinstance(asked, Refusal):
        return asked
    codes = listed(asked.medListCodgs, "data.medListCodgs")
    if isinstance(codes, Refusal):
        return codes
    wrong = own(call, asked.fixmedinsCode) or _wrong(asked)
    if wrong is not None:
        return wrong
    codes = (*((asked.medListCodg,) if asked.medListCodg else ()), *codes)
    if not codes and not asked.drugName:
        return Refusal("MISSING_FIELD", "data.medListCodg、data.medListCodgs、data.drugName 至少填写一项")
    on, region = today(call), call.provider.region
    excluded = call.platform.law.value("prescription.circulation_excluded", region, on)
    if isinstance(excluded, Refusal):
        return excluded
    kinds = excluded.raw if isinstance(excluded.raw, tuple) else ()
    found = [
        item
        for item in _matching(call.platform.catalogue, codes, asked.drugName, on, region)
        if item.kind == DRUG
        and not item.circulation_excluded
        and (not item.control or item.control not in kinds)
        and asked.dualchnlFlag in ("", flag(item.dual_channel))
        and asked.oppoolFlag in ("", flag(item.chrgitm_lv in IN_SCOPE))
    ]
    start = (asked.pageNum - 1) * asked.pageSize
    page = found[start : start + asked.pageSize]
    return output(
        t72c.DrugPage(
            data=t72c.Page(total=len(found), size=len(page)),
            list=tuple(_row(item, region) for item in page),
        )
    )


def _wrong(asked: t72c.DrugQuery) -> Refusal | None:
    if asked.pageNum < 1:
        return Refusal("BAD_FIELD", "data.pageNum 从 1 起")
    if not 1 <= asked.pageSize <= MAX_PAGE:
        return Refusal("BAD_FIELD", f"data.pageSize 须在 1 到 {MAX_PAGE} 之间")
    return None


def _matching(
    catalogue: Catalogue, codes: tuple[str, ...], name: str, on: date, region: str
) -> Iterator[Item]:
    if not codes:
        yield from catalogue.search(name, on, kind=DRUG, limit=FOUND, region=region)
        return
    for code in dict.fromkeys(codes):
        item = catalogue.get(code, on, region)
        if item is not None and name in item.name:
            yield item


def _row(item: Item, region: str) -> t72c.CirculatingDrug:
    standard = item.standard_micro
    return t72c.CirculatingDrug(
        medListCodg=item.code,
        genname=item.generic_name or item.name,
        prodname=None,
        regName=item.name,
        listType=item.list_type,
        listTypeName=label("list_type", item.list_type),
        specName=item.spec,
        prdrName=item.maker,
        aprvno=item.approval_no or None,
        dosformName=item.dosform,
        minPacunt=item.pack_unit or item.unit,
        minPacCnt=str(item.pack_units) if item.pack_units else None,
        minPrepunt=item.min_unit or None,
        poolareaNo=region,
        dualchnlFlag=flag(item.dual_channel),
        oppoolFlag=flag(item.chrgitm_lv in IN_SCOPE),
        natHiDruglistMemo=item.restriction or None,
        natHiDruglistChrgitmLv=LEVELS.get(item.chrgitm_lv),
        chrgitmLv=item.chrgitm_lv,
        hiPayStd=None if standard is None else scaled(standard, 6),
    )
