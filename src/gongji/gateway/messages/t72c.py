"""7211: a page of the drugs that may circulate."""

import msgspec

from gongji.gateway.fields import DateTime, Text3, Text20, Text50, Text500
from gongji.gateway.messages.rx import Count, Hidden
from gongji.gateway.values import JsonNumber


class DrugQuery(msgspec.Struct, frozen=True, kw_only=True):
    """data of 7211: one of code, codes and name; medListCodgs is a list of texts."""

    fixmedinsCode: Text20
    medListCodg: Text50 = ""
    medListCodgs: Hidden = None
    drugName: Text500 = ""
    dualchnlFlag: Text3 = ""
    oppoolFlag: Text3 = ""
    begntime: DateTime | None = None
    endtime: DateTime | None = None
    pageNum: Count
    pageSize: Count


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """data of 7211."""

    total: int
    size: int


class CirculatingDrug(msgspec.Struct, frozen=True, kw_only=True):
    """A row of list (7211)."""

    medListCodg: str
    natDrugNo: str | None = None
    genname: str | None = None
    prodname: str | None = None
    regName: str
    listType: str | None = None
    listTypeName: str | None = None
    specName: str
    prdrName: str
    aprvno: str | None = None
    dosformName: str
    minPacunt: str | None = None
    minPacCnt: str | None = None
    minPrepunt: str | None = None
    poolareaNo: str | None = None
    poolareaName: str | None = None
    dualchnlFlag: str
    oppoolFlag: str
    begntime: str | None = None
    endtime: str | None = None
    natHiDruglistMemo: str | None = None
    natHiDruglistChrgitmLv: str | None = None
    chrgitmLv: str | None = None
    hiPayStd: JsonNumber | None = None


class DrugPage(msgspec.Struct, frozen=True, kw_only=True):
    """Output of 7211."""

    data: Page
    list: tuple[CirculatingDrug, ...]
