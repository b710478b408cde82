"""What stands before and beside the three parts: signing in, one's own account, the pages of help and style."""

from typing import Final

from gongji.access.operations.shape import Operation
from gongji.access.roles import MEMBER, ROLES

EVERYBODY: Final = frozenset(ROLES)
STAFF: Final = EVERYBODY - {MEMBER}
"""Everybody with a password: a member is vouched for elsewhere."""

OPERATIONS: Final = (
    # the law for everybody
    Operation(code="law.clause", name="政策条文", scope="public"),
    Operation(code="law.document", name="政策文件", scope="public"),
    Operation(code="law.home", name="政策问答", scope="public"),
    Operation(code="law.question", name="政策常见问题", scope="public"),
    Operation(code="law.standards", name="某日标准", scope="public"),
    # signing in
    Operation(code="web.sign_in", name="登录", scope="public"),
    Operation(code="web.sign_in_code", name="登录：动态验证码", scope="public"),
    Operation(code="web.sign_in_factor", name="登录：设置动态验证码", scope="public"),
    Operation(code="web.sign_in_oidc", name="统一身份认证登录", scope="public"),
    Operation(code="web.sign_in_oidc_back", name="统一身份认证返回", scope="public"),
    Operation(code="web.sign_in_password", name="登录：设置新密码", scope="public"),
    Operation(code="web.sign_in_voucher", name="电子凭证登录（演示）", scope="public"),
    Operation(code="web.sign_out", name="退出登录", scope="anybody", roles=EVERYBODY, changes=True),
    # one's own account
    Operation(code="account.factor", name="更换动态验证码", scope="anybody", roles=STAFF, changes=True),
    Operation(code="account.home", name="我的账号", scope="anybody", roles=EVERYBODY),
    Operation(code="account.password", name="修改密码", scope="anybody", roles=STAFF, changes=True),
    Operation(
        code="account.session_end", name="结束自己的会话", scope="anybody", roles=EVERYBODY, changes=True
    ),
    # first page and pages about the pages
    Operation(code="web.front", name="首页", scope="public"),
    Operation(code="web.styleguide", name="界面规范", scope="public"),
    Operation(code="web.no_role", name="尚无角色", scope="anybody", roles=EVERYBODY),
)
