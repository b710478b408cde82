"""Events and accesses in words: the same cells for the screen and for the file, so that an export is exactly what was seen."""

from collections.abc import Callable

from gongji.access import OPERATIONS, ROLES
from gongji.access.events import ENDS, KINDS
from gongji.access.records import Event
from gongji.base.times import CHINA
from gongji.gateway.trades import TRADES
from gongji.members.access import Access
from gongji.web.pages import Page

__all__ = [
    "ACCESS_HEADS",
    "EVENT_HEADS",
    "WAYS",
    "access_row",
    "actor_text",
    "event_row",
    "name_of",
    "purpose_text",
]

EVENT_HEADS = ("编号", "时间", "事件", "账号", "办理人", "来源地址", "内容", "事由")
ACCESS_HEADS = ("时间", "查看人", "人员编号", "事由", "看到的内容")
FIELDS = {
    "psn_name": "姓名",
    "certno": "证件号码",
    "gend": "性别",
    "brdy": "出生日期",
    "tel": "电话",
    "mob": "手机",
    "addr": "地址",
    "phone": "电话",
    "name": "姓名",
    "cert_no": "证件号码",
    "born_on": "出生日期",
    "setlinfo": "结算信息",
    "setldetail": "基金分项",
    "feedetail": "费用明细",
    "insuinfo": "参保信息",
    "baseinfo": "基本信息",
    "account": "个人账户",
    "family": "家庭共济",
    "payee": "收款账户",
    "bank_account": "收款账户",
    "history": "就诊历史",
    "relation": "参保关系",
    "rxDetlList": "处方药品",
    "rxdetllist": "处方药品",
    "rxDiseList": "处方诊断",
    "rxOtpinfo": "就诊信息",
    "rxotpinfo": "就诊信息",
    "rxChkInfo": "审方信息",
    "rxSetlInfo": "处方结算信息",
    "seltdelts": "购药明细",
    "hiRxno": "处方编号",
    "mdtrtinfo": "就诊信息",
    "trtinfo": "待遇信息",
    "diseinfo": "诊断信息",
    "cuminfo": "年度累计",
    "insutype": "险种",
    "refmedin": "转诊信息",
    "psnfixmedin": "定点信息",
    "ipt_otp_no": "门诊号",
    "contributions": "缴费记录",
    "declaration": "申报",
    "dossier": "档案",
    "complaint": "投诉举报内容",
    "claim": "报销申请",
    "claim_file": "报销材料",
}
"""Names of the interface's commonest fields; others stand as the interface writes them."""
ACTORS = {"agency": "", "institution": "机构 ", "member": "参保人 ", "system": "系统"}
OF_MEMBER = "member:"
"""How the user names of members' accounts begin: in lists they stand without the person's name."""
WAYS = {
    "password": "密码",
    "voucher": "电子凭证",
    "code": "动态验证码",
    "factor": "动态验证码",
    "oidc": "统一身份认证",
    "guess": "登录名或凭证的次数",
    "address": "网络地址的次数",
}


def nameless(_: str) -> str:
    """For whoever knows no institution by name."""
    return ""


def name_of(page: Page) -> Callable[[str], str]:
    """Names of institutions by their numbers, as this worker knows them."""
    return lambda code: place.name if (place := page.platform.provider(code)) is not None else ""


def actor_text(actor: str, name: Callable[[str], str] = nameless) -> str:
    """Who acted, as kept with a fact, in words; ``name`` knows institutions by their numbers."""
    kind, _, who = actor.partition(":")
    if kind == "system":
        return ACTORS[kind]
    if kind == "institution" and (place := name(who.partition("/")[0])):
        return f"{place} {who}"
    return f"{ACTORS.get(kind, kind)}{who}"


def event_row(event: Event, name: Callable[[str], str] = nameless) -> tuple[str, ...]:
    """The cells of an event."""
    account = f"{event.name}（{event.username}）" if event.username else ""
    if event.username.startswith(OF_MEMBER):
        account = actor_text(event.username)
    return (
        str(event.number),
        f"{event.at.astimezone(CHINA):%Y-%m-%d %H:%M:%S}",
        KINDS.get(event.kind, event.kind),
        account,
        actor_text(event.actor, name),
        event.address,
        _detail(event.detail),
        event.reason,
    )


def _detail(detail: str) -> str:
    """The role, the way of signing in, why a session ended, which log was read: by its name."""
    if detail in ROLES:
        return ROLES[detail].name
    if detail in OPERATIONS:
        return OPERATIONS[detail].name
    way, _, reason = detail.partition(" ")
    return ENDS.get(detail) or " ".join(part for part in (WAYS.get(way, way), reason) if part)


def access_row(access: Access, name: Callable[[str], str] = nameless) -> tuple[str, ...]:
    """The cells of a look at somebody's data."""
    return (
        f"{access.accessed_at.astimezone(CHINA):%Y-%m-%d %H:%M:%S}",
        actor_text(str(access.actor), name),
        access.psn_no,
        purpose_text(access.purpose),
        "、".join(dict.fromkeys(FIELDS.get(field, field) for field in access.fields)),
    )


def purpose_text(purpose: str) -> str:
    """Why somebody was shown personal data: the name of the page or trade with its code, the rest as it was written."""
    code, _, rest = purpose.partition(" ")
    known = OPERATIONS.get(code) or TRADES.get(code)
    return f"{known.name}（{code}）{rest}" if known else purpose
