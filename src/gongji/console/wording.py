"""Events and accesses in words: the same cells for the screen and for the file, so that an export is exactly what was seen."""

from gongji.access import OPERATIONS, ROLES
from gongji.access.events import ENDS, KINDS
from gongji.access.records import Event
from gongji.base.times import CHINA
from gongji.members.access import Access

__all__ = ["ACCESS_HEADS", "EVENT_HEADS", "WAYS", "access_row", "actor_text", "event_row", "purpose_text"]

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


def actor_text(actor: str) -> str:
    """Who acted, as kept with a fact, in words."""
    kind, _, who = actor.partition(":")
    if kind == "system":
        return ACTORS[kind]
    return f"{ACTORS.get(kind, kind)}{who}"


def event_row(event: Event) -> tuple[str, ...]:
    """The cells of an event."""
    detail = event.detail
    named = ROLES[detail].name if detail in ROLES else ENDS.get(detail) or WAYS.get(detail) or detail
    account = f"{event.name}（{event.username}）" if event.username else ""
    if event.username.startswith(OF_MEMBER):
        account = actor_text(event.username)
    return (
        str(event.number),
        f"{event.at.astimezone(CHINA):%Y-%m-%d %H:%M:%S}",
        KINDS.get(event.kind, event.kind),
        account,
        actor_text(event.actor),
        event.address,
        named,
        event.reason,
    )


def access_row(access: Access) -> tuple[str, ...]:
    """The cells of a look at somebody's data."""
    return (
        f"{access.accessed_at.astimezone(CHINA):%Y-%m-%d %H:%M:%S}",
        actor_text(str(access.actor)),
        access.psn_no,
        purpose_text(access.purpose),
        "、".join(FIELDS.get(field, field) for field in access.fields),
    )


def purpose_text(purpose: str) -> str:
    """Why somebody was shown personal data: the page's name with its code, the rest as it was written."""
    code, _, rest = purpose.partition(" ")
    operation = OPERATIONS.get(code)
    return f"{operation.name}（{code}）{rest}" if operation else purpose
