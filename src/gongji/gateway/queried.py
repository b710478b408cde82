"""The person of a query's answer: what held for the member on the day of service."""

from datetime import date
from typing import Any

from gongji.base.sealing import Vault
from gongji.base.sqlfiles import Connection
from gongji.encounters.values import Visit
from gongji.gateway.messages import t52
from gongji.gateway.values import age, day, flag
from gongji.members.personal import cert_no
from gongji.members.selectors import standing
from gongji.members.values import Standing

FLEXIBLE = "flexible"


async def standing_of(connection: Connection, visit: Visit) -> Standing | None:
    """What held for the visit's person on its day."""
    return await standing(connection, visit.psn_no, visit.service_on)


def who(standing: Standing | None, on: date, vault: Vault) -> dict[str, Any]:
    """Fields of the person that several queries answer alike; null for somebody of whom nothing is known."""
    if standing is None:
        return {**t52.nulls(t52.PERSON), "cvlserv_flag": "0", "flxempe_flag": "0"}
    person = standing.person
    return {
        "psn_cert_type": person.cert_type,
        "certno": cert_no(vault, person),
        "psn_name": person.name,
        "gend": person.gender,
        "naty": person.ethnicity,
        "brdy": day(person.born_on),
        "age": age(person.born_on, on),
        "insutype": standing.insutype,
        "psn_type": standing.psn_type,
        "cvlserv_flag": flag(standing.civil_servant),
        "flxempe_flag": flag(standing.category == FLEXIBLE),
        "insu_optins": standing.region.ljust(6, "0") if standing.region else None,
        "emp_name": standing.employer,
    }
