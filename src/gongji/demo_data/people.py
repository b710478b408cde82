"""The demonstration members: the first ones are of a kind each and are known by name, the others a mixture.

Numbers of persons are fixed (1401 01 9 …), so that stories and tests can name them; the seed decides names, ages, balances.
Spells that stand for "now" are open, so that the data does not grow old.
"""

import random
from collections import defaultdict
from collections.abc import Callable
from datetime import date

from gongji.members.identity import check_character, gender

__all__ = ["ARCHETYPES", "People", "people"]

Row = dict[str, object]

START = date(2022, 1, 1)
BLOCKED_ON = date(2024, 7, 1)
TAIYUAN, DATONG, YUNCHENG, RUICHENG, QINGYANG = "140100", "140200", "140800", "140830", "621000"
HYPERTENSION, DIABETES = ("M03900", "高血压"), ("M01600", "糖尿病")

SURNAMES = "王李张刘陈杨赵黄周吴徐孙马朱胡郭何高林郑"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀兰霞平刚桂英文华建国志红玉萍春梅海燕晨曦子涵雨欣浩然"
EMPLOYERS = ("演示机械厂", "演示中学", "演示煤业公司", "演示软件公司", "演示公交公司", "演示市政府办公室")

ARCHETYPES: dict[str, int] = {
    "active": 1,
    "retired": 2,
    "flexible_with_account": 3,
    "flexible_without_account": 4,
    "arrears": 5,
    "waiting": 6,
    "filed_in_province": 7,
    "filed_out_of_province": 8,
    "temporary_filing": 9,
    "chronic": 10,
    "chronic_without_quota": 11,
    "family_user": 12,
    "family_owner": 13,
    "family_owner_second": 14,
    "blocked_card": 15,
    "expired_card": 16,
    "deceased": 17,
    "paused": 18,
    "retired_in_2024": 19,
    "civil_servant": 20,
    "qingyang_active": 21,
    "qingyang_retired": 22,
    "without_voucher": 23,
    "empty_account": 24,
}
"""Kind of member → running number; ``psn_no_of`` makes the person's number of it."""


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
    ) -> None:
        self.spell(
            "members_relation",
            psn_no,
            from_on,
            until_on,
            insutype="310",
            status=status,
            psn_type="11" if status == "active" else "12",
            region=region,
            employer="灵活就业人员" if flexible else self.choice(EMPLOYERS),
            civil_servant=civil_servant,
            flexible=flexible,
            has_account=has_account,
        )

    def balance(self, psn_no: str, low_fen: int = 10_000, high_fen: int = 600_000) -> None:
        self.balances[psn_no] = self.between(low_fen, high_fen)

    def family(self, psn_no: str, owner: str, relation: str) -> None:
        self.spell("members_family", psn_no, START, owner=owner, relation=relation)

    def chronic(self, psn_no: str, disease: tuple[str, str], quota_fen: int | None) -> None:
        code, name = disease
        self.spell(
            "members_chronic",
            psn_no,
            START,
            disease_code=code,
            disease_name=name,
            ratio_bp=None,
            quota_fen=quota_fen,
        )


def people(seed: int, count: int) -> People:
    """``count`` members: one of each archetype first, then a mixture with families."""
    made = People(seed)
    _archetypes(made)
    for number in range(len(ARCHETYPES) + 1, count + 1):
        _ordinary(made, number)
    return made


def _insured(made: People, name: str, age: tuple[int, int] = (28, 55), **relation: object) -> str:
    """An archetype with card, voucher, relation and account."""
    psn_no = made.person(ARCHETYPES[name], age)
    made.credential(psn_no, "card")
    made.credential(psn_no, "voucher")
    made.relation(psn_no, **relation)  # type: ignore[arg-type]
    if relation.get("has_account", True):
        made.balance(psn_no, 50_000, 300_000)
    return psn_no


def _archetypes(made: People) -> None:
    for name in ARCHETYPES:
        _MAKERS.get(name, _plain)(made, name)
    user, owners = psn_no_of(ARCHETYPES["family_user"]), ("family_owner", "family_owner_second")
    for owner, relation in zip(owners, ("spouse", "child"), strict=True):
        made.family(user, psn_no_of(ARCHETYPES[owner]), relation)


def _plain(made: People, name: str) -> None:
    _insured(made, name)


def _retired(made: People, name: str) -> None:
    _insured(made, name, (62, 78), status="retired")


def _nonbenefit(made: People, name: str) -> None:
    psn_no = _insured(made, name, flexible=True)
    made.spell("members_nonbenefit", psn_no, date(2024, 7, 1), kind=name)


