"""The golden cases on the real interface: a case's person, places and items go into a database, its steps are sent.

What a case states as a fact is here a record (a spell of arrears, an agreement, a filing, a prescription), because
that is where the interface takes it from.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from gongji.accounts.services import open_balance
from gongji.base.money import format_yuan
from gongji.base.sqlfiles import Connection
from gongji.cases.form import AS_INPATIENT, REFUND, Case, Line, Step
from gongji.gateway.platform import Platform
from gongji.kernel import layout
from gongji.members.personal import cert_index, seal_cert_no
from gongji.policy import Law
from gongji.providers.selectors import refresh as refresh_providers
from gongji.settlement.openings import open_accumulators
from tests.gateway.client import Caller, fresh
from tests.vaults import VAULT

REGIONS = {"14": "140800", "6210": "621000"}
AWAY = {
    "LONG_TERM_IN_PROVINCE": "140900",
    "LONG_TERM_OUT_OF_PROVINCE": "110100",
    "TEMPORARY": "140900",
    "OUT_OF_CITY": "620100",
}
PLACES = {
    "class1": ("hospital", "1", ""), "class2": ("hospital", "2", ""), "class3": ("hospital", "3", ""),
    "level3": ("hospital", "", "3"), "level2": ("hospital", "", "2"), "level1": ("hospital", "", "1"),
    "pharmacy": ("pharmacy", "", ""), "clinic": ("clinic", "3", ""),
}  # fmt: skip
LEVEL_OF_CLASS = {"class1": "3", "class2": "2", "class3": "1"}
"""Out of the province a price class is that of the level (decision A21)."""
LEVELS = {"A": "01", "B": "02", "C": "03"}
RECORDED = {
    "arrears", "waiting", "has_account", "designated", "pooled_agreement", "voucher", "offsite", "prescription", "emergency",
}  # fmt: skip
LONG_AGO = date(2020, 1, 1)
DISEASE = "M03900"
TREATED = "M07800"
"""A disease whose treatment settles like inpatient care (decision A27)."""
INPATIENT = {"inpatient_deductible": "deductible", "inpatient_ratio": "ratio", "inpatient_pay": "pool_pay"}
AMOUNTS = {
    "total": "medfee_sumamt",
    "full_selfpay": "fulamt_ownpay_amt",
    "over_limit": "overlmt_selfpay",
    "prepay": "preselfpay_amt",
    "in_scope": "inscp_scp_amt",
    "deductible": "act_pay_dedc",
    "pool_pay": "hifp_pay",
    "personal_total": "psn_part_amt",
    "mutual_pay": "acct_mulaid_pay",
    "cash_pay": "psn_cash_pay",
    "own_account": "balc",
}
_numbers = count(1)


def unsaid(case: Case) -> str:
    """What the case states that no message of the interface can say, or an empty text."""
    for step in case.steps:
        for name, value in step.attributes.items():
            if name not in RECORDED:
                return f"{name}={value}"
        if (step.attributes.get("designated"), step.attributes.get("emergency")) == ("no", "yes"):
            return "emergency"
        if not all(line.in_catalogue and line.on_prescription and not line.prepay for line in step.lines):
            return "line"
    return ""


class Stage:
    """One case on a platform."""

    def __init__(self, caller: Caller, platform: Platform, case: Case, region: str, law: Law) -> None:
        self.caller = caller
        self.platform = platform
        self.case = case
        self.region = REGIONS[region]
        self.number = next(_numbers)
        self.psn_no = f"9{self.number:025d}"
        self.visits: dict[tuple[str, str], str] = {}
        self.done: dict[int, tuple[str, str, dict[str, Any]]] = {}
        self.issued: dict[str, tuple[str, str, date]] = {}
        assert platform.law.digest == law.digest

    async def set_up(self, conn: Connection) -> None:
        """The person with accounts, family, accumulators and spells, and the places and items of every step."""
        await self._person(conn, self.psn_no)
        await self._relations(conn)
        await self._account(conn, self.psn_no, self.case.start.get("own_account", 0))
        for number, (owner, fen) in enumerate(self.case.family, start=1):
            relative = f"8{self.number:020d}{number:05d}"
            assert owner
            await self._person(conn, relative)
            await self._account(conn, relative, fen)
            await conn.execute(
                "INSERT INTO members_family (psn_no, spell_no, from_on, until_on, owner, relation)"
                " VALUES ($1, $2, $3, NULL, $4, 'spouse')", self.psn_no, number, LONG_AGO, relative,
            )  # fmt: skip
        await self._accumulators(conn)
        quota = self.case.fixtures.get("chronic_quota_left")
        if quota is not None:
            await conn.execute(
                "INSERT INTO members_chronic (psn_no, spell_no, from_on, until_on, disease_code, disease_name, ratio_bp, quota_fen)"
                " VALUES ($1, 1, $2, NULL, $3, '高血压', NULL, $4)", self.psn_no, LONG_AGO, DISEASE, quota,
            )  # fmt: skip
        if any(step.op == AS_INPATIENT for step in self.case.steps):
            await conn.execute(
                "INSERT INTO members_chronic (psn_no, spell_no, from_on, disease_code, disease_name, treatment)"
                " VALUES ($1, 2, $2, $3, '肾功能不全', 'dialysis')", self.psn_no, LONG_AGO, TREATED,
            )  # fmt: skip
        for step in self.case.steps:
            if step.op != REFUND:
                await self._spells(conn, step)
                await self._institution(conn, step)
                for index, line in enumerate(step.lines):
                    await self._item(conn, step, index, line)
        await refresh_providers(conn, self.platform.providers, VAULT)
        from gongji.catalog.selectors import refresh as refresh_catalogue

        await refresh_catalogue(conn, self.platform.catalogue)

    async def _person(self, conn: Connection, psn_no: str) -> None:
        await conn.execute(
            "INSERT INTO members_person (psn_no, name, cert_type, cert_sealed, cert_index, gender, ethnicity, born_on)"
            " VALUES ($1, '案例', '01', $2, $3, '1', '01', '1970-01-01')",
            psn_no, seal_cert_no(VAULT, psn_no, f"ID{psn_no}"), cert_index(VAULT, f"ID{psn_no}"),
        )  # fmt: skip
        await conn.execute(
            "INSERT INTO members_credential (psn_no, kind, number, card_sn, from_on, until_on, blocked_from, blocked_until)"
            " VALUES ($1, 'voucher', $2, '', $3, NULL, NULL, NULL)", psn_no, f"T{psn_no}", LONG_AGO,
        )  # fmt: skip

    async def _relations(self, conn: Connection) -> None:
        """One spell as long as the status stays; a change begins on the day of the first step under it."""
        dated = sorted(
            (s for s in self.case.steps if s.op != REFUND and s.on), key=lambda s: s.on or LONG_AGO
        )
        changes: list[tuple[date, str]] = []
        for step in dated:
            if not changes or changes[-1][1] != step.status:
                changes.append((step.on if changes and step.on else LONG_AGO, step.status))
        account = all(step.attributes.get("has_account") != "no" for step in self.case.steps)
        for number, (since, status) in enumerate(changes, start=1):
            await conn.execute(
                "INSERT INTO members_relation (psn_no, spell_no, from_on, until_on, insutype, status, psn_type, region,"
                " employer, civil_servant, has_account)"
                " VALUES ($1, $2, $3, NULL, '310', $4, '1101', $5, '', false, $6)",
                self.psn_no, number, since, status, self.region, account,
            )  # fmt: skip

    async def _account(self, conn: Connection, psn_no: str, fen: int) -> None:
        await open_balance(
            conn, psn_no, fen, "opening", datetime(2020, 1, 1, tzinfo=UTC), entry_id=self.platform.ids.next()
        )

    async def _accumulators(self, conn: Connection) -> None:
        start = self.case.start
        year = next(step.on.year for step in self.case.steps if step.on)
        for number, deductible, fund in (
            (year, start.get("ytd_deductible", 0), start.get("ytd_pool", 0)),
            (year - 1, start.get("previous_year_ytd_deductible", 0), start.get("previous_year_ytd_pool", 0)),
        ):
            if deductible or fund:
                await open_accumulators(
                    conn, settlement_id=self.platform.ids.next(), psn_no=self.psn_no, year=number, benefit="ordinary",
                    deductible_fen=deductible, in_scope_fen=0, fund_fen=fund, source=f"case{number}",
                    at=datetime(2020, 1, 1, tzinfo=UTC),
                )  # fmt: skip

    async def _spells(self, conn: Connection, step: Step) -> None:
        for kind in ("arrears", "waiting"):
            if step.attributes.get(kind) == "yes":
                await conn.execute(
                    "INSERT INTO members_nonbenefit (psn_no, spell_no, from_on, until_on, kind) VALUES ($1, $2, $3, $3, $4)",
                    self.psn_no, step.index + 1, step.on, kind,
                )  # fmt: skip
        offsite = step.attributes.get("offsite", "none")
        if offsite.startswith("LONG_TERM"):
            await conn.execute(
                "INSERT INTO members_filing (psn_no, spell_no, from_on, until_on, kind, region)"
                " VALUES ($1, $2, $3, NULL, $4, $5)", self.psn_no, step.index + 1, LONG_AGO, offsite, AWAY[offsite],
            )  # fmt: skip

    def code(self, step: Step) -> str:
        """Code of the step's institution; hospitals of other steps that are the same place are the same institution."""
        letter = "P" if step.place == "pharmacy" else "H"
        places = list(dict.fromkeys((s.institution, s.place) for s in self.case.steps))
        return f"{letter}{self.number:06d}{places.index((step.institution, step.place)):05d}"

    async def _institution(self, conn: Connection, step: Step) -> None:
        code, facts = self.code(step), step.attributes
        kind, fee_class, level = PLACES[step.place]
        offsite = facts.get("offsite", "none")
        if offsite == "LONG_TERM_OUT_OF_PROVINCE":
            fee_class, level = "", LEVEL_OF_CLASS[step.place]
        if await conn.fetchval("SELECT 1 FROM providers_institution WHERE code = $1", code):
            return
        await conn.execute(
            "INSERT INTO providers_institution (code, name, uscc, kind, hosp_lv, region, address)"
            " VALUES ($1, '案例', '', $2, '', $3, '')",
            code, kind, AWAY.get(offsite, self.region),
        )  # fmt: skip
        await conn.execute(
            "INSERT INTO providers_state (code, state_no, from_on, until_on, designated, pooled_agreement, fee_class, level,"
            " direct_settlement) VALUES ($1, 1, $2, NULL, $3, $4, $5, $6, true)",
            code, LONG_AGO, facts.get("designated") != "no", facts.get("pooled_agreement") != "no", fee_class, level,
        )  # fmt: skip

    def item(self, step: Step, index: int) -> str:
        line = step.lines[index]
        return (
            f"X{self.number:06d}{line.drug}"
            if line.drug
            else f"X{self.number:06d}{step.index:03d}{index:03d}"
        )

    async def _item(self, conn: Connection, step: Step, index: int, line: Line) -> None:
        code = self.item(step, index)
        if await conn.fetchval("SELECT 1 FROM catalog_item WHERE code = $1", code):
            return
        await conn.execute(
            "INSERT INTO catalog_item (code, from_on, until_on, name, kind, list_type, chrgitm_lv, charge_type, spec, unit,"
            " dosform, maker, restricted, restriction, account_allowed, base_drug, negotiated, child_drug, prescription_only,"
            " version) VALUES ($1, $2, NULL, '案例项目', $3, '101', $4, '09', '', '', '', '', $5, '', $6, false, false, false,"
            " false, 0)",
            code, LONG_AGO, line.kind, LEVELS[line.category], not line.restriction_met, line.account_allowed,
        )  # fmt: skip
        if line.standard_fen != layout.NONE:
            await conn.execute(
                "INSERT INTO catalog_price (code, region, from_on, until_on, standard_micro, version)"
                " VALUES ($1, 'CN', $2, NULL, $3, 0)", code, LONG_AGO, line.standard_fen * 10_000,
            )  # fmt: skip

    async def play(self) -> list[str]:
        """Send every step; what the interface answers otherwise than the case expects."""
        different: list[str] = []
        for step in self.case.steps:
            answer = await (self._refund(step) if step.op == REFUND else self._settle(step))
            found = await self._found(step, answer)
            for name, wanted in self._wanted(step).items():
                if name in found and found[name] != wanted:
                    different.append(f"第 {step.index} 步 {name}: 应为 {wanted}，接口答 {found[name]}")
        return different

    def _wanted(self, step: Step) -> dict[str, Any]:
        return {
            name: value for name, value in step.expect.items() if name not in ("year", "replay_proposals")
        }

    async def _settle(self, step: Step) -> dict[str, Any]:
        if step.place == "pharmacy":
            return await self._sell(step)
        mdtrt_id = await self._visit(step)
        batch = fresh("B")
        rows = [
            self._row(step, index) | {"mdtrt_id": mdtrt_id, "chrg_bchno": batch}
            for index in range(len(step.lines))
        ]
        code = self.code(step)
        uploaded = await self.caller.call("2204", {"feedetail": rows}, caller=code)
        if uploaded["infcode"] != 0:
            return uploaded
        return await self._kept(
            step, "2207", {"data": self._settlement(step, rows) | {"mdtrt_id": mdtrt_id, "chrg_bchno": batch}}
        )

    async def _kept(self, step: Step, infno: str, nodes: dict[str, Any]) -> dict[str, Any]:
        """Pre-settled first: the answer must be the same."""
        preview, code = {"2207": "2206", "2102": "2101"}[infno], self.code(step)
        before = await self.caller.call(preview, nodes, caller=code)
        answer = await self.caller.call(infno, nodes, caller=code)
        if answer["infcode"] == 0:
            info = answer["output"]["setlinfo"]
            self.done[step.index] = (code, infno, info)
            assert before["output"]["setlinfo"]["psn_cash_pay"] == info["psn_cash_pay"]
            assert before["output"]["setldetail"] == answer["output"]["setldetail"]
        else:
            assert before["infcode"] == -1
        return answer

    def _settlement(self, step: Step, rows: list[dict[str, Any]]) -> dict[str, Any]:
        use, family = "no_use_account" not in step.marks, "no_use_family" not in step.marks
        exp = {"ACCT_MULAID_FLAG": "1" if family else "0"}
        if step.attributes.get("emergency") == "yes":
            exp["OTP_ER_REFL_FLAG"] = "1"
        return {
            "psn_no": self.psn_no,
            **self._voucher(step),
            "med_type": "14" if self._disease(step) else "41" if step.place == "pharmacy" else "11",
            "medfee_sumamt": str(sum(Decimal(row["det_item_fee_sumamt"]) for row in rows)),
            "acct_used_flag": "1" if use else ("2" if family else "0"),
            "insutype": "310",
            "exp_content": exp,
        }

    def _voucher(self, step: Step) -> dict[str, str]:
        if step.attributes.get("voucher") == "no":
            return {"mdtrt_cert_type": "02", "mdtrt_cert_no": f"ID{self.psn_no}"}
        return {"mdtrt_cert_type": "01", "mdtrt_cert_no": f"T{self.psn_no}"}

    def _row(self, step: Step, index: int) -> dict[str, Any]:
        line = step.lines[index]
        amount = format_yuan(line.amount_fen)
        return {
            "feedetl_sn": fresh("L"), "psn_no": self.psn_no, "fee_ocur_time": f"{step.on} 10:00:00",
            "med_list_codg": self.item(step, index), "det_item_fee_sumamt": amount, "cnt": 1, "pric": amount,
            "hosp_appr_flag": "0", "rx_circ_flag": "0", "rxno": self._rx_no(step) if line.drug else "",
            "etip_flag": "0" if line.in_house else "1",
        }  # fmt: skip

    async def _visit(self, step: Step) -> str:
        """The step's encounter at its institution; the first step there registers it."""
        key = (step.encounter or f"step {step.index}", self.code(step))
        if key not in self.visits:
            self.visits[key] = await self._register(step, str(step.on))
            if disease := self._disease(step):
                info = {
                    "mdtrt_id": self.visits[key],
                    "psn_no": self.psn_no,
                    "med_type": "14",
                    "begntime": str(step.on),
                }
                nodes = {"mdtrtinfo": {**info, "dise_codg": disease, "dise_name": "某病"}}
                await self.caller.output("2203", nodes, caller=self.code(step))
        return self.visits[key]

    def _disease(self, step: Step) -> str:
        """The disease that the step's visit is registered for, or empty."""
        if step.op == AS_INPATIENT:
            return TREATED
        return DISEASE if "chronic" in step.marks else ""

    async def _register(self, step: Step, on: str, code: str = "") -> str:
        nodes = {
            "data": {
                "psn_no": self.psn_no, "insutype": "310", "begntime": f"{on} 09:00:00", **self._voucher(step),
                "ipt_otp_no": fresh("V"), "dept_code": "1", "dept_name": "内科", "caty": "A03",
            }
        }  # fmt: skip
        answer = await self.caller.output("2201", nodes, caller=code or self.code(step))
        return str(answer["data"]["mdtrt_id"])

    async def _sell(self, step: Step) -> dict[str, Any]:
        rows = [self._row(step, index) for index in range(len(step.lines))]
        state = step.attributes["prescription"]
        rx_no = await self._prescription(step) if state != "none" else ""
        for row in rows:
            row["rxno"] = rx_no
        nodes = {
            "druginfo": self._settlement(step, rows) | {"begntime": f"{step.on} 11:00:00"},
            "drugdetail": rows,
        }
        return await self._kept(step, "2102", nodes)

    async def _prescription(self, step: Step) -> str:
        """A prescription for what is bought, of the encounter's hospital visit, or of one made for it."""
        assert step.on is not None
        later = next(
            (s for s in self.case.steps if s.encounter == step.encounter and s.place not in ("pharmacy", "")),
            None,
        )
        if later is not None:
            await self._visit(later)
        hospital = next(
            ((code, visit) for (name, code), visit in self.visits.items() if name == step.encounter), None
        )
        issued_on = step.on - timedelta(days=5 if step.attributes["prescription"] == "expired" else 0)
        if hospital is None:
            code = self._unseen
            async with self.platform.pool.acquire() as conn:
                await self._prescriber(conn, code)
                await refresh_providers(conn, self.platform.providers, VAULT)
            hospital = (code, await self._register(step, str(issued_on), code))
            self.visits[(step.encounter, code)] = hospital[1]
        code, mdtrt_id = hospital
        rx_no = self._rx_no(step)
        rows = [
            self._row(step, index)
            | {
                "mdtrt_id": mdtrt_id, "chrg_bchno": "rx", "rxno": rx_no, "rx_circ_flag": "1", "det_item_fee_sumamt": "0",
                "pric": "0", "fee_ocur_time": f"{issued_on} 09:30:00",
            }
            for index in range(len(step.lines))
        ]  # fmt: skip
        await self.caller.output("2204", {"feedetail": rows}, caller=code)
        return rx_no

    @property
    def _unseen(self) -> str:
        """Code of the hospital that prescribes where the case has none."""
        return f"H{self.number:06d}99999"

    async def _prescriber(self, conn: Connection, code: str) -> None:
        await conn.execute(
            "INSERT INTO providers_institution (code, name, uscc, kind, hosp_lv, region, address)"
            " VALUES ($1, '开方', '', 'hospital', '', $2, '') ON CONFLICT DO NOTHING", code, self.region,
        )  # fmt: skip
        await conn.execute(
            "INSERT INTO providers_state (code, state_no, from_on, until_on, designated, pooled_agreement, fee_class,"
            " level, direct_settlement) VALUES ($1, 1, $2, NULL, true, true, '3', '', true) ON CONFLICT DO NOTHING",
            code, LONG_AGO,
        )  # fmt: skip

    def _rx_no(self, step: Step) -> str:
        return f"RX{self.number}{step.encounter}"

    async def _refund(self, step: Step) -> dict[str, Any]:
        code, infno, info = self.done[step.ref or 0]
        nodes = {"data": {"psn_no": self.psn_no, "setl_id": info["setl_id"], "mdtrt_id": info["mdtrt_id"]}}
        return await self.caller.call("2208" if infno == "2207" else "2103", nodes, caller=code)

    async def _found(self, step: Step, answer: dict[str, Any]) -> dict[str, Any]:
        if answer["infcode"] != 0:
            return {"error": answer["err_msg"].partition("〔")[2].partition("〕")[0]}
        info = answer["output"]["setlinfo"]
        found: dict[str, Any] = {name: fen(info[field]) for name, field in AMOUNTS.items()}
        rows = {row["fund_pay_type"]: fen(row["fund_payamt"]) for row in answer["output"]["setldetail"]}
        if "chronic" in step.marks:
            found["chronic_pay"] = rows.get("310100", 0)
            found["pool_pay"] = rows["310102"]
            found["in_scope"] -= step.expect["chronic_fee"]
        found["account_pay"] = fen(info["acct_pay"]) - fen(info["acct_mulaid_pay"])
        words = answer["output"]["setldetail"][0]["setl_proc_info"]
        reason = words.partition("〔")[2].partition("〕")[0] if "不予支付" in words else None
        found["error"] = None
        if step.op != REFUND:
            found["reason"] = reason
            found["ratio"] = None if reason else fen(info["pool_prop_selfpay"], 4)
        year = step.on.year if step.op != REFUND and step.on else self._year_of(step)
        found |= await self._sums(year)
        found |= {name: found[plain] for name, plain in INPATIENT.items() if plain in found}
        return found

    def _year_of(self, step: Step) -> int:
        on = self.case.steps[step.ref or 0].on
        assert on is not None
        return on.year

    async def _sums(self, year: int) -> dict[str, int]:
        answer = await self.caller.output("5206", {"data": {"psn_no": self.psn_no, "cum_ym": f"{year}12"}})
        sums = {row["cum_type_code"]: fen(row["cum"]) for row in answer["cuminfo"]}
        return {
            "ytd_deductible": sums["DEDC"],
            "ytd_pool": sums["HIFP"],
            "ytd_inpatient_deductible": sums.get("IPT_DEDC", 0),
            "ytd_inpatient_pay": sums.get("IPT_HIFP", 0),
        }


def fen(value: Any, scale: int = 2) -> int:
    """A JSON number in units of 10^-scale."""
    return int(Decimal(str(value)).scaleb(scale))
