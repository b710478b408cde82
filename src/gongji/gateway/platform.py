"""What one worker process works with: settings, database pool, settlement engine, law, books in memory, clock and numbers.

``opening.open_platform`` builds it and ends it.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from gongji.base.ids import IdSource
from gongji.base.sealing import Vault
from gongji.base.signing import Signer
from gongji.gateway.accesses import Accesses
from gongji.gateway.envelope import Refmsgid
from gongji.gateway.epc.signer import register_signer
from gongji.gateway.epc.uses import Uses
from gongji.gateway.settings import GatewaySettings
from gongji.gateway.signature import Replays
from gongji.gateway.vouchers import Desk, Vouchers
from gongji.providers.register import Credential
from gongji.providers.values import Provider, ProviderBook
from gongji.settlement.commands import EngineUnavailable
from gongji.settlement.link import LOST

if TYPE_CHECKING:
    import asyncpg

    from gongji.catalog.values import Catalogue
    from gongji.policy import Law
    from gongji.settlement.engine import Engine
    from gongji.settlement.inputs import RoomInputs

LOST_DATABASE = (*LOST, EngineUnavailable, TimeoutError)
"""After one of these nobody knows whether the last write took effect."""


def system_now() -> datetime:
    """The server's clock."""
    return datetime.now(UTC)


class Platform:
    """Shared by every message of a worker. ``open`` counts messages accepted and not yet
    answered; ``allow_draft``: 征求意见稿 may be applied (tests and demonstration).

    ``lost``: the database did not answer lately; ``orphaned``: the worker number was lost, nothing may be written;
    ``listing`` is held while a list of the catalogue is written into a file: one at a time.
    """

    def __init__(
        self,
        *,
        settings: GatewaySettings,
        dsn: str,
        pool: asyncpg.Pool[Any],
        engine: Engine,
        inputs: RoomInputs,
        law: Law,
        ids: IdSource,
        vault: Vault,
        worker: int,
        now: Callable[[], datetime] = system_now,
        allow_draft: bool = False,
        signer: Signer | None = None,
    ) -> None:
        self.settings = settings
        self.dsn = dsn
        self.pool = pool
        self.engine = engine
        self.inputs = inputs
        self.law = law
        self.laws = {law.digest: law}
        self.ids = ids
        self.vault = vault
        self.worker = worker
        self.now = now
        self.allow_draft = allow_draft
        self.refmsgids = Refmsgid(settings.admdvs, worker)
        self.signer: Signer = signer or register_signer(lambda: self.providers)
        self.replays = Replays()
        self.sealed_uses = Uses()
        self.vouchers = Vouchers()
        self.desk = Desk(pool)
        self.accesses = Accesses(pool)
        self.listing = asyncio.Lock()
        self.open = 0
        self.idle = asyncio.Event()
        self.idle.set()
        self.lost = False
        self.orphaned = False

    def accept(self) -> None:
        """One more message is being worked on."""
        self.open += 1
        self.idle.clear()

    def answered(self) -> None:
        """One message has its answer; ``idle`` is set when none is left."""
        self.open -= 1
        if not self.open:
            self.idle.set()

    @property
    def providers(self) -> ProviderBook:
        """The institutions, as fresh as the last second."""
        return self.inputs.book

    @property
    def catalogue(self) -> Catalogue:
        """The three catalogues, as fresh as the last second."""
        return self.inputs.catalogue

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