def _filed(made: People, name: str) -> None:
    kind, region = {
        "filed_in_province": ("LONG_TERM_IN_PROVINCE", YUNCHENG),
        "filed_out_of_province": ("LONG_TERM_OUT_OF_PROVINCE", "110000"),
        "temporary_filing": ("TEMPORARY", DATONG),
    }[name]
    made.spell(
        "members_filing", _insured(made, name, (58, 75), status="retired"), START, kind=kind, region=region
    )


def _chronic(made: People, name: str) -> None:
    psn_no = _insured(made, name, (55, 75), status="retired")
    made.chronic(psn_no, HYPERTENSION, 360_000 if name == "chronic" else None)


def _family_user(made: People, name: str) -> None:
    made.balances[_insured(made, name)] = 2_000


def _empty(made: People, name: str) -> None:
    made.balances[_insured(made, name)] = 0


def _with_card(**dates: date) -> Callable[[People, str], None]:
    def make(made: People, name: str) -> None:
        psn_no = made.person(ARCHETYPES[name], (30, 60))
        made.credential(psn_no, "card", **dates)
        made.relation(psn_no)
        made.balance(psn_no)

    return make


def _deceased(made: People, name: str) -> None:
    psn_no = made.person(ARCHETYPES[name], (80, 90), died_on=date(2024, 3, 15))
    made.credential(psn_no, "card")
    made.relation(psn_no, "retired")
    made.balance(psn_no)


def _paused(made: People, name: str) -> None:
    _insured(made, name, until_on=date(2024, 5, 31))


def _retired_in_2024(made: People, name: str) -> None:
    psn_no = _insured(made, name, (60, 60), until_on=date(2024, 8, 31))
    made.relation(psn_no, "retired", from_on=date(2024, 9, 1))


def _without_voucher(made: People, name: str) -> None:
    psn_no = made.person(ARCHETYPES[name], (30, 50))
    made.relation(psn_no)
    made.balance(psn_no)


_MAKERS: dict[str, Callable[[People, str], object]] = {
    "retired": _retired,
    "flexible_with_account": lambda made, name: _insured(made, name, flexible=True),
    "flexible_without_account": lambda made, name: _insured(made, name, flexible=True, has_account=False),
    "arrears": _nonbenefit,
    "waiting": _nonbenefit,
    "filed_in_province": _filed,
    "filed_out_of_province": _filed,
    "temporary_filing": _filed,
    "chronic": _chronic,
    "chronic_without_quota": _chronic,
    "family_user": _family_user,
    "blocked_card": _with_card(blocked_from=BLOCKED_ON),
    "expired_card": _with_card(until_on=date(2024, 6, 30)),
    "deceased": _deceased,
    "paused": _paused,
    "retired_in_2024": _retired_in_2024,
    "civil_servant": lambda made, name: _insured(made, name, civil_servant=True),
    "qingyang_active": lambda made, name: _insured(made, name, region=QINGYANG),
    "qingyang_retired": lambda made, name: _insured(made, name, (62, 75), status="retired", region=QINGYANG),
    "without_voucher": _without_voucher,
    "empty_account": _empty,
}


def _ordinary(made: People, number: int) -> None:
    """One of the many: about a quarter retired, a tenth flexible, a few in arrears, filed, chronic or bound to a family."""
    retired = made.chance(27)
    psn_no = made.person(number, (58, 88) if retired else (20, 59))
    made.credential(psn_no, "card")
    if made.chance(70):
        made.credential(psn_no, "voucher")
    flexible = not retired and made.chance(12)
    has_account = not flexible or made.chance(60)
    made.relation(
        psn_no,
        "retired" if retired else "active",
        region=_region(made),
        civil_servant=not flexible and made.chance(8),
        flexible=flexible,
        has_account=has_account,
    )
    if has_account:
        made.balance(psn_no)
    if flexible and made.chance(15):
        made.spell(
            "members_nonbenefit", psn_no, date(2024, 7, 1), kind="arrears" if made.chance(60) else "waiting"
        )
    if retired and made.chance(10):
        made.spell("members_filing", psn_no, START, kind="LONG_TERM_IN_PROVINCE", region=YUNCHENG)
    if made.chance(30 if retired else 6):
        made.chronic(psn_no, HYPERTENSION if made.chance(65) else DIABETES, 10_000 * made.between(12, 48))
    if number % 3 == 0 and made.chance(40):
        made.family(psn_no, psn_no_of(number - 1), "spouse")


def _region(made: People) -> str:
    dice = made.between(1, 100)
    if dice <= 62:
        return TAIYUAN
    if dice <= 78:
        return DATONG
    return YUNCHENG if dice <= 88 else RUICHENG if dice <= 96 else QINGYANG
