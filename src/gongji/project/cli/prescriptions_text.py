"""How prescriptions are shown on the command line: rows of lists, one with its drugs and events. No personal data but numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from gongji.project.cli.desk import actor_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gongji.prescriptions.case import Case, Event
    from gongji.prescriptions.selectors import Listed

__all__ = ["event_line", "print_case", "print_rows"]


def print_rows(rows: Sequence[Listed]) -> None:
    from gongji.prescriptions.states import STATES, clock_text

    for row in rows:
        held = f"  {row.holder} 保留至 {clock_text(row.held_until)}" if row.held_until else ""
        kind = (
            f"  长期处方 第 {row.fill}/{row.fills} 次" if row.fills > 1 else "  长期处方" if row.long else ""
        )
        click.echo(
            f"{row.rx_no}  {STATES[row.state]}  开具 {clock_text(row.issued_at)} {row.issuer}  有效至 "
            f"{clock_text(row.valid_until)}  药品 {row.drugs} 种{kind}{held}"
        )
    if not rows:
        click.echo("没有。")


def print_case(case: Case) -> None:
    from gongji.prescriptions.states import STATES, clock_text

    sheet = case.prescription
    click.echo(f"处方 {case.rx_no}  参保人 {case.psn_no}  {STATES[case.state]}")
    click.echo(
        f"开具 {clock_text(sheet.issued_at)}  {sheet.issuer} 第 {sheet.hosp_rx_no} 号  医师 {sheet.doctor_code}  "
        f"有效至 {clock_text(sheet.valid_until)}"
    )
    if sheet.fills > 1:
        click.echo(
            f"分 {sheet.fills} 次取药，间隔 {sheet.interval_days} 天，最后 {clock_text(sheet.ends_at)}"
        )
    if case.hold is not None:
        click.echo(f"接单 {case.hold.name} {case.holder}，保留至 {clock_text(case.hold.until)}")
    for drug in sheet.drugs:
        click.echo(
            f"  {drug.item} {drug.name} {drug.quantity_e4 / 10_000:g}{drug.unit} {drug.days_e2 / 100:g} 天"
        )
        for taking in case.takings:
            if taking.item == drug.item:
                facts = [f"发药 {taking.sale_sn}"] if taking.sale_sn else []
                facts += [f"结算 {taking.settlement_id}"] if taking.settlement_id else []
                facts += [] if taking.insured else ["自费"]
                click.echo(
                    f"    第 {taking.fill} 次 {taking.quantity_e4 / 10_000:g}{drug.unit} {taking.institution} "
                    f"{'、'.join(facts)}"
                )
    for event in case.events:
        click.echo(f"  {event_line(event)}")


def event_line(event: Event) -> str:
    from gongji.prescriptions.states import STATES, VERBS, clock_text

    where = f" {event.institution}" if event.institution not in ("", event.actor.partition(":")[2]) else ""
    why = f"：{event.reason}" if event.reason else ""
    return (
        f"{event.event_no} {clock_text(event.at)} {VERBS[event.verb]} → {STATES[event.state]}  "
        f"{actor_text(event.actor)}{where}{why}"
    )
