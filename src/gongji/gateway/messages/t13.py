"""1301-1320 目录下载与查询: files by version, pages of items, mappings, price limits and self-pay ratios.

Fields of the national tables that this platform does not keep (who entered a row, 五笔码, 生育使用标志 …) are null.
"""

from typing import Any, ClassVar

import msgspec

from gongji.gateway.fields import (
    Date,
    DateTime,
    Text6,
    Text20,
    Text30,
    Text50,
    Text100,
    Text150,
    Text200,
    Text500,
    Whole,
)
from gongji.gateway.values import JsonNumber


class Download(msgspec.Struct, frozen=True):
    """data of the downloads: the greatest version that the client has."""

    ver: Text20


class ListOutput(msgspec.Struct, frozen=True):
    """Output of the downloads, without a node; 1320 spells the last day differently, both are given."""

    file_qury_no: str
    filename: str
    dld_end_time: str | None
    dld_endtime: str | None
    data_cnt: int


class Paged(msgspec.Struct, frozen=True, kw_only=True):
    """What every query of this family asks."""

    page_num: Whole
    page_size: Whole
    updt_time: DateTime | None = None
    vali_flag: Text6 = ""
    rid: Text100 = ""


class EthnicQuery(Paged, frozen=True, kw_only=True):
    """data of 1304."""

    med_list_codg: Text50 = ""
    genname_codg: Text100 = ""
    drug_genname: Text200 = ""
    drug_prodname: Text500 = ""
    tcmherb_name: Text200 = ""
    cpnd_flag: Text6 = ""
    opt_begn_time: DateTime | None = None


class ItemQuery(Paged, frozen=True, kw_only=True):
    """data of 1312."""

    query_date: Date | None = None
    hilist_code: Text50 = ""
    insu_admdvs: Text6 = ""
    begndate: Date | None = None
    hilist_name: Text200 = ""
    wubi: Text30 = ""
    pinyin: Text30 = ""
    med_chrgitm_type: Text6 = ""
    chrgitm_lv: Text6 = ""
    lmt_used_flag: Text6 = ""
    list_type: Text30 = ""


class MatchQuery(Paged, frozen=True, kw_only=True):
    """data of 1316; its second field is the institution's own number, which clients send as ``medins_list_codg``."""

    ALSO: ClassVar[dict[str, tuple[str, ...]]] = {"med_list_codg": ("medins_list_codg",)}

    query_date: Date | None = None
    med_list_codg: Text150 = ""
    hilist_code: Text50 = ""
    list_type: Text30 = ""
    insu_admdvs: Text6 = ""
    begndate: Date | None = None


class MappingQuery(Paged, frozen=True, kw_only=True):
    """data of 1317."""

    query_date: Date | None = None
    fixmedins_code: Text30 = ""
    medins_list_codg: Text150 = ""
    medins_list_name: Text200 = ""
    insu_admdvs: Text6 = ""
    list_type: Text30 = ""
    med_list_codg: Text50 = ""
    begndate: Date | None = None


class LimitQuery(Paged, frozen=True, kw_only=True):
    """data of 1318."""

    query_date: Date | None = None
    hilist_code: Text50 = ""
    hilist_lmtpric_type: Text6 = ""
    overlmt_dspo_way: Text6 = ""
    insu_admdvs: Text6 = ""
    begndate: Date | None = None
    enddate: Date | None = None
    tabname: Text100 = ""
    poolarea_no: Text6 = ""


class SelfPayQuery(Paged, frozen=True, kw_only=True):
    """data of 1319."""

    query_date: Date | None = None
    hilist_code: Text50 = ""
    selfpay_prop_psn_type: Text6 = ""
    selfpay_prop_type: Text6 = ""
    insu_admdvs: Text6 = ""
    begndate: Date | None = None
    enddate: Date | None = None
    tabname: Text100 = ""
    poolarea_no: Text6 = ""


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """What every row of this family says of itself; who entered it is not told."""

    begndate: str | None
    enddate: str | None
    vali_flag: str
    rid: str
    updt_time: str | None
    crte_time: str | None = None
    memo: str | None = None
    crter_id: str | None = None
    crter_name: str | None = None
    crte_optins_no: str | None = None
    opter_id: str | None = None
    opter_name: str | None = None
    opt_time: str | None = None
    optins_no: str | None = None


