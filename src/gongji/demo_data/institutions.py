"""The demonstration institutions: thirty, of every class and kind, with a key pair each."""

import hashlib
from collections.abc import Iterator
from datetime import date

import msgspec

__all__ = ["DemoInstitution", "institutions"]

FROM_ON = date(2023, 1, 1)


class DemoInstitution(msgspec.Struct, frozen=True, kw_only=True):
    """One institution with its state; ``until_on`` ends the agreement."""

    code: str
    name: str
    kind: str
    region: str
    hosp_lv: str = ""
    fee_class: str = ""
    level: str = ""
    pooled: bool = True
    designated: bool = True
    until_on: date | None = None
    seed: int = 0

    @property
    def access_key(self) -> str:
        return f"demo-{self.code}"

    @property
    def secret(self) -> str:
        """Made from code and seed: anybody can compute it, as befits a demonstration."""
        return hashlib.sha256(f"gongji demo {self.seed} {self.code}".encode()).hexdigest()[:32]

    @property
    def row(self) -> dict[str, object]:
        return {
            "code": self.code,
            "name": self.name,
            "uscc": _uscc(self.code),
            "kind": self.kind,
            "hosp_lv": self.hosp_lv,
            "region": self.region,
            "address": "演示地址",
        }

    @property
    def state_row(self) -> dict[str, object]:
        return {
            "code": self.code,
            "state_no": 1,
            "from_on": FROM_ON,
            "until_on": self.until_on,
            "designated": self.designated,
            "pooled_agreement": self.pooled,
            "fee_class": self.fee_class,
            "level": self.level,
            "direct_settlement": True,
            "suspended": False,
            "ended": False,
            "host": "",
        }

    @property
    def credential_row(self) -> dict[str, object]:
        return {
            "access_key": self.access_key,
            "code": self.code,
            "spell_no": 1,
            "secret": self.secret,
            "from_on": FROM_ON,
            "until_on": None,
        }


TAIYUAN, DATONG, YUNCHENG, RUICHENG, QINGYANG = "140100", "140200", "140800", "140830", "621000"

# name, kind, region, hosp_lv, fee class, level, what else
_TABLE: tuple[tuple[str, str, str, str, str, str, dict[str, object]], ...] = (
    ("演示省人民医院", "hospital", TAIYUAN, "2", "1", "3", {}),
    ("演示医科大学第一医院", "hospital", TAIYUAN, "2", "1", "3", {}),
    ("演示市中医医院", "hospital", TAIYUAN, "3", "1", "3", {}),
    ("演示市大同人民医院", "hospital", DATONG, "2", "1", "3", {}),
    ("演示市运城中心医院", "hospital", YUNCHENG, "2", "1", "3", {}),
    ("演示区人民医院", "hospital", TAIYUAN, "5", "2", "2", {}),
    ("演示区妇幼保健院", "hospital", TAIYUAN, "5", "2", "2", {}),
    ("演示市职工医院", "hospital", TAIYUAN, "6", "2", "2", {}),
    ("演示市大同区医院", "hospital", DATONG, "5", "2", "2", {}),
    ("演示县芮城县人民医院", "hospital", RUICHENG, "5", "2", "2", {}),
    ("演示街道社区卫生服务中心", "hospital", TAIYUAN, "8", "3", "1", {}),
    ("演示新区社区卫生服务中心", "hospital", TAIYUAN, "9", "3", "1", {}),
    ("演示镇卫生院", "hospital", TAIYUAN, "9", "3", "1", {}),
    ("演示县古魏镇卫生院", "hospital", RUICHENG, "9", "3", "1", {}),
    ("演示大同社区卫生服务中心", "hospital", DATONG, "8", "3", "1", {}),
    ("演示村卫生室", "hospital", RUICHENG, "11", "4", "0", {}),
    ("演示内科诊所", "clinic", TAIYUAN, "11", "3", "0", {}),
    ("演示口腔诊所", "clinic", TAIYUAN, "11", "3", "0", {"pooled": False}),
    ("演示中医诊所", "clinic", YUNCHENG, "11", "3", "0", {}),
    ("演示大药房总店", "pharmacy", TAIYUAN, "", "", "", {}),
    ("演示大药房社区店", "pharmacy", TAIYUAN, "", "", "", {}),
    ("演示康民药房", "pharmacy", TAIYUAN, "", "", "", {}),
    ("演示仁和药房", "pharmacy", DATONG, "", "", "", {}),
    ("演示芮城药房", "pharmacy", RUICHENG, "", "", "", {}),
    ("演示惠民药房（未开通门诊统筹）", "pharmacy", TAIYUAN, "", "", "", {"pooled": False}),
    ("演示福康药房（协议已终止）", "pharmacy", TAIYUAN, "", "", "", {"until_on": date(2024, 6, 30)}),
    ("演示互联网医院", "internet", TAIYUAN, "2", "1", "3", {}),
    ("演示非定点门诊部", "hospital", TAIYUAN, "11", "3", "0", {"designated": False, "pooled": False}),
    ("演示庆阳市人民医院", "hospital", QINGYANG, "2", "", "3", {}),
    ("演示庆阳大药房", "pharmacy", QINGYANG, "", "", "", {}),
)


def institutions(seed: int) -> tuple[DemoInstitution, ...]:
    """The thirty institutions; the seed changes their secrets only."""
    return tuple(_made(seed))


def _made(seed: int) -> Iterator[DemoInstitution]:
    for number, (name, kind, region, hosp_lv, fee_class, level, more) in enumerate(_TABLE, start=1):
        letter = "P" if kind == "pharmacy" else "H"
        given = {
            "code": f"{letter}{region}{90000 + number:05d}",
            "name": name,
            "kind": kind,
            "region": region,
            "hosp_lv": hosp_lv,
            "fee_class": fee_class,
            "level": level,
            "seed": seed,
        }
        yield msgspec.convert(given | more, DemoInstitution)


def _uscc(code: str) -> str:
    """A made-up 统一社会信用代码: eighteen characters that begin with 9914, an office that nobody has."""
    return f"9914{code[1:]}DEM"
