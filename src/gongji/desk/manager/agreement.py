"""Agreement status (协议状态): what the institution is today and was, its dossiers with their terms, what is due, every step."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from django.http import HttpResponse

from gongji.base.codes import values
from gongji.base.reasons import Refusal
from gongji.gateway.platform import Platform
from gongji.policy.calendar import working_calendar
from gongji.providers import files, rules
from gongji.providers.dossier import CHANGES, LAYERS, Decision, Dossier
from gongji.providers.listing import Due, overdue
from gongji.providers.office import Office
from gongji.providers.register import OFFERS
from gongji.providers.spells import canonical
from gongji.providers.states import ACTIONS, OPEN, STATES
from gongji.providers.values import ProviderDay
from gongji.web.pages import Page, page, url

__all__ = [
    "DUE_WORDS",
    "agreement",
    "coded",
    "colour_of",
    "dossier",
    "office_of",
    "open_layers",
    "own_dossier",
    "standing",
    "warnings",
]

DUE_WORDS: Final = {
    "accept": "申请待受理，应在 {on} 前一次性告知",
    "evaluate": "正在评估，应在 {on} 前完成",
    "renew": "{layer}到 {on} 为止，请与经办机构办理续签",
    "expire": "{layer}已于 {on} 到期",
    "resume": "中止期到 {on} 为止，请与经办机构办理恢复",
}
MAX_ID: Final = 2**63 - 1
OVER: Final = frozenset({"terminated", "expired", "refused", "rejected", "unagreed", "unchanged"})
WAITING: Final = frozenset({"suspended", "returned", "failed"})
KIND_WORDS: Final = {"hospital": "医院", "clinic": "诊所", "pharmacy": "零售药店", "internet": "互联网医院"}


def office_of(platform: Platform) -> Office:
    """What the verbs about agreements work with."""
    return Office(platform.law, working_calendar(), platform.vault, platform.ids)


def colour_of(state: str) -> str:
    """The colour of a dossier's state."""
    if state in ("active", "changed"):
        return "ok"
    if state in OVER:
        return "bad"
    return "wait" if state in WAITING or state in OPEN else "info"


def coded(platform: Platform) -> dict[str, list[tuple[str, str]]]:
    """Code and word of the values of those changes that are kept as codes."""
    known = platform.law.library.vocabulary.attributes
    said = {
        name: [(str(code), str(word)) for code, word in known[name].values] for name in ("level", "fee_class")
    }
    return said | {"hosp_lv": [(one.value, one.label) for one in values("hosp_lv")]}


def standing(day: ProviderDay) -> tuple[str, str]:
    """What the institution is on a day, in a word, and its colour."""
    if day.pooled_agreement:
        return "已开通门诊统筹", "ok"
    if day.designated:
        return "定点，未开通门诊统筹", "wait"
    if day.suspended:
        return "协议中止", "bad"
    return ("协议已终止", "bad") if day.ended else ("非定点", "bad")


async def warnings(page: Page) -> list[str]:
    """What is due about the agreements, and what was given back to the institution, in sentences."""
    code = page.visitor.institution
    async with page.connection() as conn:
        due = await overdue(conn, office_of(page.platform), page.today, [code])
        back = [one for one in await files.dossiers(conn, [code]) if one.state == "returned"]
    return [*(f"{LAYERS[one.layer]}申请已退回补正，请在档案中补交材料" for one in back), *map(_sentence, due)]


def _sentence(one: Due) -> str:
    when = str(one.due_on) if one.due_on is not None else "尚不能确定的日期"
    return DUE_WORDS[one.what].format(on=when, layer=LAYERS.get(one.layer, one.layer))


def open_layers(dossiers: Sequence[Dossier], day: ProviderDay, today: date) -> list[tuple[str, str]]:
    """Agreements that the institution may apply for now: code and name."""

    def running(layer: str) -> bool:
        return any(
            one.layer == layer and one.state in OPEN and not (one.term_until_on and one.term_until_on < today)
            for one in dossiers
        )

    if day.kind == "internet":
        wanted = [] if running("internet") else ["internet"]
    else:
        wanted = [] if running("base") else ["base"]
        if day.designated and not running("pooled"):
            wanted.append("pooled")
    return [(layer, LAYERS[layer]) for layer in wanted]


