"""3401-3403 科室信息: departments uploaded, changed, taken back.

The specification at hand has no table of these; fields and lengths are those of 5101 and of the clients that send them.
"""

import msgspec

from gongji.gateway.fields import Date, Private50, Text6, Text20, Text100, Text500, Whole

__all__ = ["DepartmentRow", "DepartmentWithdrawal"]


class DepartmentRow(msgspec.Struct, frozen=True):
    """deptinfo of 3401, 3401A and 3402. Clients write the category in words as well as in codes."""

    hosp_dept_codg: Text20
    hosp_dept_name: Text100
    caty: Text20
    begntime: Date
    endtime: Date | None = None
    itro: Text500 = ""
    dept_resper_name: Private50 = ""
    dept_resper_tel: Private50 = ""
    dept_med_serv_scp: Text500 = ""
    dept_estbdat: Date | None = None
    aprv_bed_cnt: Whole | None = None
    hi_crtf_bed_cnt: Whole | None = None
    poolarea_no: Text6 = ""
    dr_psncnt: Whole | None = None
    phar_psncnt: Whole | None = None
    nurs_psncnt: Whole | None = None
    tecn_psncnt: Whole | None = None
    memo: Text500 = ""


class DepartmentWithdrawal(msgspec.Struct, frozen=True):
    """data of 3403."""

    hosp_dept_codg: Text20
    begntime: Date
    hosp_dept_name: Text100 = ""
