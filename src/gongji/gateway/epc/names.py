"""The prescription centre's functions under all their names: national trade number, the two older numberings, the path's last word.

Three numberings name the same service (eprescription.md section 1). The pharmacy's paths are in no published client but for
``rxChkUpld``; the others here are this centre's own, made of the national words for the same things.
"""

import msgspec


class Function(msgspec.Struct, frozen=True):
    """One service: ``infno`` is the number under which it is handled, recorded and counted."""

    infno: str
    name: str
    path: str
    aliases: tuple[str, ...] = ()


FUNCTIONS: tuple[Function, ...] = (
    Function("7101", "电子处方上传预核验", "uploadChk", ("D001", "A0001")),
    Function("7102", "电子处方医保电子签名", "rxFixmedinsSign", ("D002", "A0002")),
    Function("7103", "电子处方上传", "rxFileUpld", ("D003", "A0003")),
    Function("7104", "电子处方撤销", "rxUndo", ("D004", "A0004")),
    Function("7105", "电子处方信息查询", "hospRxDetlQuery", ("D005", "A0005")),
    Function("7106", "电子处方审核结果查询", "rxChkInfoQuery", ("D006",)),
    Function("7107", "电子处方取药结果查询", "rxSetlInfoQuery", ("D007", "A0006")),
    Function("7191", "电子处方退回确认", "rxReturnConfirm"),
    Function("7201", "电子处方线下流转授权", "rxOfflineAuth"),
    Function("7202", "电子处方线上流转查询", "rxOnlineQuery"),
    Function("7203", "电子处方二维码解码", "rxQrCodeDecode"),
    Function("7204", "电子处方下载", "rxDetlDownload"),
    Function("7205", "电子处方信息核验", "rxFileVerify"),
    Function("7206", "电子处方审核信息上传", "rxChkUpld"),
    Function("7207", "药品销售出库明细上传", "rxSaleDetlUpld"),
    Function("7208", "药品销售出库明细撤销", "rxSaleDetlUndo"),
    Function("7209", "药品配送信息同步", "rxDelvSync"),
    Function("7210", "药品配送签收确认", "rxDelvSignConfirm"),
    Function("7211", "电子处方药品目录查询", "circDrugQuery", ("D008",)),
    Function("7291", "处方释放与拆分登记", "rxReleaSplit"),
)

REVIEW_NOTICE = Function("7108", "电子处方审核结果通知", "rxChkInfoCallback")
SETTLEMENT_NOTICE = Function("7109", "电子处方结算结果通知", "rxSetlInfoCallback")
"""What the centre itself sends, to the address that a hospital has registered."""

BY_PATH = {function.path.lower(): function for function in FUNCTIONS}
INFNOS = frozenset(function.infno for function in FUNCTIONS)
CANONICAL = {alias: function.infno for function in FUNCTIONS for alias in (function.infno, *function.aliases)}
"""National number by any number."""
BY_ANY_NAME = {
    **BY_PATH,
    **{alias.lower(): function for function in FUNCTIONS for alias in (function.infno, *function.aliases)},
}
"""Function by path word or number, lower case: what transType may say."""
