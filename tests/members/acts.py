"""What the verbs of the members room are called with in tests: an officer, an instant, identifiers, the law."""

from datetime import UTC, date, datetime
from functools import cache
from itertools import count

from gongji.base.actors import Actor
from gongji.base.ids import IdSource
from gongji.base.reasons import Refusal
from gongji.base.sqlfiles import Connection
from gongji.members.dossier import Dossier
from gongji.members.registration import register_person
from gongji.members.verbs_person import Particulars
from gongji.members.writing import Act, Written, read
from gongji.policy import Law, compile_law, load_library
from tests.members.people import cert_no
from tests.vaults import VAULT

NOW = datetime(2024, 8, 15, 2, 0, tzinfo=UTC)
TODAY = date(2024, 8, 15)
ZHANG, LI = Actor("agency", "zhang"), Actor("agency", "li")
IDS = IdSource(1021, lambda: 1_723_687_200_000)
_orders = count(0)


@cache
def law() -> Law:
    return compile_law(load_library())


def act(at: datetime = NOW, actor: Actor = ZHANG, reason: str = "测试") -> Act:
    return Act(actor, at, reason, IDS)


def particulars(**fields: object) -> Particulars:
    """Somebody new, born in a year of his own so that no two tests share a number."""
    order = next(_orders)
    born = fields.pop("born_on", date(1950 + order // 499, 3, 2))
    assert isinstance(born, date)
    number = cert_no(2 * (order % 499) + 1, f"{born:%Y%m%d}")
    given = {
        "name": "测试",
        "cert_type": "01",
        "cert_no": number,
        "gender": "1",
        "ethnicity": "01",
        "born_on": born,
    }
    return Particulars(**(given | fields))  # type: ignore[arg-type]


async def person(conn: Connection, psn_no: str, at: datetime = NOW, **fields: object) -> str:
    """Somebody registered."""
    done = await register_person(conn, act(at), VAULT, particulars(**fields), psn_no=psn_no)
    assert isinstance(done, Written), done
    return psn_no


async def dossier(conn: Connection, psn_no: str) -> Dossier:
    """The dossier as it is now."""
    found = await read(conn, psn_no)
    assert found is not None
    return found


def code(outcome: object) -> str:
    """The reason of a refusal; ``done`` when it was none."""
    return outcome.code if isinstance(outcome, Refusal) else "done"
