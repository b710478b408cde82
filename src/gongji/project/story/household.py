"""The household of the family story: who they are, and the places and goods that they meet."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from gongji.base.reasons import Refusal
from gongji.demo_data import World
from gongji.members.identity import check_character
from gongji.members.services import register_person
from gongji.members.verbs_person import Particulars
from gongji.members.writing import Act
from gongji.project.story.cast import Good, Member, good_of, institution_of
from gongji.project.story.client import Institution
from gongji.project.story.stage import Stage

__all__ = ["DAUGHTER", "HUSBAND", "WIFE", "Places", "Role", "places_of", "register"]

AREA: Final = "140303"
ORDERS: Final = 1000


@dataclass(frozen=True)
class Role:
    """Somebody of the story, before there is a number."""

    name: str
    born_on: date
    male: bool
    region: str


HUSBAND: Final = Role("王建国", date(1965, 6, 8), True, "140300")
WIFE: Final = Role("李秀英", date(1966, 3, 21), False, "140100")
DAUGHTER: Final = Role("王晓燕", date(1991, 10, 2), False, "140500")


@dataclass(frozen=True)
class Places:
    """A community health centre with its goods."""

    centre: Institution
    consultation: Good
    drug: Good
    examination: Good


def places_of(world: World) -> Places:
    """Where the household is treated, all of the demonstration data."""
    return Places(
        centre=institution_of(world, "演示街道社区卫生服务中心"),
        consultation=good_of(world, "普通门诊诊察费"),
        drug=good_of(world, "养血清脑颗粒", 4),
        examination=good_of(world, "常规心电图检查"),
    )


def cert_no(role: Role, order: int) -> str:
    """A made-up identity number of the role; the order is odd for men."""
    body = f"{AREA}{role.born_on:%Y%m%d}{2 * order + (1 if role.male else 0):03d}"
    return body + check_character(body)


async def register(stage: Stage, act: Act, role: Role) -> Member:
    """参保登记 of a role; each time the story is told its people are new, so the first free identity number is taken."""
    for order in range(1, ORDERS // 2):
        number = cert_no(role, order)
        given = Particulars(role.name, "01", number, "1" if role.male else "2", "01", role.born_on)
        written = await register_person(stage.conn, act, stage.vault, given)
        if not isinstance(written, Refusal):
            return Member(written.psn_no, role.name, number, f"story-voucher-{written.psn_no}", role.region)
        if written.code != "CERT_REGISTERED":
            raise RuntimeError(written.text)
    raise RuntimeError("the story was told too often: no identity number is left")