class EthnicRow(Listed, frozen=True, kw_only=True):
    """Row of 1304."""

    med_list_codg: str
    drug_prodname: str | None
    genname_codg: str | None = None
    drug_genname: str | None
    ethdrug_type: str | None = None
    chemname: str | None = None
    alis: str | None = None
    eng_name: str | None = None
    dosform: str | None
    each_dos: str | None = None
    used_frqu: str | None = None
    nat_drug_no: str | None = None
    used_mtd: str | None = None
    ing: str | None = None
    chrt: str | None = None
    defs: str | None = None
    tabo: str | None = None
    mnan: str | None = None
    stog: str | None = None
    drug_spec: str | None
    prcunt_type: str | None = None
    otc_flag: str
    pacmatl: str | None = None
    pacspec: str | None = None
    min_useunt: str | None = None
    min_salunt: str | None = None
    manl: str | None = None
    rute: str | None = None
    pham_type: str | None = None
    pac_cnt: str | None = None
    min_unt: str | None = None
    min_pac_cnt: int | None
    min_pacunt: str | None
    min_prepunt: str | None
    drug_expy: str | None = None
    efcc_atd: str | None = None
    min_prcunt: str | None
    wubi: str | None = None
    pinyin: str | None
    ver: str


class ItemRow(Listed, frozen=True, kw_only=True):
    """Row of 1312."""

    hilist_code: str
    hilist_name: str
    insu_admdvs: str
    med_chrgitm_type: str
    chrgitm_lv: str
    lmt_used_flag: str
    list_type: str
    med_use_flag: str = "1"
    matn_used_flag: str | None = None
    hilist_use_type: str | None = None
    lmt_cpnd_type: str | None = None
    wubi: str | None = None
    pinyin: str | None
    poolarea_no: str | None = None


class MatchRow(Listed, frozen=True, kw_only=True):
    """Row of 1316."""

    med_list_codg: str
    hilist_code: str
    list_type: str
    insu_admdvs: str
    poolarea_no: str | None = None


class MappingRow(Listed, frozen=True, kw_only=True):
    """Row of 1317."""

    fixmedins_code: str
    medins_list_codg: str
    medins_list_name: str | None
    insu_admdvs: str
    list_type: str
    med_list_codg: str
    aprvno: str | None
    dosform: str | None
    exct_cont: str | None
    item_cont: str | None
    prcunt: str | None
    spec: str | None
    pacspec: str | None
    poolarea_no: str | None = None


class LimitRow(Listed, frozen=True, kw_only=True):
    """Row of 1318."""

    hilist_code: str
    hilist_lmtpric_type: str
    overlmt_dspo_way: str | None = None
    insu_admdvs: str
    hilist_pric_uplmt_amt: JsonNumber
    tabname: str
    poolarea_no: str | None = None


class SelfPayRow(Listed, frozen=True, kw_only=True):
    """Row of 1319."""

    hilist_code: str
    selfpay_prop_psn_type: str
    selfpay_prop_type: str
    insu_admdvs: str
    selfpay_prop: JsonNumber
    tabname: str | None = None
    poolarea_no: str | None = None


class PageOutput(msgspec.Struct, frozen=True):
    """Output of the queries: the table names no node; this is how the national platform pages."""

    data: tuple[Any, ...]
    recordCounts: int
    pages: int
    pageNum: int
    pageSize: int
    size: int
    startRow: int
    endRow: int
    firstPage: bool
    lastPage: bool
