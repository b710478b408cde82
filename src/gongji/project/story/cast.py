"""Who plays in the story: one member, a hospital, a pharmacy and what is bought, all of the demonstration data."""

from dataclasses import dataclass

from gongji.base.money import QUANTITY_UNIT, format_yuan, line_fen
from gongji.demo_data import World
from gongji.project.story.client import Institution


@dataclass(frozen=True)
class Member:
    """The insured person as a card reader and an e-voucher scanner would give it."""

    psn_no: str
    name: str
    cert_no: str
    token: str
    region: str


@dataclass(frozen=True)
class Good:
    """Something charged: national code, name, unit price in millionths of a yuan, quantity."""

    code: str
    name: str
    price_micro: int
    quantity: int = 1

    @property
    def amount_fen(self) -> int:
        """What the line costs."""
        return line_fen(self.price_micro, self.quantity * QUANTITY_UNIT)

    @property
    def is_drug(self) -> bool:
        """By the form of the national code: western, Chinese patent, herbs."""
        return self.code[0] in "XZT"


@dataclass(frozen=True)
class Cast:
    """The story's persons, places and goods."""

    member: Member
    hospital: Institution
    pharmacy: Institution
    consultation: Good
    drug_with_standard: Good
    drug_b: Good
    examination: Good
    pharmacy_drug: Good
    deductible_yuan: str
    """What one visit with its prescriptions may be charged at most at these places: law of the day, not of the story."""


def cast_of(world: World, deductible_fen: int) -> Cast:
    """A member with own and family account, a class-3 hospital, a pharmacy near it; the deductible that the law sets there."""
    return Cast(
        member=member_of(world, world.member("of_the_story")),
        hospital=institution_of(world, "演示街道社区卫生服务中心"),
        pharmacy=institution_of(world, "演示大药房社区店"),
        consultation=good_of(world, "普通门诊诊察费"),
        drug_with_standard=good_of(world, "硫酸氢氯吡格雷片", 2),
        drug_b=good_of(world, "养血清脑颗粒", 1),
        examination=good_of(world, "常规心电图检查"),
        pharmacy_drug=good_of(world, "达格列净片", 2),
        deductible_yuan=format_yuan(deductible_fen),
    )


def member_of(world: World, psn_no: str) -> Member:
    """The demonstration's member with that number; raises StopIteration when there is none."""

    def row(table: str, **wanted: str) -> dict[str, object]:
        return next(
            row
            for row in world.tables[table]
            if row["psn_no"] == psn_no and all(row[name] == value for name, value in wanted.items())
        )

    person, relation = row("members_person"), row("members_relation")
    voucher = row("members_credential", kind="voucher")
    return Member(
        psn_no, str(person["name"]), str(person["cert_no"]), str(voucher["number"]), str(relation["region"])
    )


def institution_of(world: World, name: str) -> Institution:
    """The institution of that name as its software knows itself; raises KeyError when there is none."""
    place = world.institution(name)
    return Institution(place.code, place.name, place.region, place.access_key, place.secret)


def good_of(world: World, name: str, quantity: int = 1) -> Good:
    """So many of the catalogue item of that name; raises KeyError when there is none."""
    item = world.item(name)
    return Good(item.code, name, item.price_micro, quantity)
