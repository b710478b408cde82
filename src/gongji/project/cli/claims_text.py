"""How claims are shown on the command line: rows of lists, one claim with its lines and steps. No personal data but numbers."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

from gongji.project.cli.desk import actor_text

if TYPE_CHECKING:
    from gongji.claims.case import Case
    from gongji.claims.selectors import Listed
    from gongji.claims.values import Step
    from gongji.policy import Law

__all__ = ["print_case", "print_rows", "state_text"]


def state_text(state: str) -> str:
    from gongji.claims import STATES

    return STATES[state]


def print_rows(rows: list[Listed], today: date) -> None:
    from gongji.base.money import format_yuan

    for row in rows:
        late = " 超期" if row.due_on is not None and row.due_on < today and not row.finished else ""
        click.echo(
            f"{row.claim_id}  受理 {row.received_on}  期限 {row.due_on or '待定'}{late}  {state_text(row.state)}  "
            f"费用 {format_yuan(row.total_fen)}  应付 {format_yuan(row.fund_fen)}  已付 {format_yuan(row.paid_fen)}  "
            f"{row.institution}"
        )
    if not rows:
        click.echo("没有。")


def print_case(case: Case, law: Law) -> None:
    from gongji.base.money import format_yuan
    from gongji.claims.rules import document_titles

    given = case.application
    click.echo(f"报销编号 {case.claim_id}  参保人 {case.psn_no}  {state_text(case.state)}")
    place = given.place.name or given.place.code
    click.echo(f"受理 {given.received_on}  期限 {case.due_on or '待定'}  参保地 {case.region}  机构 {place}")
    click.echo(
        f"费用 {format_yuan(given.total_fen)}  应付 {format_yuan(case.fund_fen)}  已付 {format_yuan(case.paid_fen)}"
    )
    click.echo(f"材料 {'、'.join(document_titles(law, sorted(case.documents))) or '无'}")
    out = {verdict.key: verdict for verdict in case.verdicts}
    for visit in given.visits:
        refusal = case.refused_visits.get(visit.visit_no)
        why = f"  不予支付：{refusal.text}" if refusal else ""
        click.echo(
            f"第 {visit.visit_no} 次就诊 {visit.service_on}  票据 {visit.invoice_no}  {visit.diagnosis}{why}"
        )
        for line in visit.lines:
            verdict = out.get(line.key)
            taken = (
                f"  剔除 {format_yuan(verdict.out_fen)} {verdict.note or verdict.reason}" if verdict else ""
            )
            click.echo(f"  {line.key}  {line.item} {line.local_item}  {format_yuan(line.amount_fen)}{taken}")
    for step in case.steps:
        click.echo(_step_text(step))


def _step_text(step: Step) -> str:
    from gongji.base.times import CHINA
    from gongji.claims.states import ACTIONS

    at = f"{step.at.astimezone(CHINA):%Y-%m-%d %H:%M}"
    refusal = step.content.refusal
    words = [
        str(step.step_no),
        at,
        ACTIONS[step.action],
        actor_text(step.actor),
        step.content.note,
        refusal.text if refusal else "",
    ]
    return "  ".join(word for word in words if word)
