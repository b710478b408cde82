"""The matrix as a page of the documentation: who may do what, and on whose data."""

from collections.abc import Iterator
from typing import Final

from gongji.access.matrix import OPERATIONS, Operation
from gongji.access.roles import ROLES

__all__ = ["MARK", "matrix_text"]

MARK: Final = "<!-- written by `gongji access matrix --into docs/access.md` -->"
PARTS: Final = {
    "web": "登录与公共页面",
    "account": "自己的账号",
    "law": "政策",
    "portal": "参保人",
    "desk": "医药机构工作站",
    "console": "经办与管理",
}
SCOPES: Final = {
    "public": "不需要登录",
    "anybody": "自己的账号",
    "own person": "本人",
    "own institution": "本机构",
    "own area": "本统筹区及下级",
    "platform": "平台",
}


def matrix_text() -> str:
    """Roles, then the operations of each part with the roles that may do them."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield f"{len(ROLES)} 个角色，{len(OPERATIONS)} 个操作。"
    yield ""
    yield "| 角色 | 代码 | 绑定 | 动态验证码 | 操作数 |"
    yield "|---|---|---|---|---|"
    bound = {"person": "本人", "institution": "一个机构", "area": "一个统筹区", "platform": "平台"}
    for code, role in ROLES.items():
        count = sum(code in operation.roles for operation in OPERATIONS.values())
        yield f"| {role.name} | `{code}` | {bound[role.binding]} | {'要' if role.second_factor else ''} | {count} |"
    for part in dict.fromkeys([*PARTS, *(code.split(".")[0] for code in OPERATIONS)]):
        found = sorted(
            (operation for code, operation in OPERATIONS.items() if code.split(".")[0] == part),
            key=lambda operation: operation.code,
        )
        if found:
            yield from ("", f"### {PARTS.get(part, part)}", "")
            yield "| 操作 | 代码 | 针对 | 角色 | 显示个人信息 | 有写入 |"
            yield "|---|---|---|---|---|---|"
            yield from (_row(operation) for operation in found)


def _row(operation: Operation) -> str:
    who = "、".join(role.name for code, role in ROLES.items() if code in operation.roles)
    if operation.roles == frozenset(ROLES):
        who = "所有角色"
    cells = (
        operation.name,
        f"`{operation.code}`",
        SCOPES[operation.scope],
        who or "所有人",
        "是" if operation.shows else "",
        "是" if operation.changes else "",
    )
    return f"| {' | '.join(cells)} |"
