"""The story itself: a visit, a purchase on its prescription, a refund, an answer that gets lost and is found again.

Every step is a trade of the national interface over HTTP. What must hold is checked as it happens (``Check``), so that the
demonstration can fail: pre-settlement equals settlement, the pharmacy charges no second deductible, a refund gives back
exactly what was paid, a lost settlement is undone once.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from gongji.base.money import format_yuan
from gongji.project.story.cast import Cast, Good
from gongji.project.story.client import Caller, Institution
from gongji.project.story.messages import (
    adds_up,
    charged,
    comparable,
    decimal,
    enjoys,
    fee_row,
    paid,
    refused,
    registration,
    settlement,
    sign_in,
    stamp,
    total,
    visit_info,
    voucher,
    yuan,
)


@dataclass(frozen=True)
class Check:
    """Something that had to hold, and whether it did."""

    text: str
    held: bool


@dataclass
class Told:
    """What the story left behind: ids for the reader, checks for the exit status."""

    psn_no: str
    mdtrt_id: str = ""
    setl_id: str = ""
    prescription: str = ""
    purchase_setl_id: str = ""
    purchase_mdtrt_id: str = ""
    checks: list[Check] = field(default_factory=list)

    @property
    def held(self) -> bool:
        """Whether everything held."""
        return all(check.held for check in self.checks)


@dataclass
class Story:
    """Plays ``cast`` against a running platform; ``say`` receives a line of Chinese text per step."""

    cast: Cast
    dial: Callable[[Institution], Caller]
    say: Callable[[str, str], None]
    told: Told = field(init=False)

    def __post_init__(self) -> None:
        self.told = Told(self.cast.member.psn_no)

    def play(self) -> Told:
        """All scenes in their order."""
        hospital, pharmacy = self.dial(self.cast.hospital), self.dial(self.cast.pharmacy)
        self.identify(hospital)
        self.visit(hospital)
        first = self.settle(hospital)
        self.purchase(pharmacy, first)
        self.refund(pharmacy)
        self.lose_an_answer(hospital)
        return self.told

    def check(self, text: str, held: bool) -> None:
        """Note that ``text`` had to hold."""
        self.told.checks.append(Check(text, held))
        self.say("核对", f"{'✓' if held else '✗'} {text}")

    def identify(self, hospital: Caller) -> None:
        """9001, 1101, 2001: sign in, read the e-voucher, ask for the benefit."""
        hospital.sign_no = sign_in(hospital)
        member = self.cast.member
        who = {"psn_cert_type": "01", "certno": member.cert_no, "psn_name": member.name}
        found = hospital.call("1101", {"data": {**voucher(member), **who}})
        insured = found["insuinfo"][0]
        self.say("9001", f"{self.cast.hospital.name}签到，签到编号 {hospital.sign_no}")
        self.say(
            "1101",
            f"识别参保人 {member.name}（{found['baseinfo']['psn_no']}），个人账户余额 {yuan(insured['balc'])} 元",
        )
        asked = {
            "psn_no": member.psn_no,
            "insutype": "310",
            "fixmedins_code": self.cast.hospital.code,
            "med_type": "11",
            "begntime": stamp(hospital),
        }
        benefit = hospital.call("2001", {"data": asked})
        self.say("2001", "普通门诊统筹待遇：" + ("享受" if enjoys(benefit) else "不享受"))

    def visit(self, hospital: Caller) -> None:
        """2201, 2203, 2204: register, diagnose, upload fees with the prescription's number."""
        member = self.cast.member
        number = hospital.next_msgid()[-14:]
        registered = hospital.call(
            "2201", registration(member, f"MZ{number}", stamp(hospital)), insured_region=member.region
        )
        self.told.mdtrt_id = registered["data"]["mdtrt_id"]
        self.say("2201", f"挂号，就诊ID {self.told.mdtrt_id}")
        hospital.call("2203", visit_info(member, self.told.mdtrt_id, stamp(hospital)))
        self.say("2203", "上传就诊和诊断：高血压，冠心病")
        self.told.prescription = f"CF{number}"
        goods = (self.cast.consultation, self.cast.drug_with_standard, self.cast.drug_b)
        split = self.upload(hospital, "1", goods, elsewhere=(self.cast.pharmacy_drug,))
        for good, part in zip(goods, split["result"], strict=False):
            self.say(
                "2204",
                f"{good.name} × {good.quantity}：{format_yuan(good.amount_fen)} 元"
                f"（超支付标准 {yuan(part['overlmt_amt'])}，先行自付 {yuan(part['preselfpay_amt'])}，"
                f"政策范围内 {yuan(part['inscp_scp_amt'])}）",
            )
        self.say(
            "2204",
            f"{self.cast.pharmacy_drug.name} × {self.cast.pharmacy_drug.quantity}：处方流转，到药店购买，不在此收费",
        )

    def upload(
        self, hospital: Caller, batch: str, goods: tuple[Good, ...], elsewhere: tuple[Good, ...] = ()
    ) -> Any:
        """2204 of one fee batch; ``elsewhere`` are prescribed to be bought at a pharmacy: no amount, 外购处方标志 1."""
        member, mdtrt_id = self.cast.member, self.told.mdtrt_id
        rows = [
            {
                **fee_row(member, mdtrt_id, batch, number, good, stamp(hospital), here=good not in elsewhere),
                "rxno": self.told.prescription,
                "rx_circ_flag": "1" if good in elsewhere else "0",
            }
            for number, good in enumerate(goods + elsewhere, start=1)
        ]
        return hospital.call("2204", {"feedetail": rows})

    def settle(self, hospital: Caller) -> Any:
        """2206 and 2207: what it will cost, then the settlement."""
        goods = (self.cast.consultation, self.cast.drug_with_standard, self.cast.drug_b)
        asked = settlement(self.cast.member, self.told.mdtrt_id, "1", goods)
        before = hospital.call("2206", asked)
        self.say("2206", f"预结算：{paid(before['setlinfo'])}")
        after = hospital.call("2207", asked)
        self.told.setl_id = after["setlinfo"]["setl_id"]
        self.say("2207", f"结算 {self.told.setl_id}：{paid(after['setlinfo'])}")
        for row in after["setldetail"]:
            self.say(
                "2207",
                f"{row['fund_pay_type_name']} {yuan(row['fund_payamt'])} 元。{row['setl_proc_info'] or ''}",
            )
        self.check(
            "预结算与结算一致（2206 = 2207）",
            comparable(before["setlinfo"]) == comparable(after["setlinfo"]),
        )
        self.check("费用 = 基金 + 个人账户（含共济）+ 现金", adds_up(after["setlinfo"]))
        return after

    def purchase(self, pharmacy: Caller, first: Any) -> None:
        """2101, 2102 at a pharmacy on the visit's prescription: the deductible is merged (晋医保办发〔2023〕2号 二)."""
        pharmacy.sign_no = sign_in(pharmacy)
        member, good = self.cast.member, self.cast.pharmacy_drug
        asked = {
            "druginfo": {
                "psn_no": member.psn_no,
                **voucher(member),
                "begntime": stamp(pharmacy),
                "medfee_sumamt": total((good,)),
                "insutype": "310",
                "acct_used_flag": "1",
                "med_type": "41",
            },
            "drugdetail": [
                {
                    "feedetl_sn": "1",
                    "rxno": self.told.prescription,
                    "rx_circ_flag": "1",
                    **charged(good, stamp(pharmacy)),
                }
            ],
        }
        pharmacy.call("2101", asked)
        bought = pharmacy.call("2102", asked)["setlinfo"]
        self.told.purchase_setl_id, self.told.purchase_mdtrt_id = bought["setl_id"], bought["mdtrt_id"]
        self.say("2102", f"{self.cast.pharmacy.name}凭处方购 {good.name} × {good.quantity}：{paid(bought)}")
        deducted = decimal(first["setlinfo"]["act_pay_dedc"]) + decimal(bought["act_pay_dedc"])
        standard = decimal(self.cast.deductible_yuan)
        self.check(
            f"起付标准与开方机构合并计算：两处合计 {yuan(deducted)} 元，不超过 {yuan(standard)} 元",
            deducted <= standard,
        )
        self.check("凭处方购药由统筹基金按比例支付", decimal(bought["hifp_pay"]) > 0)

    def refund(self, pharmacy: Caller) -> None:
        """2103: the purchase is brought back; every source of money gets its own back."""
        member = self.cast.member
        which = {
            "data": {
                "psn_no": member.psn_no,
                "setl_id": self.told.purchase_setl_id,
                "mdtrt_id": self.told.purchase_mdtrt_id,
            }
        }
        before = pharmacy.call("5203", which)["setlinfo"]
        undone = pharmacy.call("2103", which)["setlinfo"]
        self.say("2103", f"退药：{paid(undone)}")
        same = all(
            decimal(undone[name]) == -decimal(before[name])
            for name in ("medfee_sumamt", "hifp_pay", "acct_pay", "acct_mulaid_pay", "act_pay_dedc")
        )
        self.check("退费逐项冲回原支付（基金、个人账户、共济、起付线）", same)

    def lose_an_answer(self, hospital: Caller) -> None:
        """2207 whose answer is lost, found and undone by 2601, then settled again under a new number."""
        goods = (self.cast.examination,)
        self.upload(hospital, "2", goods)
        asked = settlement(self.cast.member, self.told.mdtrt_id, "2", goods)
        lost = hospital.next_msgid()
        hospital.call_and_lose("2207", asked, msgid=lost)
        self.say("2207", f"{self.cast.examination.name} 结算后网络中断，没有收到回答（报文 {lost}）")
        undo = {"data": {"psn_no": self.cast.member.psn_no, "omsgid": lost, "oinfno": "2207"}}
        hospital.call("2601", undo)
        self.say("2601", "冲正：按原报文号找到这笔结算并已撤销")
        self.check("同一笔结算不能再冲正第二次", refused(hospital, "2601", undo))
        msgid = hospital.next_msgid()
        again = hospital.call("2207", asked, msgid=msgid)["setlinfo"]
        repeated = hospital.call("2207", asked, msgid=msgid)["setlinfo"]
        self.say("2207", f"重新结算 {again['setl_id']}：{paid(again)}")
        self.check("同一报文重发得到同一回答，只结算一次", repeated == again)
        hospital.call("9002", {"signOut": {"sign_no": hospital.sign_no, "opter_no": hospital.operator[0]}})
