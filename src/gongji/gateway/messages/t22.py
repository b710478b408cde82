"""2201-2208 门诊: registration, diagnoses, fee lines, settlement."""

from typing import ClassVar

import msgspec

from gongji.gateway.fields import (
    AccountUse,
    Date,
    DateTime,
    Exp,
    Fen,
    Flag,
    Hundredths,
    PersonNumber,
    PriceMicro,
    Private50,
    QuantityE4,
    Raw,
    Text3,
    Text6,
    Text10,
    Text12,
    Text20,
    Text30,
    Text50,
    Text100,
    Text150,
    Text200,
    Text500,
    Text1000,
    Text2000,
    VoucherType,
    Whole,
)
from gongji.gateway.values import JsonNumber


class Registration(msgspec.Struct, frozen=True):
    """data of 2201. card_sn, psn_cert_type, certno, psn_type, psn_name are not sent by national clients: optional."""

    psn_no: PersonNumber
    begntime: DateTime
    mdtrt_cert_type: VoucherType
    ipt_otp_no: Text30
    insutype: Text6 = "310"
    mdtrt_cert_no: Private50 = ""
    card_sn: Private50 = ""
    psn_cert_type: Text6 = ""
    certno: Private50 = ""
    psn_type: Text6 = ""
    psn_name: Private50 = ""
    atddr_no: Text30 = ""
    dr_name: Text50 = ""
    dept_code: Text30 = ""
    dept_name: Text100 = ""
    caty: Text10 = ""
    exp_content: Exp = {}


class Registered(msgspec.Struct, frozen=True):
    mdtrt_id: str
    psn_no: str
    ipt_otp_no: str
    exp_content: str | None = None


class RegisteredOutput(msgspec.Struct, frozen=True):
    data: Registered


class Cancellation(msgspec.Struct, frozen=True):
    """data of 2202."""

    psn_no: PersonNumber
    mdtrt_id: Text30
    ipt_otp_no: Text30
    exp_content: Exp = {}


class VisitInfo(msgspec.Struct, frozen=True):
    """mdtrtinfo of 2203 and 2203A; the pharmacy variant adds the prescribing institution and the prescription's picture."""

    mdtrt_id: Text30
    psn_no: PersonNumber
    med_type: Text6
    begntime: DateTime
    main_cond_dscr: Text1000 = ""
    dise_type_code: Text30 = ""
    dise_codg: Text30 = ""
    dise_name: Text500 = ""
    birctrl_type: Text6 = ""
    birctrl_matn_date: Date | None = None
    matn_type: Text6 = ""
    geso_val: Whole | None = None
    rxfixmedinsCode: Text12 = ""
    rxfixmedinsName: Text200 = ""
    rxIn: Raw = None
    rxfilename: Text200 = ""
    rxExpContent: Text2000 = ""
    exp_content: Exp = {}


class DiagnosisRow(msgspec.Struct, frozen=True):
    """diseinfo of 2203 and 2203A."""

    diag_type: Text3
    diag_srt_no: Whole
    diag_code: Text30
    diag_name: Text100
    diag_dept: Text50 = ""
    dise_dor_no: Text30 = ""
    dise_dor_name: Text50 = ""
    diag_time: DateTime | None = None
    vali_flag: Flag = "1"


class FeeRow(msgspec.Struct, frozen=True):
    """feedetail of 2204. comb_no, memo and exp_content are not sent by national clients."""

    feedetl_sn: Text30
    mdtrt_id: Text30
    psn_no: PersonNumber
    chrg_bchno: Text30
    fee_ocur_time: DateTime
    med_list_codg: Text50
    det_item_fee_sumamt: Fen
    cnt: QuantityE4
    pric: PriceMicro
    medins_list_codg: Text150 = ""
    dise_codg: Text30 = ""
    rxno: Text30 = ""
    rx_circ_flag: Flag = "0"
    sin_dos_dscr: Text200 = ""
    used_frqu_dscr: Text200 = ""
    prd_days: Hundredths | None = None
    medc_way_dscr: Text200 = ""
    bilg_dept_codg: Text30 = ""
    bilg_dept_name: Text100 = ""
    bilg_dr_codg: Text30 = ""
    bilg_dr_name: Text50 = ""
    acord_dept_codg: Text30 = ""
    acord_dept_name: Text100 = ""
    orders_dr_code: Text30 = ""
    orders_dr_name: Text50 = ""
    hosp_appr_flag: Text3 = "0"
    tcmdrug_used_way: Text6 = ""
    etip_flag: Text3 = ""
    etip_hosp_code: Text30 = ""
    dscg_tkdrug_flag: Text3 = ""
    matn_fee_flag: Text6 = ""
    memo: Text1000 = ""
    comb_no: Text10 = ""
    exp_content: Exp = {}


