"""What stands before and beside the three parts: signing in, one's own account, the pages of help and style."""

from typing import Final

from gongji.access.operations.shape import Operation
from gongji.access.roles import ROLES

EVERYBODY: Final = frozenset(ROLES)

OPERATIONS: Final = (
    Operation(code="web.front", name="首页", scope="public"),
    Operation(code="web.styleguide", name="界面规范", scope="public"),
    Operation(code="web.no_role", name="尚无角色", scope="anybody", roles=EVERYBODY),
)
