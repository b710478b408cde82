"""Every golden case that the interface can say gives the same amounts over the interface as in the calculation."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from gongji.cases.form import Case
from gongji.cases.laws import Laws
from gongji.cases.loader import load
from gongji.gateway.app import Gateway
from gongji.gateway.opening import open_platform
from gongji.gateway.settings import GatewaySettings
from tests.gateway.client import Caller
from tests.gateway.golden_stage import Stage, unsaid
from tests.vaults import VAULT

FILE = load(Path(__file__).resolve().parents[1] / "golden" / "settlement.yaml")
LAWS = Laws(FILE)
LATER = datetime(2029, 7, 2, 4, tzinfo=UTC)
"""The server's clock: after the last case, the one that comes when the five years are over."""
SAID = [case for case in FILE.cases if not unsaid(case)]
UNSAID = {case.id for case in FILE.cases} - {case.id for case in SAID}


def test_only_these_cases_cannot_be_said_to_the_interface() -> None:
    """Manual claims are the agency's, an emergency at a place that is not designated is one (A26), and no message says that an
    injury is a work injury."""
    assert {"G102", "G104", "G105"} == UNSAID


@pytest.mark.clause("QY.art26")
@pytest.mark.parametrize("case", SAID, ids=lambda case: case.id)
async def test_a_case_is_settled_over_the_interface_as_it_was_worked_out(
    world_url: str, settings: GatewaySettings, case: Case
) -> None:
    """Drafts are applied here: the cases of Qingyang calculate one."""
    app = Gateway(lambda _: b"")
    by = LAWS.law(case)
    async with open_platform(world_url, settings, by, VAULT, allow_draft=True, now=lambda: LATER) as platform:
        app.platform = platform
        stage = Stage(Caller(app), platform, case, LAWS.region(case), by)
        async with platform.pool.acquire() as connection:
            await stage.set_up(connection)
        assert await stage.play() == []
