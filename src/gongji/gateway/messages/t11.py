"""1101 人员信息获取, 1201 医药机构信息获取, 1901 字典表查询, 2001 人员待遇享受检查."""

from typing import ClassVar

import msgspec

from gongji.gateway.fields import (
    Date,
    DateTime,
    Exp,
    PersonNumber,
    Private50,
    Text6,
    Text10,
    Text12,
    Text30,
    Text200,
    Text500,
    VoucherType,
)
from gongji.gateway.values import JsonNumber


class PersonQuery(msgspec.Struct, frozen=True):
    """data of 1101. Certificate and name are marked required by some provinces and left empty by their own examples; the
    specification's annex B sends nothing but a certificate."""

    mdtrt_cert_type: VoucherType = ""
    mdtrt_cert_no: Private50 = ""
    card_sn: Private50 = ""
    begntime: DateTime | None = None
    psn_cert_type: Text6 = ""
    certno: Private50 = ""
    psn_name: Private50 = ""


class BaseInfo(msgspec.Struct, frozen=True):
    psn_no: str
    psn_cert_type: str
    certno: str
    psn_name: str
    gend: str
    naty: str
    brdy: str | None
    age: JsonNumber
    exp_content: str | None


class InsuInfo(msgspec.Struct, frozen=True):
    balc: JsonNumber
    insutype: str
    psn_type: str
    psn_insu_stas: str
    psn_insu_date: str | None
    paus_insu_date: str | None
    cvlserv_flag: str
    insuplc_admdvs: str
    emp_name: str


class IdetInfo(msgspec.Struct, frozen=True):
    psn_idet_type: str
    psn_type_lv: str | None
    memo: str | None
    begntime: str | None
    endtime: str | None


class PersonOutput(msgspec.Struct, frozen=True):
    baseinfo: BaseInfo
    insuinfo: tuple[InsuInfo, ...]
    idetinfo: tuple[IdetInfo, ...]


class InstitutionQuery(msgspec.Struct, frozen=True):
    """medinsinfo of 1201; code or a part of the name."""

    fixmedins_type: Text6
    fixmedins_name: Text200 = ""
    fixmedins_code: Text12 = ""


class InstitutionInfo(msgspec.Struct, frozen=True):
    fixmedins_code: str
    fixmedins_name: str
    uscc: str | None
    fixmedins_type: str
    hosp_lv: str | None
    exp_content: str | None


class InstitutionOutput(msgspec.Struct, frozen=True):
    medinsinfo: tuple[InstitutionInfo, ...]


class DictionaryQuery(msgspec.Struct, frozen=True):
    """data of 1901, in the spellings of two versions of the text."""

    ALSO: ClassVar[dict[str, tuple[str, ...]]] = {
        "parent_value": ("parentValue",),
        "vali_flag": ("Vali_Flag", "valiFlag", "vali_Flag"),
    }

    type: Text30
    parent_value: Text10 = ""
    admdvs: Text6 = ""
    date: Date | None = None
    vali_flag: Text6 = ""


class DictionaryRow(msgspec.Struct, frozen=True):
    type: str
    label: str
    value: str
    parentValue: str
    sort: int
    valiFlag: str
    createUser: str
    createDate: str
    version: int


class DictionaryOutput(msgspec.Struct, frozen=True):
    list: tuple[DictionaryRow, ...]


class BenefitQuery(msgspec.Struct, frozen=True):
    """data of 2001."""

    psn_no: PersonNumber
    med_type: Text6
    begntime: DateTime
    insutype: Text6 = "310"
    fixmedins_code: Text12 = ""
    endtime: DateTime | None = None
    dise_codg: Text30 = ""
    dise_name: Text500 = ""
    exp_content: Exp = {}


class BenefitRow(msgspec.Struct, frozen=True):
    """trtinfo: one fund or one check."""

    psn_no: str
    trt_chk_type: str
    fund_pay_type: str
    trt_enjymnt_flag: str
    begndate: str | None
    enddate: str | None
    trt_chk_rslt: str | None
    exp_content: str | None


class BenefitOutput(msgspec.Struct, frozen=True):
    trtinfo: tuple[BenefitRow, ...]
