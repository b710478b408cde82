"""5301, 5302, 5304 查询: chronic diseases, chosen institutions, referrals."""

import msgspec

from gongji.gateway.fields import DateTime, PersonNumber, Text3


class ChronicQuery(msgspec.Struct, frozen=True):
    """data of 5301."""

    psn_no: PersonNumber


class FixedQuery(msgspec.Struct, frozen=True):
    """data of 5302."""

    psn_no: PersonNumber
    biz_appy_type: Text3


class ReferralQuery(msgspec.Struct, frozen=True):
    """data of 5304; the days of transfer that are asked for."""

    psn_no: PersonNumber
    begntime: DateTime
    endtime: DateTime | None = None


class ChronicRow(msgspec.Struct, frozen=True):
    """feedetail of 5301."""

    opsp_dise_code: str
    opsp_dise_name: str
    begndate: str
    enddate: str | None


class ChronicOutput(msgspec.Struct, frozen=True):
    feedetail: tuple[ChronicRow, ...]


class FixedRow(msgspec.Struct, frozen=True):
    """psnfixmedin of 5302."""

    psn_no: str
    insutype: str
    fix_srt_no: str
    fixmedins_code: str
    fixmedins_name: str
    begndate: str
    enddate: str | None
    memo: str | None


class FixedOutput(msgspec.Struct, frozen=True):
    psnfixmedin: tuple[FixedRow, ...]


class ReferralRow(msgspec.Struct, frozen=True):
    """refmedin of 5304; dcla_souc and the operator are not kept."""

    insutype: str
    dcla_souc: str | None
    psn_no: str
    psn_cert_type: str
    certno: str
    psn_name: str
    gend: str
    brdy: str | None
    tel: str | None
    addr: str | None
    insu_optins: str | None
    emp_name: str | None
    diag_code: str
    diag_name: str
    dise_cond_dscr: str | None
    reflin_medins_no: str
    reflin_medins_name: str
    out_flag: str
    refl_date: str
    refl_rea: str
    begndate: str
    enddate: str | None
    hosp_agre_refl_flag: str
    opter_id: str | None
    opter_name: str | None
    opt_time: str | None


class ReferralOutput(msgspec.Struct, frozen=True):
    refmedin: tuple[ReferralRow, ...]
