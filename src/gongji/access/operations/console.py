"""Operations of the console."""

from typing import Final

from gongji.access.operations.shape import Operation
from gongji.access.roles import SEPARATE, STAFF_OF_AGENCY

OPERATIONS: Final[tuple[Operation, ...]] = (
    Operation(
        code="console.home", name="工作台", scope="own area", roles=frozenset(STAFF_OF_AGENCY | SEPARATE)
    ),
)
