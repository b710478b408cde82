"""Whether what an institution states about itself can be true: codes, dates, classes. Pure; the first mistake is answered."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from gongji.base.reasons import Refusal
from gongji.base.regions import NATION, normalise_region
from gongji.policy import Law
from gongji.providers.dossier import CHANGES, Application, Bank, Personal, Profile
from gongji.providers.rules import CONDITIONS
from gongji.providers.values import PHARMACY

__all__ = ["INTERNET", "KINDS", "application_refusal", "bank_refusal"]

KINDS: Final = ("hospital", "clinic", PHARMACY, "internet")
INTERNET: Final = "internet"
CODE: Final = re.compile(r"[HP][0-9]{11}")
USCC: Final = re.compile(r"[0-9A-Z]{18}")
ACCOUNT: Final = re.compile(r"[0-9][0-9 -]{6,30}[0-9]")
LONGEST: Final = 200
TEXTS: Final = {
    "name": "名称",
    "hosp_lv": "医院等级代码",
    "address": "地址",
    "scope": "诊疗科目或经营范围",
    "class_document": "收费类别文件",
}


def application_refusal(
    law: Law, application: Application, personal: Personal, today: date
) -> Refusal | None:
    """The first statement that cannot be true."""
    one = application.profile
    if application.layer not in CONDITIONS:
        return Refusal("UNKNOWN_CODE", f"协议 {application.layer}，可用 {'、'.join(CONDITIONS)}")
    return (
        _profile(law, one)
        or _dates(application, today)
        or _layer(application)
        or _personal(application, personal)
    )


def _profile(law: Law, one: Profile) -> Refusal | None:
    if one.kind not in KINDS:
        return Refusal("UNKNOWN_CODE", f"机构类型 {one.kind}，可用 {'、'.join(KINDS)}")
    letter = "P" if one.kind == PHARMACY else "H"
    if CODE.fullmatch(one.code) is None or one.code[0] != letter:
        return Refusal("BAD_FIELD", f"定点医药机构编号 {one.code[:20]}，须为 {letter} 和 11 位数字")
    if USCC.fullmatch(one.uscc) is None:
        return Refusal("BAD_FIELD", "统一社会信用代码须为 18 位数字和大写字母")
    for name, title in TEXTS.items():
        text = getattr(one, name)
        if len(text) > LONGEST or not text.isprintable() or (name == "name" and not text.strip()):
            return Refusal("TEXT_INVALID", title)
    try:
        known = normalise_region(one.region) != NATION
    except ValueError:
        known = False
    if not known or isinstance(law.home(one.region), Refusal):
        return Refusal("REGION_UNKNOWN", one.region[:20])
    for field in ("fee_class", "level"):
        values = dict(law.library.vocabulary.attributes[field].values)
        given = getattr(one, field)
        if given and given not in values:
            return Refusal("UNKNOWN_CODE", f"{CHANGES[field]} {given[:20]}，可用 {'、'.join(values)}")
    if one.fee_class and not one.class_document.strip():
        return Refusal("MISSING_FIELD", "收费类别的批准文件（不由等级推定）")
    return None


def _dates(application: Application, today: date) -> Refusal | None:
    if application.received_on > today:
        return Refusal("SERVICE_IN_FUTURE", f"收到日期 {application.received_on}")
    if application.profile.opened_on > application.received_on:
        return Refusal("SERVICE_IN_FUTURE", f"开业日期 {application.profile.opened_on}")
    return None


def _layer(application: Application) -> Refusal | None:
    """An internet hospital has an agreement of its own kind, bound to a host; nobody else has one."""
    internet = application.profile.kind == INTERNET
    if internet != (application.layer == INTERNET):
        return Refusal("BAD_FIELD", "互联网医院签互联网医疗补充协议，其他机构先签医保定点协议")
    if internet and not application.host:
        return Refusal("MISSING_FIELD", "依托的实体医疗机构")
    if internet and CODE.fullmatch(application.host) is None:
        return Refusal("BAD_FIELD", "依托机构的编号")
    if not internet and application.host:
        return Refusal("BAD_FIELD", "只有互联网医院有依托机构")
    return None


def _personal(application: Application, personal: Personal) -> Refusal | None:
    if application.layer == "pooled":
        return None
    person = personal.representative
    if person is None or not person.name.strip() or not person.cert_no.strip():
        return Refusal("MISSING_FIELD", "法定代表人姓名和证件号码")
    return bank_refusal(personal.bank)


def bank_refusal(bank: Bank | None) -> Refusal | None:
    """An account to which money can be paid."""
    if bank is None or not bank.holder.strip() or not bank.bank.strip():
        return Refusal("MISSING_FIELD", "银行账户的户名和开户行")
    return None if ACCOUNT.fullmatch(bank.number) else Refusal("BAD_FIELD", "银行账号")
