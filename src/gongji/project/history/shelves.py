"""The shelves of the history's pharmacies: what was bought, counted and lost, and the packs that are handed out."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from gongji.project.history.hands import Hands, Place, own_code
from gongji.project.story.cast import Good, good_of
from gongji.project.story.sheets import Pack

__all__ = ["GOODS", "Shelves"]

GOODS: Final = (
    "苯磺酸氨氯地平片", "硝苯地平控释片", "缬沙坦胶囊", "阿司匹林肠溶片", "阿托伐他汀钙片", "瑞舒伐他汀钙片",
    "盐酸二甲双胍片", "阿卡波糖片", "达格列净片", "恩格列净片", "养血清脑颗粒", "感冒清热颗粒", "连花清瘟胶囊", "板蓝根颗粒",
    "双黄连口服液", "复方丹参滴丸",
)  # fmt: skip
SUPPLIER: Final = "演示医药配送有限公司"
LIFE: Final = timedelta(days=1_095)
COST_PERCENT: Final = 82
"""What a pharmacy pays for what it sells at a hundred."""


@dataclass
class Batch:
    """Packs of one batch that are still on the shelf."""

    good: str
    batch: str
    codes: list[str]
    expires_on: date


@dataclass
class Shelves:
    """What stands where, and how it came there: 3501-3504 and the packs that are taken."""

    hands: Hands
    _batches: dict[tuple[str, str], list[Batch]] = field(default_factory=dict)

    async def delivered(
        self,
        place: Place,
        names: tuple[str, ...],
        count: int,
        *,
        expires_on: date | None = None,
        prefix: str = "P",
    ) -> None:
        """3503: ``count`` packs of a new batch of each good."""
        hands = self.hands
        rows = []
        for name in names:
            batch = self._new(place, name, count, expires_on or hands.today + LIFE, prefix)
            good = good_of(hands.world, name)
            rows.append(
                {
                    "med_list_codg": good.code,
                    "fixmedins_hilist_id": own_code(good.code),
                    "fixmedins_hilist_name": name,
                    "rx_flag": "1" if hands.world.item(name).prescription_only else "0",
                    "spler_name": SUPPLIER,
                    "manu_lotnum": batch.batch,
                    "fixmedins_bchno": batch.batch,
                    "manu_date": str(batch.expires_on - LIFE),
                    "expy_end": str(batch.expires_on),
                    "finl_trns_pric": str(Decimal(good.price_micro * COST_PERCENT // 100) / 1_000_000),
                    "purc_retn_cnt": count,
                    "purc_retn_stoin_time": hands.stamp(),
                    "purc_invo_no": f"FP{hands.number():08d}",
                    "drugtracinfo": [{"drug_trac_codg": code} for code in batch.codes],
                }
            )
        await hands.trade(place, "3503", {"purcinfo": rows})

    def _new(self, place: Place, name: str, count: int, expires_on: date, prefix: str) -> Batch:
        number = self.hands.number()
        batch = f"{prefix}{self.hands.today:%y%m%d}{number % 1_000:03d}"
        codes = [f"81{number:08d}{pack:010d}" for pack in range(1, count + 1)]
        made = Batch(name, batch, codes, expires_on)
        self._batches.setdefault((place.code, name), []).append(made)
        return made

    def take(self, place: Place, good: Good) -> Pack:
        """As many packs as ``good`` counts, of the batch that has the most; there must be one."""
        batch = max(self._batches[place.code, good.name], key=lambda one: len(one.codes))
        taken = tuple(batch.codes.pop() for _ in range(good.quantity))
        return Pack(good, batch.batch, taken)

    async def returned_to_supplier(self, place: Place, name: str, count: int) -> None:
        """3504: damaged packs go back."""
        pack, hands = self.take(place, good_of(self.hands.world, name, count)), self.hands
        row = self._row(pack) | {
            "spler_name": SUPPLIER,
            "manu_lotnum": pack.batch,
            "purc_retn_cnt": count,
            "purc_retn_stoin_time": hands.stamp(),
            "memo": "外包装破损，退回供货商",
        }
        await hands.trade(place, "3504", {"purcinfo": row})

    async def lost(self, place: Place, name: str, count: int) -> None:
        """3502: packs that were found damaged are written off."""
        pack, hands = self.take(place, good_of(self.hands.world, name, count)), self.hands
        row = self._row(pack) | {
            "inv_chg_type": "104",
            "cnt": count,
            "inv_chg_time": hands.stamp(),
            "memo": "盘点发现破损",
        }
        await hands.trade(place, "3502", {"invinfo": row})

    async def counted(self, place: Place, names: tuple[str, ...], *, short: int = 0) -> None:
        """3501: the whole shelf of these goods is counted; the first is ``short`` of what the books say."""
        hands = self.hands
        rows = []
        for name in names:
            good = good_of(hands.world, name)
            for batch in self._batches[place.code, name]:
                missing, short = min(short, len(batch.codes)), 0
                rows.append(
                    {
                        "med_list_codg": good.code,
                        "fixmedins_hilist_id": own_code(good.code),
                        "fixmedins_hilist_name": name,
                        "invdate": str(hands.today),
                        "inv_cnt": len(batch.codes) - missing,
                        "manu_lotnum": batch.batch,
                        "fixmedins_bchno": batch.batch,
                        "expy_end": str(batch.expires_on),
                        "memo": "月末盘存",
                    }
                )
                del batch.codes[:missing]
        await hands.trade(place, "3501", {"invinfo": rows})

    def _row(self, pack: Pack) -> dict[str, object]:
        return {
            "med_list_codg": pack.good.code,
            "fixmedins_hilist_id": own_code(pack.good.code),
            "fixmedins_hilist_name": pack.good.name,
            "fixmedins_bchno": pack.batch,
            "drugtracinfo": [{"drug_trac_codg": code} for code in pack.codes],
        }
