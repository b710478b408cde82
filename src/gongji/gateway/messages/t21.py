"""2101-2103 药店: purchase on a prescription, settled in one message, and its reversal (2103 reads as 2208)."""

from typing import ClassVar

import msgspec

from gongji.gateway.fields import (
    AccountUse,
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
    Text20,
    Text30,
    Text50,
    Text100,
    Text150,
    Text200,
    Text500,
    VoucherType,
)


class DrugInfo(msgspec.Struct, frozen=True):
    """druginfo of 2101 and 2102."""

    psn_no: PersonNumber
    mdtrt_cert_type: VoucherType
    begntime: DateTime
    medfee_sumamt: Fen
    acct_used_flag: AccountUse
    mdtrt_cert_no: Private50 = ""
    card_sn: Private50 = ""
    psn_cert_type: Text6 = ""
    certno: Private50 = ""
    psn_type: Text6 = ""
    psn_name: Private50 = ""
    insutype: Text6 = "310"
    invono: Text20 = ""
    dise_codg: Text30 = ""
    dise_name: Text500 = ""
    med_type: Text6 = "41"
    exp_content: Exp = {}


class DrugRow(msgspec.Struct, frozen=True):
    """drugdetail of 2101 and 2102; the trace node is spelled in two ways and sits in the row or beside it."""

    ALSO: ClassVar[dict[str, tuple[str, ...]]] = {"drug_trac_info": ("durg_trac_info", "drugtracinfo")}

    feedetl_sn: Text30
    fee_ocur_time: DateTime
    med_list_codg: Text50
    det_item_fee_sumamt: Fen
    cnt: QuantityE4
    pric: PriceMicro
    medins_list_codg: Text150 = ""
    rxno: Text30 = ""
    rx_circ_flag: Flag = "0"
    sin_dos_dscr: Text200 = ""
    used_frqu_dscr: Text200 = ""
    prd_days: Hundredths | None = None
    medc_way_dscr: Text200 = ""
    bilg_dr_codg: Text30 = ""
    bilg_dr_name: Text50 = ""
    tcmdrug_used_way: Text6 = ""
    exp_content: Exp = {}
    drug_trac_info: Raw = None


class TraceRow(msgspec.Struct, frozen=True):
    """One trace code (药品追溯码); trdn_flag 1: the pack was split, so the code may be sold again."""

    feedetl_sn: Text30
    drug_trac_codg: Text100
    trdn_flag: Text3 = "0"
