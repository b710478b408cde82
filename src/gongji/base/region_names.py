"""Names of regions (GB/T 2260) of which the program holds law or demonstration data; others are named by their code."""

from typing import Final

from gongji.base.areas import AREAS
from gongji.base.regions import NATION, ancestry

__all__ = ["region_name"]

_NAMES: Final = {NATION: "全国", **AREAS}


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
