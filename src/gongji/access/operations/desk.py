"""Operations of the desk."""

from typing import Final

from gongji.access.operations.shape import Operation

COUNTER: Final = frozenset({"cashier"})
PHARMACIST: Final = frozenset({"pharmacist"})

# 收费台、药店收银台、日结
TILL: Final[tuple[Operation, ...]] = (
    Operation(
        code="desk.reviews",
        name="待审方",
        scope="own institution",
        roles=PHARMACIST,
        shows=True,
        changes=False,
    ),
    Operation(code="desk.sold", name="结算结果", scope="own institution", roles=COUNTER, shows=True),
    Operation(code="desk.sold_again", name="补办发药", scope="own institution", roles=COUNTER, changes=True),
    Operation(
        code="desk.till", name="药店收银台", scope="own institution", roles=COUNTER, shows=True, changes=True
    ),
    Operation(
        code="desk.till_review", name="药师审方", scope="own institution", roles=PHARMACIST, changes=True
    ),
    Operation(code="desk.till_settle", name="药店结算", scope="own institution", roles=COUNTER, changes=True),
)

OPERATIONS: Final[tuple[Operation, ...]] = (*TILL,)
