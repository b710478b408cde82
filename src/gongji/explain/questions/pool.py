"""Questions about the pool: rates, the deductible, the ceiling, why it does not pay. Pure; every number is the law's."""

from __future__ import annotations

from gongji.base.money import format_yuan
from gongji.explain.questions.figures import figure, figures, open_to, refusing, rules_of
from gongji.explain.questions.shape import UNSTATED, Answer, Asker, Bar, Fact, Figure, Question
from gongji.explain.words import refusal_sentence
from gongji.policy import Law

__all__ = ["QUESTIONS"]

DEDUCTIBLES = (
    "deductible.per_visit",
    "deductible.per_settlement",
    "deductible.per_day",
    "deductible.per_month",
)
CEILINGS = ("ceiling.per_visit", "ceiling.per_day", "ceiling.per_month", "ceiling.per_quarter")
DEPENDS = {"status": "在职还是退休", "place": "去哪一类机构", "kind": "去哪一类机构"}
"""How one speaks of what a rate depends on; anything else by its name."""
AT_A_PLACE = ("NOT_DESIGNATED", "NOT_POOLED_PROVIDER", "NO_PRESCRIPTION", "NO_VALID_VOUCHER", "RX_EXPIRED")
OF_A_PERSON = ("ARREARS", "WAITING_PERIOD", "NOT_INSURED", "NO_PERSONAL_ACCOUNT")


def _of(law: Law, asker: Asker, key: str) -> tuple[Figure, ...]:
    return figures(law, key, asker.region, asker.on, asker.attributes)


def _one(law: Law, asker: Asker, key: str) -> Figure | None:
    return figure(law, key, asker.region, asker.on, asker.attributes)


def _only(found: tuple[Figure, ...]) -> Figure | None:
    """The value that holds however the open questions are answered; None where they decide it."""
    return found[0] if len({one.text for one in found}) == 1 else None


def _who(asker: Asker) -> tuple[Fact, ...]:
    return (Fact("您是", asker.status_name),) if asker.status_name else ()


def _rate_title(law: Law, asker: Asker) -> str:
    """The highest of several rates; a rate in bands (``raw`` None) is too long for a title."""
    highest = max(_of(law, asker, "rate.pool"), key=lambda one: one.raw or 0, default=None)
    return f"为什么我的报销比例是 {highest.text}？" if highest is not None and highest.raw else RATE.general


def _depends(law: Law, asker: Asker) -> str:
    known = law.library.vocabulary.attributes
    dims = open_to(law, "rate.pool", asker.region, asker.attributes)
    return "、".join(dict.fromkeys(DEPENDS.get(dim) or known[dim].name for dim in dims))


def _rate(law: Law, asker: Asker) -> Answer:
    found = sorted(_of(law, asker, "rate.pool"), key=lambda one: one.raw or 0)
    texts = list(dict.fromkeys(one.text for one in found))
    if not found:
        return Answer(lead=UNSTATED.format("支付比例"), facts=_who(asker))
    if len(texts) == 1:
        lead = f"统筹基金的支付比例是 {texts[0]}。"
    elif any(one.raw is None for one in found):
        lead = f"比例分段计算，还要看{_depends(law, asker)}，见下面的规定。"
    else:
        lead = f"比例看您{_depends(law, asker)}，有 {'、'.join(texts)}几档。"
    changed = next((one for one in found if one.before), None)
    if changed is not None:
        lead += f"现行比例自 {changed.since} 起执行。"
    return Answer(
        lead=lead + "比例只用于政策范围内、超过起付标准的部分，不是整张发票。",
        facts=_who(asker),
        figures=tuple(found),
        links=(("portal.settlements", "看每一次结算是怎么算的"), ("portal.estimate", "算一算这次要花多少")),
    )


def _deductible(law: Law, asker: Asker) -> Answer:
    each = next((found for key in DEDUCTIBLES if (found := _of(law, asker, key))), ())
    stop, paid = _one(law, asker, "deductible.year_stop"), asker.deductible_fen
    yearly = _of(law, asker, "deductible.per_year")
    limit = stop if stop is not None and stop.raw is not None else _only(yearly)
    given = each + ((stop,) if stop is not None else ()) + yearly
    bars: tuple[Bar, ...] = ()
    if not given:
        lead = UNSTATED.format("起付标准")
    elif all(one.raw is None for one in given):
        lead = "参保地不设起付标准，政策范围内的费用直接按比例报销。"
    elif limit is None or limit.raw is None or paid is None:
        lead = "起付标准按下面的规定扣除" + (
            f"；今年已经扣了 {format_yuan(paid)} 元。" if paid is not None else "。"
        )
    else:
        left = max(limit.raw - paid, 0)
        bars = (Bar(min(paid, limit.raw), limit.raw, "今年已扣的起付标准"),)
        lead = (
            f"今年已经扣了 {format_yuan(paid)} 元，还差 {format_yuan(left)} 元。扣满 {limit.text} 以后，今年不再扣起付标准。"
            if left
            else f"今年的起付标准已经扣满 {limit.text}，到年底都不再扣。"
        )
    return Answer(
        lead=lead,
        bars=bars,
        figures=given,
        facts=_who(asker),
        links=(("portal.settlements", "看今年每一次扣了多少"),),
    )


