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

OPERATIONS: Final[tuple[Operation, ...]] = (
    Operation(
        code="console.home", name="工作台", scope="own area", roles=frozenset(STAFF_OF_AGENCY | SEPARATE)
    ),
    *_COMPLAINTS,
)
