"""3501-3507 进销存 and 3592B: what institutions state about counts, changes, purchases, sales and their trace codes.

Clients write to several versions of the specification: trace codes stand in a node of the row, in one beside it, or in the flat
field of 2021.
"""

from typing import Annotated, Any, ClassVar

import msgspec

from gongji.gateway.fields import (
    Choice,
    Date,
    DateTime,
    PersonNumber,
    PriceMicro,
    Private50,
    QuantityE4,
    Raw,
    Text,
    Text3,
    Text6,
    Text30,
    Text50,
    Text100,
    Text200,
    Text500,
)
from gongji.stock.rules import CHANGES, DELETABLE

Text40 = Annotated[str, Text(40)]
Codes = Annotated[str, Text(2000)]
"""The flat field of trace codes: some clients write several, with commas between."""
Yes = Annotated[str, Choice(("0", "1"))]
ChangeType = Annotated[str, Choice(tuple(CHANGES))]
DataType = Annotated[str, Choice(tuple(DELETABLE))]


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """What every row says: the item in both catalogues, the institution's batch."""

    med_list_codg: Text50
    fixmedins_hilist_id: Text30
    fixmedins_bchno: Text30
    fixmedins_hilist_name: Text200 = ""
    rx_flag: Text3 = ""
    memo: Text500 = ""
    trdn_flag: Yes = "0"
    drug_trac_codg: Codes = ""
    drugtracinfo: Raw = None


class Count(Row, frozen=True, kw_only=True):
    """invinfo of 3501: what was counted on a day."""

    invdate: Date
    inv_cnt: QuantityE4
    expy_end: Date
    manu_lotnum: Text30 = ""
    manu_date: Date | None = None
    pric: PriceMicro | None = None


class Change(Row, frozen=True, kw_only=True):
    """invinfo of 3502."""

    inv_chg_type: ChangeType
    cnt: QuantityE4
    inv_chg_time: DateTime
    pric: PriceMicro | None = None
    inv_chg_opter_name: Text50 = ""
    trac_codg_pac_hery: Text3 = ""


class Purchase(Row, frozen=True, kw_only=True):
    """purcinfo of 3503."""

    ALSO: ClassVar[dict[str, tuple[str, ...]]] = {
        "prodentp_name": ("prodentpName", "prdr_name"),
        "purc_retn_stoin_time": ("purc_retn_stointime", "purcRetnStoinTime"),
    }

    spler_name: Text200
    expy_end: Date
    purc_retn_cnt: QuantityE4
    purc_retn_stoin_time: DateTime
    dynt_no: Text50 = ""
    spler_pmtno: Text50 = ""
    manu_lotnum: Text30 = ""
    prodentp_name: Text200 = ""
    aprvno: Text100 = ""
    manu_date: Date | None = None
    finl_trns_pric: PriceMicro | None = None
    purc_invo_codg: Text50 = ""
    purc_invo_no: Text50 = ""
    purc_retn_opter_name: Text50 = ""
    prod_geay_flag: Yes = "0"


class PurchaseReturn(Row, frozen=True, kw_only=True):
    """purcinfo of 3504; medins_prod_purc_no names the purchase."""

    ALSO: ClassVar[dict[str, tuple[str, ...]]] = {
        "purc_retn_stoin_time": ("purc_retn_stointime", "purcRetnStoinTime"),
    }

    spler_name: Text200
    purc_retn_cnt: QuantityE4
    purc_retn_stoin_time: DateTime
    spler_pmtno: Text50 = ""
    manu_lotnum: Text30 = ""
    manu_date: Date | None = None
    expy_end: Date | None = None
    finl_trns_pric: PriceMicro | None = None
    purc_invo_codg: Text50 = ""
    purc_invo_no: Text50 = ""
    purc_retn_opter_name: Text50 = ""
    medins_prod_purc_no: Text50 = ""


class Buyer(Row, frozen=True, kw_only=True):
    """What a sale and its return say alike: how much, when, to whom."""

    sel_retn_cnt: QuantityE4
    sel_retn_time: DateTime
    setl_id: Text30 = ""
    mdtrt_sn: Text30 = ""
    psn_no: PersonNumber = ""
    psn_cert_type: Text6 = ""
    certno: Private50 = ""
    psn_name: Private50 = ""
    manu_lotnum: Text30 = ""
    manu_date: Date | None = None
    expy_end: Date | None = None
    finl_trns_pric: PriceMicro | None = None
    sel_retn_opter_name: Text50 = ""
    medins_prod_sel_no: Text50 = ""


class Sale(Buyer, frozen=True, kw_only=True):
    """selinfo of 3505."""

    rtal_docno: Text40
    prsc_dr_cert_type: Text6 = ""
    prsc_dr_certno: Private50 = ""
    prsc_dr_name: Text50 = ""
    prsc_dr_no: Text50 = ""
    phar_cert_type: Text6 = ""
    phar_certno: Private50 = ""
    phar_name: Text50 = ""
    phar_no: Text50 = ""
    phar_prac_cert_no: Text50 = ""
    hi_feesetl_type: Text6 = ""
    rxno: Text40 = ""
    rx_circ_flag: Text3 = ""
    stoout_no: Text40 = ""
    bchno: Text30 = ""
    drug_prod_barc: Text500 = ""
    shelf_posi: Text30 = ""
    MDTRT_SETL_TYPE: Text6 = ""


class SaleReturn(Buyer, frozen=True, kw_only=True):
    """selinfo of 3506; medins_prod_sel_no names the sale."""


class Deletion(msgspec.Struct, frozen=True):
    """data of 3507; a memo, which the specification does not have, is kept as the reason."""

    fixmedins_bchno: Text30
    inv_data_type: DataType
    memo: Text500 = ""


class VirtualCodeRequest(msgspec.Struct, frozen=True):
    """data of 3592B."""

    med_list_codg: Text50
    fixmedins_hilist_id: Text30
    fixmedins_hilist_name: Text200
    fixmedins_bchno: Text30
    memo: Text500 = ""


class TraceNode(msgspec.Struct, frozen=True):
    """drugtracinfo."""

    drug_trac_codg: Text100


class RowResult(msgspec.Struct, frozen=True, omit_defaults=True):
    """What became of one row of an A form: which row it was, and retRslt 1 or 0 with the reason."""

    retRslt: str
    msgRslt: str
    med_list_codg: str = ""
    inv_chg_type: str = ""
    inv_data_type: str = ""
    fixmedins_hilist_id: str = ""
    fixmedins_hilist_name: str = ""
    fixmedins_bchno: str = ""
    medins_prod_inv_no: str = ""
    medins_prod_inv_chg_no: str = ""
    medins_prod_purc_no: str = ""
    medins_prod_sel_no: str = ""


class VirtualCode(msgspec.Struct, frozen=True):
    """result of 3592B."""

    med_list_codg: str
    fixmedins_hilist_id: str
    fixmedins_hilist_name: str
    drug_trac_codg: str


class VirtualCodeOutput(msgspec.Struct, frozen=True):
    result: VirtualCode


def as_nodes(content: Any) -> list[Any]:
    """The drugtracinfo of a row: an array, one object, or nothing."""
    if content in (None, "", "null"):
        return []
    return content if isinstance(content, list) else [content]
