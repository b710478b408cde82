"""A settlement as the interface writes it: setlinfo and one setldetail row per fund.

Amounts come from the waterfall as they are; the identities of the field table hold because those of the waterfall do:
fund_pay_sumamt + psn_part_amt = medfee_sumamt, acct_pay + psn_cash_pay = psn_part_amt, acct_pay includes acct_mulaid_pay.
"""

from typing import Any

import msgspec

from gongji import explain
from gongji.base.sealing import Vault
from gongji.base.times import day_in_china
from gongji.gateway.funds import (
    BY_ITEM,
    CHRONIC,
    FAMILY_ACCOUNT,
    OWN_ACCOUNT,
    POOL,
    POOL_OF_BENEFIT,
    clearing_type,
    six_digits,
)
from gongji.gateway.messages.t22 import ReversalInfo, SetlDetail, SetlInfo
from gongji.gateway.values import ZERO, age, day, flag, moment, proportion, yuan
from gongji.kernel import layout
from gongji.members.personal import cert_no
from gongji.members.values import Person, Standing
from gongji.policy import Law
from gongji.settlement.commands import Settled

PREVIEW = 2
OTHER_FUNDS = (
    (CHRONIC, layout.W_CHRONIC_PAY_FEN, explain.CHRONIC),
    (OWN_ACCOUNT, layout.W_ACCOUNT_FEN, explain.ACCOUNT),
    (FAMILY_ACCOUNT, layout.W_MUTUAL_FEN, explain.FAMILY),
)
"""Funds that have a row when they paid: code and name, their amount in the waterfall, their name for the explanation."""

encode = msgspec.json.Encoder().encode


class Presented(msgspec.Struct, frozen=True):
    """What the settlement does not know: the voucher that the message shows, and the vault that opens the member's number."""

    voucher_type: str | None
    vault: Vault


def setlinfo(settled: Settled, shown: Presented, standing: Standing | None) -> dict[str, Any]:
    """Fields of setlinfo. ``standing`` is what held on the day of service; None leaves the person's fields null."""
    water = settled.outcome.waterfall
    pool = water[layout.W_POOL_PAY_FEN]
    chronic = water[layout.W_CHRONIC_PAY_FEN]
    mutual = water[layout.W_MUTUAL_FEN]
    ratio = settled.outcome.ratio_bp
    preview = settled.kind == PREVIEW
    total = water[layout.W_TOTAL_FEN]
    return {
        **_person(standing, settled, shown.vault),
        "mdtrt_id": str(settled.visit_id),
        "setl_id": None if preview else str(settled.settlement_id),
        "psn_no": settled.psn_no,
        "setl_time": None if preview else moment(settled.settled_at),
        "mdtrt_cert_type": shown.voucher_type,
        "med_type": settled.med_type,
        "medfee_sumamt": yuan(total),
        "fulamt_ownpay_amt": yuan(water[layout.W_FULL_SELFPAY_FEN]),
        "overlmt_selfpay": yuan(water[layout.W_OVER_LIMIT_FEN]),
        "preselfpay_amt": yuan(water[layout.W_PREPAY_FEN]),
        "inscp_scp_amt": yuan(in_scope_fen(water)),
        "act_pay_dedc": yuan(water[layout.W_DEDUCTIBLE_FEN]),
        "hifp_pay": yuan(pool + chronic),
        "pool_prop_selfpay": ZERO if ratio is None else proportion(ratio),
        "cvlserv_pay": ZERO,
        "hifes_pay": ZERO,
        "hifmi_pay": ZERO,
        "hifob_pay": ZERO,
        "maf_pay": ZERO,
        "oth_pay": ZERO,
        "hifdm_pay": ZERO,
        "fund_pay_sumamt": yuan(pool + chronic),
        "psn_part_amt": yuan(total - pool - chronic),
        "acct_pay": yuan(water[layout.W_ACCOUNT_FEN] + mutual),
        "psn_cash_pay": yuan(water[layout.W_CASH_FEN]),
        "hosp_part_amt": ZERO,
        "balc": yuan(settled.own_after_fen),
        "acct_mulaid_pay": yuan(mutual),
        "medins_setl_id": settled.msgid,
        "clr_optins": six_digits(settled.region),
        "clr_way": BY_ITEM,
        "clr_type": clearing_type(settled.med_type, settled.place_kind),
        "exp_content": None,
    }


def in_scope_fen(water: tuple[int, ...]) -> int:
    """符合政策范围金额 of the interface: with the chronic fee, so that the four parts add up to the total."""
    return water[layout.W_IN_SCOPE_FEN] + water[layout.W_CHRONIC_FEE_FEN]


def _person(standing: Standing | None, settled: Settled, vault: Vault) -> dict[str, Any]:
    if standing is None:
        return dict.fromkeys(
            ("psn_name", "psn_cert_type", "certno", "gend", "naty", "brdy", "age", "insutype", "psn_type")
        ) | {"cvlserv_flag": "0"}
    who: Person = standing.person
    return {
        "psn_name": who.name,
        "psn_cert_type": who.cert_type,
        "certno": cert_no(vault, who),
        "gend": who.gender,
        "naty": who.ethnicity,
        "brdy": day(who.born_on),
        "age": age(who.born_on, day_in_china(settled.settled_at)),
        "insutype": standing.insutype,
        "psn_type": standing.psn_type,
        "cvlserv_flag": flag(standing.civil_servant),
    }


def setldetail(law: Law, settled: Settled) -> tuple[SetlDetail, ...]:
    """One row per fund: the pooled fund always (its row says why it paid nothing), the others when they paid."""
    outcome = settled.outcome
    water = outcome.waterfall
    reversal = settled.kind == -1
    told = explain.reversal_info(settled.original_id) if reversal else None
    in_scope = yuan(in_scope_fen(water))
    room = water[layout.W_CAP_ROOM_FEN]
    pool_code, pool_name = POOL_OF_BENEFIT.get(settled.benefit, POOL)
    first = SetlDetail(
        pool_code,
        in_scope,
        None if room < 0 or reversal or outcome.refusal is not None else yuan(room),
        yuan(water[layout.W_POOL_PAY_FEN]),
        pool_name,
        told or explain.process_info(law, outcome, explain.POOL),
    )
    return first, *(
        SetlDetail(
            code,
            in_scope,
            None,
            yuan(water[position]),
            name,
            told or explain.process_info(law, outcome, fund),
        )
        for (code, name), position, fund in OTHER_FUNDS
        if water[position]
    )


def settlement_output(law: Law, settled: Settled, shown: Presented) -> dict[str, Any]:
    """Nodes of a settlement or a preview."""
    standing = settled.person if isinstance(settled.person, Standing) else None
    return {
        "setlinfo": SetlInfo(**setlinfo(settled, shown, standing)),
        "setldetail": setldetail(law, settled),
        "expContent": None,
    }


def reversal_output(
    law: Law, settled: Settled, shown: Presented, standing: Standing | None
) -> dict[str, Any]:
    """Nodes of a reversal: amounts negative, cash in both spellings (the table's typo and the captures')."""
    fields = setlinfo(settled, shown, standing)
    return {
        "setlinfo": ReversalInfo(**fields, pdn_cash_pay=fields["psn_cash_pay"]),
        "setldetail": setldetail(law, settled),
        "expContent": None,
    }
