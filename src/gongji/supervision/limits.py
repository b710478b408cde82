"""How much somebody without a name may send: so many reports and words an hour from one address, without the address being kept.

What is counted is a keyed digest of hour and address: two hours of one address look like two addresses, and when the hour is over
its rows are deleted (``forget``, by the sweep). No report says from which of them it came.
"""

from datetime import datetime
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import Final

from gongji.base.reasons import Refusal
from gongji.base.sealing import Vault
from gongji.base.sqlfiles import Connection, sql

__all__ = ["PER_HOUR", "counted", "forget"]

COUNT = sql("gongji.supervision", "count_sender")
FORGET = sql("gongji.supervision", "forget_senders")
PER_HOUR: Final = 20
"""More than anybody has to tell in an hour; a telephone network lets many share an address."""
OWN_BITS: Final = 64
"""Of an IPv6 address: the rest its owner chooses at will."""


async def counted(conn: Connection, vault: Vault, address: str, at: datetime) -> Refusal | None:
    """Count one more thing sent from ``address``; REPORT_TOO_MANY beyond the limit, else None."""
    hour = _hour(at)
    source = vault.index("complaint_sender", f"{hour.isoformat()} {_network(address)}")
    number: int = await conn.fetchval(COUNT, hour, source)
    return Refusal("REPORT_TOO_MANY") if number > PER_HOUR else None


async def forget(conn: Connection, at: datetime) -> None:
    """Delete the counts of hours that are over."""
    await conn.execute(FORGET, _hour(at))


def _hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)


def _network(address: str) -> str:
    """The address as far as a provider gives it out; what is none counts as it is."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    return str(IPv6Network((found, OWN_BITS), strict=False)) if isinstance(found, IPv6Address) else str(found)