def _ceiling(law: Law, asker: Asker) -> Answer:
    years, paid = _of(law, asker, "ceiling.per_year"), asker.pool_fen
    limit = _only(years)
    shared = _one(law, asker, "ceiling.shared_with_pharmacy")
    others = tuple(one for key in CEILINGS for one in _of(law, asker, key) if one.raw is not None)
    given = (*years, *others, *((shared,) if shared is not None else ()))
    if limit is None or limit.raw is None or paid is None:
        return Answer(lead=_no_year(years, others, paid), figures=given, facts=_who(asker))
    left = max(limit.raw - paid, 0)
    besides = (
        f"同时受{'、'.join(dict.fromkeys(one.title for one in others))}的限制，见下面的规定。"
        if others
        else ""
    )
    unpaid = asker.refusal is not None and asker.refusal.code != "LAW_DRAFT"
    again = "现在统筹基金不付，恢复待遇以后最多还能付" if unpaid else "还能付"
    lead = (
        f"今年统筹基金已经为您付了 {format_yuan(paid)} 元，{again} {format_yuan(left)} 元，到年底有效，用不完不结转到明年。"
        if left
        else f"今年的限额 {limit.text} 已经用完，之后的普通门诊费用由个人账户或现金支付，明年 1 月 1 日重新计算。"
    )
    return Answer(
        lead=lead + besides, bars=(Bar(min(paid, limit.raw), limit.raw, "今年统筹基金已支付"),), figures=given, facts=_who(asker),
        links=(("portal.settlements", "看钱用在了哪里"),),
    )  # fmt: skip


def _no_year(years: tuple[Figure, ...], others: tuple[Figure, ...], paid_fen: int | None) -> str:
    """What is said where the year has no ceiling, where it depends on what is not known, or nobody in particular asks."""
    if any(one.raw is not None for one in years):
        return "参保地的年度最高支付限额见下面的规定。"
    paid = f"今年统筹基金已经为您付了 {format_yuan(paid_fen)} 元。" if paid_fen is not None else ""
    if others:
        names = "、".join(dict.fromkeys(one.title for one in others))
        return f"参保地没有年度最高支付限额，按{names}计算，见下面的规定。{paid}"
    return f"参保地不设最高支付限额。{paid}" if years else UNSTATED.format("最高支付限额") + paid


def _place(law: Law, asker: Asker) -> Answer:
    return Answer(
        lead="统筹基金只在门诊统筹定点机构支付：不是定点、没有开通门诊统筹、在药店没有医院的处方、没有出示医保凭证的，都不付。在下面查一家机构，看它今天的情况。",
        rules=refusing(law, asker.region, asker.on, AT_A_PLACE),
        links=(("portal.collect", "附近可以报销的药店"),),
    )


def _arrears(law: Law, asker: Asker) -> Answer:
    lead = (
        f"您今天在定点机构就医，统筹基金不付：{refusal_sentence(asker.refusal)}。"
        if asker.refusal is not None
        else "您的参保状态正常，今天在门诊统筹定点机构就医可以报销。欠费、等待期内的费用统筹基金不付，个人账户里的钱仍可以用。"
    )
    months = _one(law, asker, "arrears.retroactive_months")
    return Answer(
        lead=lead,
        facts=_who(asker),
        figures=(months,) if months is not None else (),
        rules=refusing(law, asker.region, asker.on, OF_A_PERSON),
    )


def _prepay(law: Law, asker: Asker) -> Answer:
    drug = _one(law, asker, "prepay.b_drug")
    others = tuple(
        one for key in ("prepay.a", "prepay.b_consumable", "prepay.b_service") if (one := _one(law, asker, key)) is not None
    )  # fmt: skip
    lead = "医保目录里的药分甲类、乙类：甲类全部进入报销计算，乙类先由个人负担一部分，剩下的再按比例报销。"
    if drug is not None:
        lead += f"现在乙类药品先行自付 {drug.text}"
        lead += f"，{drug.since} 以前是 {drug.before}。" if drug.before else "。"
    given = ((drug,) if drug is not None else ()) + others
    return Answer(
        lead=lead, figures=given, rules=rules_of(law, ("SX2022-27.art20.c",), asker.region, asker.on)
    )


RATE = Question("rate", "为什么我的报销比例是这么多？", _rate, _rate_title, "报销比例 支付比例 报多少 百分之")
QUESTIONS = (
    RATE,
    Question("deductible", "起付线还差多少？", _deductible, words="起付标准 门槛费"),
    Question("ceiling", "今年还能报多少？", _ceiling, words="限额 封顶 额度 还剩 最多"),
    Question("place", "为什么这家药店（医院）不能报？", _place, words="药店 定点 不能报 没开通"),
    Question("arrears", "断缴、欠费了还能报吗？", _arrears, words="欠费 断缴 等待期 停保"),
    Question("prepay", "为什么有的药要先自付一部分？", _prepay, words="乙类 甲类 先行自付"),
)