@page("desk.agreement")
async def agreement(page: Page) -> HttpResponse:
    """Today, the history of class and level, the dossiers."""
    code = page.visitor.institution
    place = page.platform.provider(code)
    if place is None:
        return await page.no(404, "机构不在登记中", "请向经办机构核实机构编码。")
    async with page.connection() as conn:
        dossiers = await files.dossiers(conn, [code])
        states = canonical(await files.states(conn, code))
    day = place.on(page.today)
    classes = dict(page.platform.law.library.vocabulary.attributes["fee_class"].values)
    levels = dict(page.platform.law.library.vocabulary.attributes["level"].values)
    word, colour = standing(day)
    paused = [
        _decision(page, dossier, one)
        for dossier in dossiers
        for one in dossier.effective
        if day.suspended and one.kind == "suspend" and one.from_on <= page.today
    ]
    context = {
        "place": place,
        "paused": paused[-1:],
        "kind": KIND_WORDS.get(place.kind, place.kind),
        "day": day,
        "standing": word,
        "colour": colour,
        "fee_class": classes.get(day.fee_class, "—"),
        "level": levels.get(day.level, "—"),
        "offers": [OFFERS[offer] for offer in OFFERS if offer in day.offers],
        "warnings": await warnings(page),
        "states": [
            {
                "row": row,
                "fee_class": classes.get(row.fee_class, "—"),
                "level": levels.get(row.level, "—"),
                "now": row.from_on <= page.today and (row.until_on is None or page.today <= row.until_on),
            }
            for row in reversed(states)
        ],
        "dossiers": [_summary(one) | {"lacking": len(_lacking(page, one))} for one in reversed(dossiers)],
        "layers": open_layers(dossiers, day, page.today),
        "may_change": "manager" in page.visitor.roles,
    }
    return await page.show("desk/manager/agreement.html", context)


def _summary(one: Dossier) -> dict[str, Any]:
    changed = one.steps[0].content.decision if one.layer == "change" and one.steps else None
    name = (
        f"{LAYERS[one.layer]}：{CHANGES.get(changed.field, changed.field)}"
        if changed is not None
        else LAYERS[one.layer]
    )
    return {
        "number": one.dossier_id,
        "name": name,
        "state": STATES.get(one.state, one.state),
        "colour": colour_of(one.state),
        "received_on": one.received_on,
        "until_on": one.term_until_on,
        "link": url("desk.agreement.dossier", one.dossier_id),
    }


def _lacking(page: Page, one: Dossier) -> Sequence[rules.Condition]:
    """What an application that is not decided on still lacks."""
    if one.application is None or one.state not in OPEN:
        return ()
    found = rules.missing(page.platform.law, one)
    return () if isinstance(found, Refusal) else found


async def own_dossier(page: Page, number: int) -> Dossier | None:
    """The institution's own dossier; another one's does not exist here."""
    if number > MAX_ID:
        return None
    async with page.connection() as conn:
        found = await files.dossier(conn, number)
    return found if found is not None and found.code == page.visitor.institution else None


@page("desk.agreement.dossier")
async def dossier(page: Page, number: int) -> HttpResponse:
    """One dossier: what is missing, the decisions in force, every step. Representative and bank account are not shown."""
    found = await own_dossier(page, number)
    if found is None:
        return await page.no(404, "没有这份档案", "本机构没有这个编号的档案。")
    context = {
        "summary": _summary(found),
        "dossier": found,
        "lacking": _lacking(page, found),
        "terms": [_decision(page, found, one) for one in found.effective],
        "steps": [
            {
                "at": step.at,
                "action": ACTIONS.get(step.action, step.action),
                "state": STATES.get(step.state, step.state),
                "note": step.content.note,
                "decision": _decision(page, found, step.content.decision)
                if step.content.decision is not None
                else None,
            }
            for step in reversed(found.steps)
        ],
        "may_supplement": found.state in ("received", "returned"),
        "may_withdraw": found.state in ("received", "returned", "accepted", "failed", "qualified"),
    }
    return await page.show("desk/manager/agreement_dossier.html", context)


KINDS: Final = {
    "sign": "签约", "renew": "续签", "suspend": "中止", "resume": "恢复", "terminate": "解除", "bar": "限制申请", "change": "变更",
}  # fmt: skip


GROUNDS: Final = {"suspend": "provider.suspension_grounds", "terminate": "provider.termination_grounds"}


def _ground(page: Page, of: Dossier, one: Decision) -> rules.Condition | None:
    """The ground of a suspension or termination, in the law's words of the day on which it began."""
    if not one.ground or one.kind not in GROUNDS:
        return None
    found = rules.listed(page.platform.law, GROUNDS[one.kind], of.kind, of.region, one.from_on)
    return None if isinstance(found, Refusal) else next((it for it in found if it.code == one.ground), None)


def _decision(page: Page, of: Dossier, one: Decision) -> dict[str, Any]:
    field = CHANGES.get(one.field, one.field)
    value = dict(coded(page.platform).get(one.field, ())).get(one.value, one.value)
    text = f"{field}改为 {value}" if value else field
    return {
        "kind": KINDS.get(one.kind, one.kind),
        "from_on": one.from_on,
        "until_on": one.until_on,
        "text": text,
        "ground": _ground(page, of, one),
        "note": one.note,
        "version": one.version,
        "late": one.late,
    }
