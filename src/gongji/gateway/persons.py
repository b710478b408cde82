"""Who stands at the counter: the member behind a voucher, checked against what the message says about him."""

from datetime import date

from gongji.base.reasons import Refusal
from gongji.base.sealing import Vault
from gongji.base.sqlfiles import Connection
from gongji.members.personal import cert_no
from gongji.members.selectors import identify
from gongji.members.values import Identity, Person


async def at_counter(
    connection: Connection,
    vault: Vault,
    on: date,
    voucher_type: str,
    voucher_no: str,
    card_sn: str = "",
    *,
    psn_no: str = "",
    certno: str = "",
    psn_name: str = "",
) -> Identity | Refusal:
    """The member who shows this voucher on the day ``on``.

    Refused: nobody has it, an expired or blocked card (A35), and a number or name in the message that is another person's.
    Texts name neither. An identity document identifies (mdtrt_cert_type 02), whether it opens the pooled fund is the law's affair.
    """
    identity = await identify(connection, vault, voucher_type, voucher_no, on, card_sn)
    if identity is None:
        return Refusal("UNKNOWN_MEMBER", "按就诊凭证没有查到参保人")
    if identity.voucher_state == "expired":
        return Refusal("CARD_EXPIRED")
    if identity.voucher_state == "blocked":
        return Refusal("ACCOUNT_BLOCKED", "凭证已挂失或冻结")
    mismatch = _mismatch(vault, identity.person, psn_no, certno, psn_name)
    return Refusal("VOUCHER_MISMATCH", mismatch) if mismatch else identity


def _mismatch(vault: Vault, person: Person, psn_no: str, certno: str, psn_name: str) -> str:
    """Which field of the message is another person's, or an empty text."""
    if psn_no and psn_no != person.psn_no:
        return "psn_no 与就诊凭证不是同一人"
    if certno and certno.upper() != cert_no(vault, person):
        return "certno 与就诊凭证不是同一人"
    if psn_name and _plain(psn_name) != _plain(person.name):
        return "psn_name 与就诊凭证不是同一人"
    return ""


def _plain(name: str) -> str:
    """A name without blanks and without the dot that some clients leave out or write otherwise."""
    return "".join(char for char in name if char not in " 　·•．.‧")
