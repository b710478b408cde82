"""Who fetches drugs for a member (代购人): identity registered and checked before, signature kept with the sale. Pure.

Source: SX2022-27 第十二条（查验患者和代购人身份凭证，并作好登记）、第十三条（由代购人签字确认）.
"""

from __future__ import annotations

from typing import Final

from gongji.base.codes import is_known
from gongji.base.reasons import Refusal
from gongji.members.identity import is_valid_cert_no
from gongji.prescriptions.values import Proxy

__all__ = ["MAX_SIGNATURE_BYTES", "refuse_proxy", "refuse_signature"]

ID_CARD: Final = "01"
MAX_TEXT: Final = 50
MAX_SIGNATURE_BYTES: Final = 200_000
REGISTER_CLAUSE: Final = "SX2022-27.art12.d"
SIGN_CLAUSE: Final = "SX2022-27.art13.d"


def refuse_proxy(proxy: Proxy) -> Refusal | None:
    """Why this is no registration of a proxy. The detail never repeats a name or number."""
    texts = (proxy.name, proxy.cert_no)
    if not all(text.strip() and len(text) <= MAX_TEXT and text.isprintable() for text in texts):
        return Refusal("PROXY_INCOMPLETE", "须有姓名和证件号码", REGISTER_CLAUSE)
    if not is_known("psn_cert_type", proxy.cert_type):
        return Refusal("PROXY_INCOMPLETE", "证件类型", REGISTER_CLAUSE)
    if proxy.cert_type == ID_CARD and not is_valid_cert_no(proxy.cert_no):
        return Refusal("CERT_INVALID", "代购人证件号码", REGISTER_CLAUSE)
    return None


def refuse_signature(needed: bool, signature: bytes) -> Refusal | None:
    """A proxy signs before the sale is complete."""
    if needed and not signature:
        return Refusal("PROXY_SIGNATURE_MISSING", "", SIGN_CLAUSE)
    return Refusal("BAD_FIELD", "签字图片过大") if len(signature) > MAX_SIGNATURE_BYTES else None
