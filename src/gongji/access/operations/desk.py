"""Operations of the desk."""

from typing import Final

from gongji.access.operations import desk_manager
from gongji.access.operations.shape import Operation

COUNTER: Final = frozenset({"cashier"})
PHARMACIST: Final = frozenset({"pharmacist"})
DOCTOR: Final = frozenset({"doctor"})

# 收费台、药店收银台、日结
TILL: Final[tuple[Operation, ...]] = (
    Operation(
        code="desk.cashier", name="收费台", scope="own institution", roles=COUNTER, shows=True, changes=True
    ),
    Operation(
        code="desk.cashier_settle", name="收费结算", scope="own institution", roles=COUNTER, changes=True
    ),
    Operation(code="desk.closing", name="日结", scope="own institution", roles=COUNTER, changes=True),
    Operation(code="desk.day", name="当日交易", scope="own institution", roles=COUNTER),
    Operation(
        code="desk.lost",
        name="没有回音的结算",
        scope="own institution",
        roles=COUNTER,
        shows=True,
        changes=True,
    ),
    Operation(code="desk.receipt", name="打印结算单", scope="own institution", roles=COUNTER, shows=True),
    Operation(code="desk.reconcile", name="对账", scope="own institution", roles=COUNTER),
    Operation(
        code="desk.refund", name="退费", scope="own institution", roles=COUNTER, shows=True, changes=True
    ),
    Operation(
        code="desk.till_reviews",
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
    Operation(code="desk.till_state", name="审方进度", scope="own institution", roles=COUNTER),
    Operation(code="desk.till_settle", name="药店结算", scope="own institution", roles=COUNTER, changes=True),
)

# 医生站、院内审方
STATION: Final[tuple[Operation, ...]] = (
    Operation(code="desk.doctor", name="医生站", scope="own institution", roles=DOCTOR),
    Operation(
        code="desk.doctor.add", name="开医嘱", scope="own institution", roles=DOCTOR, shows=True, changes=True
    ),
    Operation(
        code="desk.doctor.again",
        name="照上次开",
        scope="own institution",
        roles=DOCTOR,
        shows=True,
        changes=True,
    ),
    Operation(
        code="desk.doctor.answer",
        name="答复院内审方",
        scope="own institution",
        roles=DOCTOR,
        shows=True,
        changes=True,
    ),
    Operation(
        code="desk.doctor.cancel",
        name="撤销就诊",
        scope="own institution",
        roles=DOCTOR,
        shows=True,
        changes=True,
    ),
    Operation(
        code="desk.doctor.charge",
        name="送收费台",
        scope="own institution",
        roles=DOCTOR,
        shows=True,
        changes=True,
    ),
    Operation(code="desk.doctor.check", name="医嘱校验", scope="own institution", roles=DOCTOR),
    Operation(
        code="desk.doctor.confirm",
        name="确认退回处方",
        scope="own institution",
        roles=DOCTOR,
        shows=True,
        changes=True,
    ),
    Operation(code="desk.doctor.drop", name="删除医嘱", scope="own institution", roles=DOCTOR, changes=True),
    Operation(code="desk.doctor.find", name="检索目录", scope="own institution", roles=DOCTOR, shows=True),
    Operation(
        code="desk.doctor.identify", name="核验参保人", scope="own institution", roles=DOCTOR, shows=True
    ),
    Operation(
        code="desk.doctor.issue",
        name="开具处方",
        scope="own institution",
        roles=DOCTOR,
        shows=True,
        changes=True,
    ),
    Operation(code="desk.doctor.open", name="登记就诊", scope="own institution", roles=DOCTOR, changes=True),
    Operation(code="desk.doctor.order", name="填写医嘱", scope="own institution", roles=DOCTOR, shows=True),
    Operation(code="desk.doctor.paper", name="处方笺", scope="own institution", roles=DOCTOR, shows=True),
    Operation(code="desk.doctor.rx", name="处方详情", scope="own institution", roles=DOCTOR, shows=True),
    Operation(
        code="desk.doctor.seen",
        name="病情与诊断",
        scope="own institution",
        roles=DOCTOR,
        shows=True,
        changes=True,
    ),
    Operation(
        code="desk.doctor.sign",
        name="补签处方",
        scope="own institution",
        roles=DOCTOR,
        shows=True,
        changes=True,
    ),
    Operation(
        code="desk.doctor.terms",
        name="处方条款",
        scope="own institution",
        roles=DOCTOR,
        shows=True,
        changes=True,
    ),
    Operation(
        code="desk.doctor.uncharge",
        name="撤回收费",
        scope="own institution",
        roles=DOCTOR,
        shows=True,
        changes=True,
    ),
    Operation(code="desk.doctor.visit", name="就诊", scope="own institution", roles=DOCTOR, shows=True),
    Operation(
        code="desk.doctor.withdraw",
        name="撤销处方",
        scope="own institution",
        roles=DOCTOR,
        shows=True,
        changes=True,
    ),
    Operation(code="desk.review", name="院内审方", scope="own institution", roles=PHARMACIST),
    Operation(
        code="desk.review.paper", name="审方处方笺", scope="own institution", roles=PHARMACIST, shows=True
    ),
    Operation(
        code="desk.review.sheet",
        name="审核处方",
        scope="own institution",
        roles=PHARMACIST,
        shows=True,
        changes=True,
    ),
)

OPERATIONS: Final[tuple[Operation, ...]] = (*desk_manager.OPERATIONS, *TILL, *STATION)
