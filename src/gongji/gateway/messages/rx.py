"""Field types that the trades of the prescription centre (7101-7211) share, and their own extension fields."""

from typing import Annotated, Any

import msgspec

from gongji.gateway.fields import Choice, Content, Flag, Number, Text, Text500

Text40 = Annotated[str, Text(40)]
Text64 = Annotated[str, Text(64)]
Text255 = Annotated[str, Text(255)]
Text300 = Annotated[str, Text(300)]
Text400 = Annotated[str, Text(400)]

Name = Annotated[str, Text(50, private=True)]
Number30 = Annotated[str, Text(30, private=True)]
CertNo = Annotated[str, Text(50, private=True)]
Phone = Annotated[str, Text(20, private=True)]
Address = Annotated[str, Text(200, private=True)]
Medical = Annotated[str, Text(2000, private=True)]
"""Words about somebody's health."""
Token = Annotated[str, Text(100, private=True)]
"""电子凭证令牌, 电子处方令牌, 二维码码值: who knows it may act."""
Signed = Annotated[str, Text(4000, private=True)]
File = Annotated[str, Text(6_000_000, private=True)]
"""大文本: a file's bytes in base64 (PDF or OFD)."""
Hidden = Annotated[Any, Content(private=True)]

Tenths = Annotated[int, Number(1, 10_000)]
Count = Annotated[int, Number(0, 1_000)]
Days = Annotated[int, Number(0, 10_000)]
DaysE2 = Annotated[int, Number(2, 10**6)]
AmountE2 = Annotated[int, Number(2, 10**9)]

BizType = Annotated[str, Choice(("01", "02"))]
"""bizTypeCode: 01 定点医疗机构就诊, 02 互联网医院问诊."""
ExtraKind = Annotated[str, Choice(("01", "02", "03", "99"))]
"""rxExraAttrCode: 01 双通道处方, 02 门诊统筹处方, 99 其他 (03 in older copies)."""
Approval = Annotated[str, Choice(("0", "1", "2"))]
"""hospApprFlag: whether the hospital approves that a restricted item is paid for."""
DrugKind = Annotated[str, Choice(("11", "12", "13"))]
"""rxItemTypeCode of drugs: 11 西药, 12 中成药, 13 中药饮片; services are ordered apart (SX 第八条)."""
Review = Annotated[str, Choice(("0", "1"))]
"""rxChkStasCodg: 0 审核不通过, 1 审核通过."""
Delivery = Annotated[str, Choice(("0", "1", "2", "3", "4"))]
"""delvStasCodg: 0 待配送, 1 配送中, 2 配送完成, 3 配送取消, 4 配送异常."""
CheckWay = Annotated[str, Choice(("1", "2", "3"))]
"""chkWayCodg: 1 人脸识别, 2 电子凭证二维码, 3 其他."""


class SheetWords(msgspec.Struct, frozen=True, kw_only=True):
    """Extension fields of 7101's sheet, in ``extras`` of data or of mdtrtinfo: why a long prescription, whether the patient
    was assessed and has agreed (1), why more than the usual days."""

    longRxRea: Text500 = ""
    longRxAsesFlag: Flag = "0"
    overDaysRea: Text500 = ""


class DrugWords(msgspec.Struct, frozen=True, kw_only=True):
    """Extension fields of a drug's row: the doctor's words for a restriction that is met."""

    lmtCnfmDscr: Text500 = ""
