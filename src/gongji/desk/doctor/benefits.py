"""What the member may enjoy here (2001) and for which chronic diseases (5301), and the kind of visit that is chosen from it."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from gongji.desk.doctor.forms import MED_TYPES
from gongji.desk.doctor.stamp import stamp
from gongji.desk.doctor.words import plain
from gongji.gateway import funds
from gongji.gateway.inside import Done
from gongji.web.pages import Page

__all__ = ["CHRONIC", "Benefit", "Disease", "benefits_of", "chronic_of", "kind_of"]

FUNDS: Final = {
    funds.POOL[0]: "门诊统筹",
    funds.CHRONIC[0]: "门诊慢特病",
    funds.OWN_ACCOUNT[0]: "个人账户",
    funds.FAMILY_ACCOUNT[0]: "家庭共济",
}
CHRONIC: Final = "14"


class Benefit(msgspec.Struct, frozen=True):
    """What a fund would do for the member here (2001), and why not."""

    name: str
    enjoyed: bool
    why: str


class Disease(msgspec.Struct, frozen=True):
    """A chronic disease (门诊慢特病病种) that the member is entitled for today."""

    code: str
    name: str

    @property
    def choice(self) -> str:
        """The kind of visit for it, as a form says it."""
        return f"{CHRONIC}:{self.code}"


async def benefits_of(shown: Page, psn_no: str) -> list[Benefit]:
    """Fund by fund."""
    data = {"psn_no": psn_no, "med_type": "11", "begntime": stamp(shown), "insutype": "310"}
    return [
        Benefit(
            FUNDS.get(row["fund_pay_type"], row["fund_pay_type"]),
            row["trt_enjymnt_flag"] == "1",
            plain(row["trt_chk_rslt"] or ""),
        )
        for row in await _asked(shown, "2001", {"data": data}, "trtinfo")
    ]


async def chronic_of(shown: Page, psn_no: str) -> list[Disease]:
    """Diseases for which the member has been accepted."""
    rows = await _asked(shown, "5301", {"data": {"psn_no": psn_no}}, "feedetail")
    return [Disease(row["opsp_dise_code"], row["opsp_dise_name"]) for row in rows]


async def kind_of(shown: Page, psn_no: str, choice: str) -> dict[str, str] | None:
    """med_type and disease of 2203 for what a form says ("11", "14:M03900"); None for a kind that there is not, or a disease that
    the member is not entitled for."""
    med_type, _, code = choice.partition(":")
    if med_type not in dict(MED_TYPES):
        return None
    if med_type != CHRONIC:
        return {"med_type": med_type, "dise_codg": "", "dise_name": ""}
    disease = next((one for one in await chronic_of(shown, psn_no) if one.code == code), None)
    if disease is None:
        return None
    return {"med_type": med_type, "dise_codg": disease.code, "dise_name": disease.name}


async def _asked(shown: Page, infno: str, nodes: dict[str, Any], node: str) -> list[dict[str, Any]]:
    """Rows of a query; a refusal has none."""
    answer = await shown.trade(infno, nodes, shown.msgid())
    return list(answer.output.get(node) or ()) if isinstance(answer, Done) else []
