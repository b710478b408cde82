"""3301 目录对照上传, 3302 目录对照撤销."""

import msgspec

from gongji.gateway.fields import Date, Text6, Text30, Text50, Text100, Text150, Text200, Text500, Text2000


class MappingRow(msgspec.Struct, frozen=True):
    """data of 3301; an empty last day means until further notice. The maker's fields of older texts are not looked at."""

    fixmedins_hilist_id: Text150
    fixmedins_hilist_name: Text200
    list_type: Text6
    med_list_codg: Text50
    begndate: Date
    enddate: Date | None = None
    aprvno: Text100 = ""
    dosform: Text200 = ""
    exct_cont: Text2000 = ""
    item_cont: Text2000 = ""
    prcunt: Text100 = ""
    spec: Text200 = ""
    pacspec: Text100 = ""
    memo: Text500 = ""


class MappingWithdrawal(msgspec.Struct, frozen=True):
    """data of 3302."""

    fixmedins_hilist_id: Text150
    list_type: Text6
    med_list_codg: Text50
    fixmedins_code: Text30 = ""
