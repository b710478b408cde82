"""1901 字典表查询."""

from datetime import date

from gongji.base.codes import dictionary
from gongji.base.reasons import Refusal
from gongji.gateway.calls import Call, Reply, output
from gongji.gateway.messages import t11
from gongji.gateway.nodes import read_one

PUBLISHED_ON = date(2021, 12, 30)
"""Day of the national baseline whose lists these are."""
VERSION = 1
NO_PARENT = ("", "0")


async def codes(call: Call) -> Reply:
    """1901: values of one dictionary, of one parent if one is named; only valid ones exist here."""
    asked = read_one(t11.DictionaryQuery, call.nodes, "data")
    if isinstance(asked, Refusal):
        return asked
    found = dictionary(asked.type)
    if found is None:
        return Refusal("UNKNOWN_CODE", f"没有字典 {asked.type}")
    wanted = found.codes if asked.vali_flag != "0" else ()
    if asked.parent_value not in NO_PARENT:
        wanted = tuple(code for code in wanted if code.parent == asked.parent_value)
    rows = tuple(
        t11.DictionaryRow(
            type=found.field,
            label=code.label,
            value=code.value,
            parentValue=code.parent,
            sort=code.sort,
            valiFlag="1",
            createUser="gongji",
            createDate=PUBLISHED_ON.isoformat(),
            version=VERSION,
        )
        for code in wanted
    )
    return output(t11.DictionaryOutput(rows))
