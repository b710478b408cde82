"""What the stories say to the interface and how they read its answers: input nodes, amounts, lines of text."""

from decimal import Decimal
from typing import Any

from gongji.base.money import format_yuan
from gongji.project.story.cast import Good, Member
from gongji.project.story.client import Caller, CallFailed

__all__ = [
    "adds_up",
    "charged",
    "comparable",
    "decimal",
    "enjoys",
    "fee_row",
    "paid",
    "refused",
    "registration",
    "settlement",
    "sign_in",
    "stamp",
    "total",
    "visit_info",
    "voucher",
    "yuan",
]

UNLIKE_BETWEEN_PREVIEW_AND_SETTLEMENT = frozenset({"setl_id", "setl_time", "medins_setl_id"})


def sign_in(caller: Caller) -> str:
    """9001: the number of the sign-in."""
    signed = caller.call(
        "9001", {"signIn": {"opter_no": caller.operator[0], "mac": "00-00-00-00-00-00", "ip": "127.0.0.1"}}
    )
    return str(signed["signinoutb"]["sign_no"])


def refused(caller: Caller, infno: str, nodes: dict[str, Any]) -> bool:
    """Whether the platform refuses the trade."""
    try:
        caller.call(infno, nodes)
    except CallFailed:
        return True
    return False


def voucher(member: Member) -> dict[str, str]:
    """The e-voucher, as a message shows it."""
    return {"mdtrt_cert_type": "01", "mdtrt_cert_no": member.token}


def stamp(caller: Caller) -> str:
    """The caller's time, as a message writes it."""
    return f"{caller.now():%Y-%m-%d %H:%M:%S}"


def charged(good: Good, at: str, *, here: bool = True) -> dict[str, Any]:
    """Fields of a fee line; without an amount when it is bought elsewhere."""
    return {
        "fee_ocur_time": at,
        "med_list_codg": good.code,
        "medins_list_codg": good.code,
        "det_item_fee_sumamt": format_yuan(good.amount_fen if here else 0),
        "cnt": good.quantity,
        "pric": str(Decimal(good.price_micro if here else 0) / 1_000_000),
    }


def registration(member: Member, ipt_otp_no: str, at: str) -> dict[str, Any]:
    """Input of 2201: the member registers at general practice, by e-voucher."""
    return {
        "data": {
            "psn_no": member.psn_no,
            "insutype": "310",
            "begntime": at,
            **voucher(member),
            "ipt_otp_no": ipt_otp_no,
            "atddr_no": "D140100000001",
            "dr_name": "演示医师",
            "dept_code": "0301",
            "dept_name": "全科",
            "caty": "A02",
        }
    }


def fee_row(
    member: Member, mdtrt_id: str, batch: str, number: int, good: Good, at: str, *, here: bool = True
) -> dict[str, Any]:
    """Row ``number`` of 2204 in a fee batch; without an amount when the good is bought elsewhere."""
    return {
        "feedetl_sn": f"{batch}{number:03d}",
        "mdtrt_id": mdtrt_id,
        "psn_no": member.psn_no,
        "chrg_bchno": batch,
        "bilg_dept_codg": "0301",
        "bilg_dept_name": "全科",
        "bilg_dr_codg": "D140100000001",
        "bilg_dr_name": "演示医师",
        "hosp_appr_flag": "0",
        **charged(good, at, here=here),
    }


def settlement(member: Member, mdtrt_id: str, batch: str, goods: tuple[Good, ...]) -> dict[str, Any]:
    """Input of 2206 and 2207 for one fee batch."""
    return {
        "data": {
            "psn_no": member.psn_no,
            **voucher(member),
            "med_type": "11",
            "medfee_sumamt": total(goods),
            "psn_setlway": "01",
            "mdtrt_id": mdtrt_id,
            "chrg_bchno": batch,
            "acct_used_flag": "1",
            "insutype": "310",
            "invono": "",
        }
    }


def visit_info(member: Member, mdtrt_id: str, at: str) -> dict[str, Any]:
    """Input of 2203."""
    diagnoses = (("I10.x00x002", "高血压"), ("I25.103", "冠状动脉粥样硬化性心脏病"))
    return {
        "mdtrtinfo": {
            "mdtrt_id": mdtrt_id,
            "psn_no": member.psn_no,
            "med_type": "11",
            "begntime": at,
            "main_cond_dscr": "头晕、胸闷一周",
            "dise_codg": "",
            "dise_name": "",
        },
        "diseinfo": [
            {
                "diag_type": "1",
                "diag_srt_no": number,
                "diag_code": code,
                "diag_name": name,
                "diag_dept": "全科",
                "dise_dor_no": "D140100000001",
                "dise_dor_name": "演示医师",
                "diag_time": at,
                "vali_flag": "1",
            }
            for number, (code, name) in enumerate(diagnoses, start=1)
        ],
    }


def total(goods: tuple[Good, ...]) -> str:
    """Sum of the goods in yuan."""
    return format_yuan(sum(good.amount_fen for good in goods))


def decimal(value: Any) -> Decimal:
    """An amount of an answer: a JSON number, through its digits, never through binary fractions."""
    return Decimal(str(value))


def yuan(value: Any) -> str:
    """An amount with two decimals."""
    return f"{decimal(value):.2f}"


def paid(info: dict[str, Any]) -> str:
    """Who paid what, in one line."""
    own = decimal(info["acct_pay"]) - decimal(info["acct_mulaid_pay"])
    return (
        f"费用 {yuan(info['medfee_sumamt'])} = 统筹基金 {yuan(info['hifp_pay'])} + 个人账户 {yuan(own)}"
        f" + 家庭共济 {yuan(info['acct_mulaid_pay'])} + 现金 {yuan(info['psn_cash_pay'])}（起付线 {yuan(info['act_pay_dedc'])}）"
    )


def adds_up(info: dict[str, Any]) -> bool:
    """Whether funds, accounts and cash are the whole."""
    paid = sum(
        decimal(info[name]) for name in ("fund_pay_sumamt", "acct_pay", "psn_cash_pay", "hosp_part_amt")
    )
    return paid == decimal(info["medfee_sumamt"])


def comparable(info: dict[str, Any]) -> dict[str, Any]:
    """setlinfo without what differs between pre-settlement and settlement."""
    return {name: value for name, value in info.items() if name not in UNLIKE_BETWEEN_PREVIEW_AND_SETTLEMENT}


def enjoys(benefit: Any) -> bool:
    """Whether any fund pays."""
    return any(row["trt_enjymnt_flag"] == "1" for row in benefit["trtinfo"])
