"""Whether a drug meets what the patient is allergic to: by the drug's names, and by the class of its national code for families of
drugs whose names do not say so (阿莫西林 is a penicillin). A warning for doctor and pharmacist; nothing is refused by it.
"""

from __future__ import annotations

import re
from typing import Final

from gongji.catalog.values import Item

__all__ = ["LONGEST", "allergens", "allergy_to"]

LONGEST: Final = 200
"""Signs of an allergy history that the screen takes."""
BETWEEN: Final = re.compile(r"[、，,;；。/\s]+|和|及")
AROUND: Final = re.compile(
    r"^(?:对|曾|有)|(?:类)?(?:抗生素|药物|药|类)?(?:严重)?(?:过敏|过敏史|过敏者|反应|皮疹)?(?:史)?$"
)
NONE: Final = ("无", "否认", "没有", "不详", "未发现")
SHORTEST: Final = 2
FAMILIES: Final = {
    "青霉素": "J01C",
    "头孢": "J01D",
    "磺胺": "J01E",
    "大环内酯": "J01FA",
    "喹诺酮": "J01M",
    "沙星": "J01M",
    "普利": "C09A",
    "他汀": "C10AA",
}
"""Families of drugs by a word of an allergy history: how the therapeutic class of their codes begins."""


def allergens(history: str) -> tuple[str, ...]:
    """What an allergy history names: 青霉素过敏、海鲜 → 青霉素, 海鲜; 无 names nothing."""
    found = (AROUND.sub("", part) for part in BETWEEN.split(history) if not part.startswith(NONE))
    return tuple(word for word in found if len(word) >= SHORTEST)


def allergy_to(history: str, item: Item) -> str:
    """The word of the history that the item meets; "" for none."""
    names = (item.name, item.generic_name)
    for word in allergens(history):
        if any(word in name for name in names):
            return word
        begins = next((group for family, group in FAMILIES.items() if family in word), "")
        if begins and item.therapy_class.startswith(begins):
            return word
    return ""
