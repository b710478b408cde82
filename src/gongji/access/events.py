"""Events (安全事件): every sign-in, failure, lock, change of roles or password and end of a session is one fact."""

from datetime import datetime
from typing import Final

from gongji.base.sealing import Vault
from gongji.base.sqlfiles import Connection, sql

__all__ = ["ENDS", "KINDS", "guess_of", "record"]

EVENT = sql("gongji.access", "event")

KINDS: Final = {
    "tried": "尝试登录",
    "code_tried": "尝试动态验证码",
    "failed": "登录失败",
    "limited": "尝试过多被拒",
    "signed_in": "登录",
    "signed_out": "退出登录",
    "session_ended": "会话结束",
    "created": "建立账号",
    "locked": "锁定账号",
    "unlocked": "解锁账号",
    "granted": "授予角色",
    "withdrawn": "收回角色",
    "password_changed": "修改密码",
    "password_reset": "重置密码",
    "factor_set": "设置动态验证码",
    "factor_reset": "重置动态验证码",
    "log_read": "查阅日志",
}
"""Kind → Chinese name. Closed: an event of another kind is a bug."""

ENDS: Final = {
    "idle": "闲置超时",
    "longest": "达到最长时限",
    "changed": "账号的角色、密码或状态已变更",
    "unfinished": "登录没有完成",
    "crowded": "同时在线的会话过多",
    "owner": "本人结束",
}
"""Why a session ended, as ``detail`` keeps it."""


async def record(
    conn: Connection,
    kind: str,
    at: datetime,
    *,
    account: int | None = None,
    actor: str = "",
    guess: bytes | None = None,
    address: str = "",
    detail: str = "",
    reason: str = "",
) -> int:
    """Something of ``kind`` happened about the account; answers its number. Raises ValueError for a kind that does not exist."""
    if kind not in KINDS:
        raise ValueError(f"unknown kind of event {kind}")
    number: int = await conn.fetchval(EVENT, at, kind, account, actor, guess, address, detail, reason)
    return number


def guess_of(vault: Vault, typed: str) -> bytes:
    """The keyed digest by which tries at a name or voucher are counted, whoever has it."""
    return vault.index("signin", "".join(typed.split()).casefold())