class LineResult(msgspec.Struct, frozen=True):
    """result of 2204, detlcutinfo of 2101 and 2102: how the line was split."""

    feedetl_sn: str
    det_item_fee_sumamt: JsonNumber
    cnt: JsonNumber
    pric: JsonNumber
    pric_uplmt_amt: JsonNumber
    selfpay_prop: JsonNumber | None
    fulamt_ownpay_amt: JsonNumber | None
    overlmt_amt: JsonNumber | None
    preselfpay_amt: JsonNumber | None
    inscp_scp_amt: JsonNumber | None
    chrgitm_lv: str
    med_chrgitm_type: str
    bas_medn_flag: str
    hi_nego_drug_flag: str
    chld_medc_flag: str | None
    list_sp_item_flag: str | None
    lmt_used_flag: str
    drt_reim_flag: str
    memo: str | None
    exp_content: str | None = None


class FeesOutput(msgspec.Struct, frozen=True):
    result: tuple[LineResult, ...]


class FeeCancellation(msgspec.Struct, frozen=True):
    """data of 2205; batch "0000" means every unsettled line of the visit."""

    mdtrt_id: Text30
    chrg_bchno: Text30
    psn_no: PersonNumber
    exp_content: Exp = {}


class Settlement(msgspec.Struct, frozen=True):
    """data of 2206, 2206A, 2207 and 2207A: the same fields; the echoes of 2206 and the invoice belong to 2207."""

    ALSO: ClassVar[dict[str, tuple[str, ...]]] = {"overlmt_selfpay": ("overlmt_amt",)}

    psn_no: PersonNumber
    mdtrt_cert_type: VoucherType
    med_type: Text6
    medfee_sumamt: Fen
    mdtrt_id: Text30
    chrg_bchno: Text30
    acct_used_flag: AccountUse
    mdtrt_cert_no: Private50 = ""
    card_sn: Private50 = ""
    psn_cert_type: Text6 = ""
    certno: Private50 = ""
    psn_type: Text6 = ""
    psn_name: Private50 = ""
    psn_setlway: Text6 = "01"
    insutype: Text6 = "310"
    invono: Text20 = ""
    fulamt_ownpay_amt: Fen | None = None
    overlmt_selfpay: Fen | None = None
    preselfpay_amt: Fen | None = None
    inscp_scp_amt: Fen | None = None
    exp_content: Exp = {}
    pub_hosp_rfom_flag: Text6 = ""
    drug_trac_info: Raw = None


class Reversal(msgspec.Struct, frozen=True):
    """data of 2208 and 2103."""

    setl_id: Text30
    mdtrt_id: Text30
    psn_no: PersonNumber
    exp_content: Exp = {}


class SetlInfo(msgspec.Struct, frozen=True, kw_only=True):
    """setlinfo of 2101, 2102, 2206, 2207. Both account amounts stand as the table defines: acct_pay includes acct_mulaid_pay."""

    mdtrt_id: str
    setl_id: str | None
    psn_no: str
    psn_name: str | None
    psn_cert_type: str | None
    certno: str | None
    gend: str | None
    naty: str | None
    brdy: str | None
    age: JsonNumber | None
    insutype: str | None
    psn_type: str | None
    cvlserv_flag: str
    setl_time: str | None
    mdtrt_cert_type: str | None
    med_type: str
    medfee_sumamt: JsonNumber
    fulamt_ownpay_amt: JsonNumber
    overlmt_selfpay: JsonNumber
    preselfpay_amt: JsonNumber
    inscp_scp_amt: JsonNumber
    act_pay_dedc: JsonNumber
    hifp_pay: JsonNumber
    pool_prop_selfpay: JsonNumber
    cvlserv_pay: JsonNumber
    hifes_pay: JsonNumber
    hifmi_pay: JsonNumber
    hifob_pay: JsonNumber
    maf_pay: JsonNumber
    oth_pay: JsonNumber
    hifdm_pay: JsonNumber
    fund_pay_sumamt: JsonNumber
    psn_part_amt: JsonNumber
    acct_pay: JsonNumber
    psn_cash_pay: JsonNumber
    hosp_part_amt: JsonNumber
    balc: JsonNumber
    acct_mulaid_pay: JsonNumber
    medins_setl_id: str
    clr_optins: str | None
    clr_way: str | None
    clr_type: str
    exp_content: str | None


class ReversalInfo(SetlInfo, frozen=True, kw_only=True):
    """setlinfo of 2208 and 2103: amounts negative, the person's cash in the captures' and in the table's spelling."""

    pdn_cash_pay: JsonNumber


class SetlDetail(msgspec.Struct, frozen=True):
    """setldetail: one fund."""

    fund_pay_type: str
    inscp_scp_amt: JsonNumber
    crt_payb_lmt_amt: JsonNumber | None
    fund_payamt: JsonNumber
    fund_pay_type_name: str
    setl_proc_info: str
