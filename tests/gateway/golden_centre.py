"""The golden cases with prescriptions of the centre: every sheet is checked, signed and circulated, every sale held and reviewed.

A case's encounter issues one sheet with the drugs of all its purchases, and each purchase is at a pharmacy of its own. Every other
purchase shows a code (7203), the rest an identity (7201).
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from gongji.base.sqlfiles import Connection
from gongji.base.times import CHINA
from gongji.cases.form import REFUND, Case, Step
from gongji.gateway.platform import Platform
from gongji.policy import Law
from gongji.providers.selectors import refresh as refresh_providers
from tests.gateway import rx
from tests.gateway.client import Caller
from tests.gateway.golden_stage import LONG_AGO, Stage
from tests.gateway.rx_world import (
    DOCTOR,
    HOSPITAL_PHARMACIST,
    PHARMACIST,
    PHARMACIST_NAME,
    Clock,
    add_certificate,
)
from tests.vaults import VAULT

NAME = "案例"
STAFF = (
    (DOCTOR, rx.DOCTOR_NAME, "doctor", ["prescribe"]),
    (HOSPITAL_PHARMACIST, "测试院内药师", "pharmacist", ["review", "dispense"]),
    (PHARMACIST, PHARMACIST_NAME, "pharmacist", ["review", "dispense"]),
)
OF_THE_HOSPITAL = 2
"""How many of the staff a hospital has; a pharmacy has the rest."""
REGISTERED, PRESCRIBED, CHARGED, SOLD = time(9, 5), time(9, 40), time(10, 30), time(11, 5)


class CentreStage(Stage):
    """One case on a platform whose clock stands where the case is."""

    def __init__(
        self, caller: Caller, platform: Platform, case: Case, region: str, law: Law, clock: Clock
    ) -> None:
        super().__init__(caller, platform, case, region, law)
        self.psn_no = f"7{self.number:024d}1"
        self.clock = clock
        self.sheets: dict[str, rx.Rx] = {}
        first = min(step.on for step in case.steps if step.on)
        clock.at = datetime.combine(first, REGISTERED, CHINA)

    def code(self, step: Step) -> str:
        """Pharmacies of one case are different ones."""
        return f"P{self.number:06d}{step.index:05d}" if step.place == "pharmacy" else super().code(step)

    async def set_up(self, conn: Connection) -> None:
        await super().set_up(conn)
        for step in self.case.steps:
            if step.op != REFUND and step.place == "pharmacy":
                await self._staff(conn, self.code(step), STAFF[OF_THE_HOSPITAL:])
        for code in sorted({self._issuer(step)[0] for step in self.case.steps if step.op != REFUND}):
            if code == self._unseen:
                await self._prescriber(conn, code)
            await self._staff(conn, code, STAFF[:OF_THE_HOSPITAL])
            await add_certificate(conn, code)
        await refresh_providers(conn, self.platform.providers, VAULT)

    async def _staff(
        self, conn: Connection, code: str, people: tuple[tuple[str, str, str, list[str]], ...]
    ) -> None:
        for number, (staff_code, name, kind, rights) in enumerate(people, start=1):
            await conn.execute(
                "INSERT INTO providers_staff (code, spell_no, staff_code, from_on, name, kind, rights)"
                " VALUES ($1, $2, $3, $4, $5, $6, $7)", code, number, staff_code, LONG_AGO, name, kind, rights,
            )  # fmt: skip

    def _purchases(self, encounter: str) -> list[Step]:
        return [
            s
            for s in self.case.steps
            if s.op != REFUND and s.encounter == encounter and s.place == "pharmacy"
        ]

    def _issuer(self, step: Step) -> tuple[str, Step]:
        """The hospital of the step's encounter, and a step that says when: one that only prescribes where none charges."""
        steps = [s for s in self.case.steps if s.op != REFUND and s.encounter == step.encounter]
        first = min(steps, key=lambda s: (s.on or LONG_AGO, s.index))
        hospital = next((s for s in steps if s.place != "pharmacy"), None)
        return (self.code(hospital) if hospital else self._unseen), first

    async def _visit(self, step: Step) -> str:
        """The encounter begins where and when its first step is, because that is when the sheet is written."""
        code, first = self._issuer(step)
        key = (step.encounter, code)
        if key not in self.visits:
            self.visits[key] = await self._register(first, str(first.on), code)
        return self.visits[key]

    async def _settle(self, step: Step) -> dict[str, Any]:
        assert step.on is not None
        if step.encounter not in self.sheets and self._purchases(step.encounter):
            self.sheets[step.encounter] = await self._issued(step)
        self._wait_until(step, SOLD if step.place == "pharmacy" else CHARGED)
        return await super()._settle(step)

    def _wait_until(self, step: Step, hour: time) -> None:
        assert step.on is not None
        self.clock.at = max(self.clock.at, datetime.combine(step.on, hour, CHINA)) + timedelta(seconds=1)

    async def _issued(self, step: Step) -> rx.Rx:
        """7101, 7102 and 7103 of the encounter's hospital."""
        code, _ = self._issuer(step)
        mdtrt_id = await self._visit(step)
        self._wait_until(step, PRESCRIBED)
        one = rx.Rx(self.caller, self.psn_no, mdtrt_id, self.clock.at)
        rows = [
            rx.drug(self.item(sale, index))
            for sale in self._purchases(step.encounter)
            for index in range(len(sale.lines))
        ]
        person = {"patnName": NAME, "certno": f"ID{self.psn_no}"}
        sheet = rx.sheet(
            self.psn_no, mdtrt_id, one.at, code=code, drugs=rows, visit={**person, "fixmedinsName": NAME},
            mdtrtCertNo=f"T{self.psn_no}", ecToken=f"T{self.psn_no}",
        )  # fmt: skip
        one.checked = (await self.caller.output("7101", sheet, caller=code))["data"]
        one.signed = rx.signed_fields(
            self.psn_no, mdtrt_id, one.at, one.checked, fixmedinsCode=code, fixmedinsName=NAME, **person
        )
        one.file = (await self.caller.output("7102", rx.signature(one.signed), caller=code))["data"]
        await self.caller.output("7103", one.upload(), caller=code)
        return one

    async def _prescription(self, step: Step) -> str:
        """The encounter's sheet, held and reviewed by the step's pharmacy: 7203 or 7201, 7204, 7205, 7206."""
        one, pharmacy = self.sheets[step.encounter], self.code(step)
        if step.index % 2:
            shown = rx.showing(await rx.shown_code(self.caller, one), pharmacy)
            one.grant = (await self.caller.output("7203", shown, caller=pharmacy))["data"]
        else:
            person = {"psnName": NAME, "certno": f"ID{self.psn_no}", "ecToken": f"T{self.psn_no}"}
            nodes = one.authorisation(pharmacy, **person)
            found = (await self.caller.output("7201", nodes, caller=pharmacy))["data"]
            (one.grant,) = found
        await one.accept(pharmacy)
        await one.verify(pharmacy)
        await one.review(pharmacy)
        return one.no

    def _settlement(self, step: Step, rows: list[dict[str, Any]]) -> dict[str, Any]:
        nodes = super()._settlement(step, rows)
        if step.place == "pharmacy" and len(self._purchases(step.encounter)) > 1:
            nodes["exp_content"]["RX_SPLIT_REA"] = "药店缺药"
        return nodes
