"""A population in the making: rows by table, numbered spells, and chance that a seed decides."""

import random
from collections import defaultdict
from datetime import date

from gongji.members.identity import check_character, gender

Row = dict[str, object]

START = date(2022, 1, 1)
TAIYUAN, DATONG, YUNCHENG, RUICHENG, QINGYANG = "140100", "140200", "140800", "140830", "621000"
HYPERTENSION, DIABETES = ("M03900", "高血压"), ("M01600", "糖尿病")

SURNAMES = "王李张刘陈杨赵黄周吴徐孙马朱胡郭何高林郑"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀兰霞平刚桂英文华建国志红玉萍春梅海燕晨曦子涵雨欣浩然"
EMPLOYERS = ("演示机械厂", "演示中学", "演示煤业公司", "演示软件公司", "演示公交公司", "演示市政府办公室")


def psn_no_of(number: int) -> str:
    """Number of the demonstration's person ``number``."""
    return f"1401990{number:09d}"


class People:
    """Rows by table and opening balances; filled once by ``people``."""

    __slots__ = ("_random", "_spells", "_used", "balances", "rows")

    def __init__(self, seed: int) -> None:
        self.rows: defaultdict[str, list[Row]] = defaultdict(list)
        self.balances: dict[str, int] = {}
        self._random = random.Random(seed)  # noqa: S311  the same people for the same seed, nothing secret
        self._spells: defaultdict[tuple[str, str], int] = defaultdict(int)
        self._used: set[str] = set()

    def between(self, low: int, high: int) -> int:
        return self._random.randint(low, high)

    def chance(self, percent: int) -> bool:
        return self._random.randrange(100) < percent

    def choice(self, options: tuple[str, ...] | str) -> str:
        return self._random.choice(options)

    def person(self, number: int, age: tuple[int, int], died_on: date | None = None) -> str:
        """A person with a card and a voucher, born so that the age in 2024 lies in the range."""
        psn_no = psn_no_of(number)
        cert_no = self._cert_no(2024 - self.between(*age))
        given = "".join(self._random.sample(GIVEN, self.between(1, 2)))
        self.rows["members_person"].append(
            {
                "psn_no": psn_no,
                "name": self.choice(SURNAMES) + given,
                "cert_type": "01",
                "cert_no": cert_no,
                "gender": gender(cert_no),
                "ethnicity": "01" if self.chance(95) else "03",
                "born_on": f"{cert_no[6:10]}-{cert_no[10:12]}-{cert_no[12:14]}",
                "died_on": died_on,
            }
        )
        return psn_no

    def _cert_no(self, year: int) -> str:
        while True:
            body = f"140199{year}{self.between(1, 12):02d}{self.between(1, 28):02d}{self.between(1, 999):03d}"
            if body not in self._used:
                self._used.add(body)
                return body + check_character(body)

    def credential(self, psn_no: str, kind: str, **dates: date) -> None:
        number = f"140199DEMO{psn_no[-6:]}" if kind == "card" else f"demo-voucher-{psn_no[-6:]}"
        self.rows["members_credential"].append(
            {
                "psn_no": psn_no,
                "kind": kind,
                "number": number,
                "card_sn": f"SN{psn_no[-6:]}" if kind == "card" else "",
                "from_on": START,
                "until_on": None,
                "blocked_from": None,
                "blocked_until": None,
                "block_reason": "",
                **dates,
            }
        )

    def spell(
        self, table: str, psn_no: str, from_on: date, until_on: date | None = None, **columns: object
    ) -> None:
        """A dated row of ``table``, numbered within the person."""
        self._spells[table, psn_no] += 1
        number = self._spells[table, psn_no]
        self.rows[table].append(
            {"psn_no": psn_no, "spell_no": number, "from_on": from_on, "until_on": until_on, **columns}
        )

    def relation(
        self,
        psn_no: str,
        status: str = "active",
        *,
        from_on: date = START,
        until_on: date | None = None,
        region: str = TAIYUAN,
        civil_servant: bool = False,
        flexible: bool = False,
        has_account: bool = True,
        retired_on: date | None = None,
    ) -> None:
        self.spell(
            "members_relation",
            psn_no,
            from_on,
            until_on,
            insutype="310",
            status=status,
            category="flexible" if flexible else "employee" if status == "active" else "retired",
            psn_type="11" if status == "active" else "12",
            region=region,
            employer="灵活就业人员" if flexible else self.choice(EMPLOYERS),
            payer="none" if status == "retired" else "self" if flexible else "employer",
            civil_servant=civil_servant,
            has_account=has_account,
            end_reason="",
            retired_on=retired_on,
        )

    def balance(self, psn_no: str, low_fen: int = 10_000, high_fen: int = 600_000) -> None:
        self.balances[psn_no] = self.between(low_fen, high_fen)

    def family(self, psn_no: str, owner: str, relation: str) -> None:
        self.spell("members_family", psn_no, START, owner=owner, relation=relation, declaration_id=None)

    def filing(self, psn_no: str, kind: str, region: str) -> None:
        subtype = "other_temporary" if kind == "TEMPORARY" else "long_term_resident"
        self.spell(
            "members_filing",
            psn_no,
            START,
            kind=kind,
            subtype=subtype,
            region=region,
            filed_on=START,
            declaration_id=None,
        )

    def chronic(self, psn_no: str, disease: tuple[str, str], quota_fen: int | None) -> None:
        code, name = disease
        self.spell(
            "members_chronic",
            psn_no,
            START,
            disease_code=code,
            disease_name=name,
            treatment="",
            ratio_bp=None,
            quota_month_fen=None,
            quota_quarter_fen=None,
            quota_fen=quota_fen,
        )
