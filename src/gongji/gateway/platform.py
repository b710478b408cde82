"""What one worker process works with: settings, database pool, settlement engine, law, books in memory, clock and numbers.

``open_platform`` builds it, ``close`` ends it in order: first the engine answers what it accepted, then connections go.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from time import time_ns
from typing import TYPE_CHECKING, Any

from gongji.base.ids import IdSource
from gongji.gateway.envelope import Refmsgid
from gongji.gateway.settings import GatewaySettings
from gongji.gateway.signature import Replays
from gongji.providers import Credential, Provider, ProviderBook
from gongji.settlement.commands import EngineUnavailable
from gongji.settlement.link import LOST

if TYPE_CHECKING:
    import asyncpg

    from gongji.catalog import Catalogue
    from gongji.policy import Law
    from gongji.settlement.engine import Engine

LOST_DATABASE = (*LOST, EngineUnavailable, TimeoutError)
"""After one of these nobody knows whether the last write took effect."""


def system_now() -> datetime:
    """The server's clock."""
    return datetime.now(UTC)


class Platform:
    """Shared by every message of a worker. ``open`` counts messages accepted and not yet answered."""

    def __init__(
        self,
        *,
        settings: GatewaySettings,
        pool: asyncpg.Pool[Any],
        engine: Engine,
        law: Law,
        providers: ProviderBook,
        catalogue: Catalogue,
        worker: int,
        now: Callable[[], datetime] = system_now,
    ) -> None:
        self.settings = settings
        self.pool = pool
        self.engine = engine
        self.law = law
        self.providers = providers
        self.catalogue = catalogue
        self.worker = worker
        self.now = now
        self.ids = IdSource(worker, lambda: time_ns() // 1_000_000)
        self.refmsgids = Refmsgid(settings.admdvs, worker)
        self.replays = Replays()
        self.open = 0

    def now_ms(self) -> int:
        """Milliseconds since 1970 of the platform's clock."""
        return int(self.now().timestamp() * 1000)

    def provider(self, code: str) -> Provider | None:
        """The institution with this code."""
        return self.providers.get(code)

    def credential(self, access_key: str) -> Credential | None:
        """The credential of an access key, if it may be used today."""
        found = self.providers.credential(access_key)
        if found is None or found.access_key != access_key or not found.usable(self.now().date()):
            return None
        return found

    def incident(self) -> str:
        """A number by which a line of the log is found."""
        return secrets.token_hex(6)

    async def settle_down(self, patience_s: float) -> None:
        """Wait until every accepted message is answered, at most ``patience_s``."""
        loop = asyncio.get_running_loop()
        until = loop.time() + patience_s
        while self.open and loop.time() < until:
            await asyncio.sleep(0.01)
