"""2501-2506 人员备案: referrals to another area, chronic diseases, chosen institutions, and taking them back."""

from typing import Annotated, Any

import msgspec

from gongji.gateway.fields import (
    Choice,
    Date,
    Flag,
    PersonNumber,
    Private,
    Private50,
    Raw,
    Text,
    Text3,
    Text6,
    Text12,
    Text20,
    Text30,
    Text50,
    Text100,
    Text200,
    Text500,
    Whole,
)

Text300 = Annotated[str, Text(300)]
Private200 = Annotated[str, Text(200, private=True)]
ReferralType = Annotated[str, Choice(("1", "2", "3"))]
"""refl_type: 1 市内, 2 省内异地, 3 省外异地."""


class Referral(msgspec.Struct, frozen=True):
    """refmedin of 2501."""

    psn_no: PersonNumber
    diag_code: Text20
    diag_name: Text100
    reflin_medins_no: Text12
    reflin_medins_name: Text200
    mdtrtarea_admdvs: Text6
    refl_type: ReferralType
    refl_date: Date
    refl_rea: Text100
    refl_opnn: Text200
    insutype: Text6 = "310"
    tel: Private50 = ""
    addr: Private200 = ""
    insu_optins: Text6 = ""
    dise_cond_dscr: Private = ""
    hosp_agre_refl_flag: Flag = "1"
    begndate: Date | None = None
    enddate: Date | None = None
    refl_old_mdtrt_id: Text30 = ""
    refl_used_flag: Text3 = ""


class ChronicFiling(msgspec.Struct, frozen=True):
    """data of 2503. exp_content is the day of an operation, as text."""

    psn_no: PersonNumber
    opsp_dise_code: Text30
    opsp_dise_name: Text300
    insu_optins: Text6
    ide_fixmedins_no: Text30
    ide_fixmedins_name: Text200
    hosp_ide_date: Date
    diag_dr_codg: Text30
    diag_dr_name: Text50
    begndate: Date
    insutype: Text6 = "310"
    tel: Private50 = ""
    addr: Private200 = ""
    enddate: Date | None = None
    exp_content: Raw = None
    trt_dcla_detl_sn: Text30 = ""
    selfdef_splm_flag: Text3 = ""
    memo: Text500 = ""


class FixedFiling(msgspec.Struct, frozen=True):
    """data of 2505. exp_content as in 2503."""

    psn_no: PersonNumber
    biz_appy_type: Text3
    begndate: Date
    fix_srt_no: Whole
    fixmedins_code: Text12
    fixmedins_name: Text200
    tel: Private50 = ""
    addr: Private200 = ""
    enddate: Date | None = None
    agnter_name: Private50 = ""
    agnter_cert_type: Text6 = ""
    agnter_certno: Private50 = ""
    agnter_tel: Private50 = ""
    agnter_addr: Private200 = ""
    agnter_rlts: Text3 = ""
    memo: Text500 = ""
    exp_content: Raw = None


class ReferralWithdrawal(msgspec.Struct, frozen=True):
    """data of 2502."""

    trt_dcla_detl_sn: Text30
    psn_no: PersonNumber
    memo: Text500 = ""


class Withdrawal(msgspec.Struct, frozen=True):
    """data of 2504 and 2506; memo says why."""

    trt_dcla_detl_sn: Text30
    psn_no: PersonNumber
    memo: Text500


class Filed(msgspec.Struct, frozen=True):
    """result of 2501."""

    trt_dcla_detl_sn: str


class FiledOutput(msgspec.Struct, frozen=True):
    result: Filed


class Applied(msgspec.Struct, frozen=True):
    """result of 2503 and 2505."""

    trt_dcla_detl_sn: str
    exp_content: str | None = None


class AppliedOutput(msgspec.Struct, frozen=True):
    result: Applied


def as_text(content: Any) -> str:
    """exp_content of 2503 and 2505: text as it came, anything else as JSON."""
    if content is None:
        return ""
    return content.strip() if isinstance(content, str) else msgspec.json.encode(content).decode()
