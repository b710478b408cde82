"""Names of areas by their code (行政区划, GB/T 2260): the provinces, and the cities of those whose law the library knows. Pure."""

from typing import Final

from gongji.base.regions import NATION, ancestry

__all__ = ["AREAS", "OWN", "area_name", "areas_of"]

OWN: Final = "99"
"""End of the code of what a province keeps to itself (省本级), where nobody lives."""

_PROVINCES: Final = {
    "11": "北京市", "12": "天津市", "13": "河北省", "14": "山西省", "15": "内蒙古自治区", "21": "辽宁省", "22": "吉林省",
    "23": "黑龙江省", "31": "上海市", "32": "江苏省", "33": "浙江省", "34": "安徽省", "35": "福建省", "36": "江西省",
    "37": "山东省", "41": "河南省", "42": "湖北省", "43": "湖南省", "44": "广东省", "45": "广西壮族自治区", "46": "海南省",
    "50": "重庆市", "51": "四川省", "52": "贵州省", "53": "云南省", "54": "西藏自治区", "61": "陕西省", "62": "甘肃省",
    "63": "青海省", "64": "宁夏回族自治区", "65": "新疆维吾尔自治区",
}  # fmt: skip
_CITIES: Final = {
    "14": "太原市 大同市 阳泉市 长治市 晋城市 朔州市 晋中市 运城市 忻州市 临汾市 吕梁市",
    "62": "兰州市 嘉峪关市 金昌市 白银市 天水市 武威市 张掖市 平凉市 酒泉市 庆阳市 定西市 陇南市",
}
"""Cities numbered from 01 on within their province."""
_MORE: Final = {"1499": "山西省本级", "6229": "临夏回族自治州", "6230": "甘南藏族自治州", "140830": "芮城县"}

AREAS: Final[dict[str, str]] = {
    **_PROVINCES,
    **{
        f"{province}{number:02d}": name
        for province, names in _CITIES.items()
        for number, name in enumerate(names.split(), start=1)
    },
    **_MORE,
}
"""Name of each known area by its code in normal form."""


def area_name(code: str) -> str:
    """``140800`` → 山西省运城市; an area that is not named here by the nearest one above it and its code; the nation as 全国."""
    try:
        lineage = ancestry(code)
    except ValueError:
        return code
    if lineage[0] == NATION:
        return "全国"
    known = [AREAS[one] for one in reversed(lineage) if one in AREAS and not one.endswith(OWN)]
    if lineage[0].endswith(OWN):
        return AREAS.get(lineage[0], lineage[0])
    return "".join(known) if lineage[0] in AREAS else "".join((*known, lineage[0]))


def areas_of(province: str) -> tuple[tuple[str, str], ...]:
    """Code (six digits) and name of the cities of a province that are named here; none where only the province is."""
    return tuple(
        (code.ljust(6, "0"), name)
        for code, name in sorted(AREAS.items())
        if len(code) == 4 and code.startswith(province) and not code.endswith(OWN)
    )
