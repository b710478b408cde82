"""5201-5206 查询: visits, diagnoses, settlements, fee lines, chronic medication, accumulators.

Fields of the tables that this platform cannot know are given as null; they are written by ``nulls`` so that every key is there.
"""

import msgspec

from gongji.gateway.fields import DateTime, PersonNumber, Text6, Text30


class VisitsQuery(msgspec.Struct, frozen=True):
    """data of 5201."""

    psn_no: PersonNumber
    begntime: DateTime
    endtime: DateTime | None = None
    med_type: Text6 = ""
    mdtrt_id: Text30 = ""


class DiagnosesQuery(msgspec.Struct, frozen=True):
    """data of 5202."""

    psn_no: PersonNumber
    mdtrt_id: Text30


class SettlementQuery(msgspec.Struct, frozen=True):
    """data of 5203 and 5204. Who lost an answer does not know setl_id: without it the visit's newest settlement is meant."""

    psn_no: PersonNumber
    mdtrt_id: Text30
    setl_id: Text30 = ""


class MedicationQuery(msgspec.Struct, frozen=True):
    """data of 5205."""

    psn_no: PersonNumber
    begntime: DateTime
    endtime: DateTime | None = None


class SumsQuery(msgspec.Struct, frozen=True):
    """data of 5206."""

    psn_no: PersonNumber
    cum_ym: Text6 = ""


VISIT_UNKNOWN = [
    "coner_name", "tel", "maf_psn_flag", "nwb_flag", "ars_year_ipt_flag", "pre_pay_flag", "medrcdno", "adm_bed",
    "dscg_maindiag_code", "dscg_maindiag_name", "dscg_dept_codg", "dscg_dept_name", "dscg_bed", "dscg_way",
    "oprn_oprt_code", "oprn_oprt_name", "inhosp_stas", "die_date", "ipt_days", "fpsc_no", "matn_type",
    "birctrl_type", "latechb_flag", "geso_val", "fetts", "fetus_cnt", "pret_flag", "birctrl_matn_date", "cop_flag",
    "opter_id", "opter_name", "memo",
]  # fmt: skip
SETTLEMENT_UNKNOWN = [
    "nwb_flag", "opter_id", "opter_name", "opt_time", "pref_fund_pay", "lmtpric_hosp_lv", "dedc_hosp_lv",
]  # fmt: skip
LINE_UNKNOWN = [
    "prodname",
    "hosp_prep_flag",
    "prodplac_type",
    "list_sp_item_flag",
    "opter_id",
    "opter_name",
    "opt_time",
]
MEDICATION_UNKNOWN = ["prodname", "hosp_prep_flag", "prodplac_type", "list_sp_item_flag"]
PERSON = [
    "psn_cert_type", "certno", "psn_name", "gend", "naty", "brdy", "age", "insutype", "psn_type", "insu_optins",
    "emp_name",
]  # fmt: skip
"""Fields of the person, null for somebody of whom nothing is known on the day."""


def nulls(names: list[str]) -> dict[str, None]:
    """Keys without a value."""
    return dict.fromkeys(names)
