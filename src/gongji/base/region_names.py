"""Names of regions (GB/T 2260) of which the program holds law or demonstration data; others are named by their code."""

from typing import Final

from gongji.base.regions import NATION, ancestry

__all__ = ["region_name"]

_NAMES: Final = {
    NATION: "全国",
    "14": "山西省",
    "1401": "太原市",
    "1402": "大同市",
    "1403": "阳泉市",
    "1404": "长治市",
    "1405": "晋城市",
    "1406": "朔州市",
    "1407": "晋中市",
    "1408": "运城市",
    "1409": "忻州市",
    "1410": "临汾市",
    "1411": "吕梁市",
    "1499": "山西省本级",
    "62": "甘肃省",
    "6210": "庆阳市",
}


def region_name(code: str) -> str:
    """The region in words (``140830`` → 运城市（140830）: of the nearest region that has a name); the code where there is none."""
    try:
        lineage = ancestry(code)
    except ValueError:
        return code
    for region in lineage:
        if region in _NAMES and (region != NATION or lineage[0] == NATION):
            return _NAMES[region] if region == lineage[0] else f"{_NAMES[region]}（{code}）"
    return code
