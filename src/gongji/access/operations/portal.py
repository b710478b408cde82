"""Operations of the portal."""

from typing import Final

from gongji.access.operations.shape import Operation

OPERATIONS: Final[tuple[Operation, ...]] = ()
