"""5101, 5102 查询: the departments and the medical staff of the institution that asks."""

import msgspec

from gongji.gateway.fields import Private50, Text6, Text12, Text20

__all__ = ["DepartmentRow", "DepartmentsOutput", "DepartmentsQuery", "StaffOutput", "StaffQuery", "StaffRow"]


class DepartmentsQuery(msgspec.Struct, frozen=True):
    """data of 5101: the head once more, of which only the institution matters."""

    fixmedins_code: Text12


class StaffQuery(msgspec.Struct, frozen=True):
    """data of 5102."""

    prac_psn_type: Text6
    psn_cert_type: Text6 = ""
    certno: Private50 = ""
    prac_psn_name: Private50 = ""
    prac_psn_code: Text20 = ""


class DepartmentRow(msgspec.Struct, frozen=True):
    """feedetail of 5101."""

    hosp_dept_codg: str
    hosp_dept_name: str
    begntime: str
    endtime: str | None
    itro: str | None
    dept_resper_name: str
    dept_resper_tel: str
    dept_med_serv_scp: str | None
    caty: str
    dept_estbdat: str | None
    aprv_bed_cnt: int | None
    hi_crtf_bed_cnt: int | None
    poolarea_no: str | None
    dr_psncnt: int | None
    phar_psncnt: int | None
    nurs_psncnt: int | None
    tecn_psncnt: int | None
    memo: str | None


class DepartmentsOutput(msgspec.Struct, frozen=True):
    feedetail: tuple[DepartmentRow, ...]


class StaffRow(msgspec.Struct, frozen=True):
    """feedetail of 5102. prac_psn_no, the institution's own number, is not kept."""

    psn_cert_type: str
    certno: str
    prac_psn_no: str | None
    prac_psn_code: str
    prac_psn_name: str
    prac_psn_type: str
    prac_psn_cert: str | None
    prac_cert_no: str | None
    hi_dr_flag: str
    begntime: str
    endtime: str | None
    chg_rea: str | None


class StaffOutput(msgspec.Struct, frozen=True):
    feedetail: tuple[StaffRow, ...]
