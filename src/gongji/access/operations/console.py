"""Operations of the console."""

from typing import Final

from gongji.access.operations.shape import Operation
from gongji.access.roles import SEPARATE, STAFF_OF_AGENCY

# complaints and reports (投诉举报)
_INSPECTOR: Final = frozenset({"inspector"})
_COMPLAINTS: Final = (
    Operation(
        code="console.complaint",
        name="投诉举报办理",
        scope="own area",
        roles=_INSPECTOR,
        shows=True,
        changes=True,
    ),
    Operation(code="console.complaints", name="投诉举报", scope="own area", roles=_INSPECTOR),
)

# manual claims (零星报销): received, reviewed and reviewed again by different persons, which the claims room sees to
_CLAIM_DESK: Final = frozenset({"clerk", "first_review", "second_review"})
_CLAIMS: Final = (
    Operation(code="console.claim", name="零星报销详情", scope="own area", roles=_CLAIM_DESK, shows=True),
    Operation(
        code="console.claim_file", name="零星报销材料", scope="own area", roles=_CLAIM_DESK, shows=True
    ),
    Operation(
        code="console.claim_first",
        name="零星报销初审",
        scope="own area",
        roles=frozenset({"first_review"}),
        shows=True,
        changes=True,
    ),
    Operation(
        code="console.claim_second",
        name="零星报销复审",
        scope="own area",
        roles=frozenset({"second_review"}),
        shows=True,
        changes=True,
    ),
    Operation(code="console.claims", name="零星报销", scope="own area", roles=_CLAIM_DESK),
)

# family mutual aid (家庭共济): who applied is another one than who decides
_REVIEWERS: Final = frozenset({"first_review", "second_review"})
_FAMILY: Final = (
    Operation(
        code="console.binding",
        name="家庭共济申请复核",
        scope="own area",
        roles=_REVIEWERS,
        shows=True,
        changes=True,
    ),
    Operation(code="console.bindings", name="家庭共济申请", scope="own area", roles=_REVIEWERS),
)

# the three officers: accounts by four eyes, the log by a third
_SYSTEM: Final = frozenset({"system_officer"})
_SECURITY: Final = frozenset({"security_officer"})
_AUDIT: Final = frozenset({"audit_officer"})
_OFFICERS: Final = (
    Operation(code="console.accesses", name="个人信息查看记录", scope="platform", roles=_AUDIT),
    Operation(code="console.accesses_csv", name="导出查看记录", scope="platform", roles=_AUDIT),
    Operation(code="console.account", name="账号", scope="platform", roles=_SYSTEM | _SECURITY),
    Operation(
        code="console.account_factor", name="重置动态验证码", scope="platform", roles=_SECURITY, changes=True
    ),
    Operation(code="console.account_new", name="建立账号", scope="platform", roles=_SYSTEM, changes=True),
    Operation(
        code="console.account_password", name="重置密码", scope="platform", roles=_SYSTEM, changes=True
    ),
    Operation(
        code="console.account_role_give", name="授予角色", scope="platform", roles=_SECURITY, changes=True
    ),
    Operation(
        code="console.account_role_take", name="收回角色", scope="platform", roles=_SECURITY, changes=True
    ),
    Operation(
        code="console.account_state", name="锁定和解锁账号", scope="platform", roles=_SYSTEM, changes=True
    ),
    Operation(code="console.accounts", name="账号管理", scope="platform", roles=_SYSTEM | _SECURITY),
    Operation(code="console.events", name="安全事件", scope="platform", roles=_AUDIT),
    Operation(code="console.events_csv", name="导出安全事件", scope="platform", roles=_AUDIT),
)

OPERATIONS: Final[tuple[Operation, ...]] = (
    Operation(
        code="console.home", name="工作台", scope="own area", roles=frozenset(STAFF_OF_AGENCY | SEPARATE)
    ),
    *_CLAIMS,
    *_COMPLAINTS,
    *_FAMILY,
    *_OFFICERS,
)
