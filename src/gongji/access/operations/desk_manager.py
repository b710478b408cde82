"""Operations of an institution's management (机构管理) and of everybody's workbench. Who looks is not always who changes."""

from typing import Final

from gongji.access.operations.shape import Operation
from gongji.access.roles import STAFF_OF_INSTITUTION

MANAGER: Final = frozenset({"manager"})
KEEPERS: Final = frozenset({"manager", "pharmacist"})
"""Who keeps the shelves."""
EVERYBODY: Final = STAFF_OF_INSTITUTION


def _operation(code: str, name: str, roles: frozenset[str], *, changes: bool = False) -> Operation:
    return Operation(code=code, name=name, scope="own institution", roles=roles, changes=changes)


OPERATIONS: Final[tuple[Operation, ...]] = (
    _operation("desk.home", "工作台", EVERYBODY),
    _operation("desk.staff", "医务人员", EVERYBODY),
    _operation("desk.staff.one", "医务人员详情", MANAGER),
    _operation("desk.staff.enter", "登记医务人员", MANAGER, changes=True),
    _operation("desk.staff.change", "变更医务人员", MANAGER, changes=True),
    _operation("desk.staff.leave", "医务人员离职", MANAGER, changes=True),
    _operation("desk.departments", "科室", EVERYBODY),
    _operation("desk.departments.open", "登记科室", MANAGER, changes=True),
    _operation("desk.departments.change", "变更科室", MANAGER, changes=True),
    _operation("desk.departments.close", "撤销科室", MANAGER, changes=True),
    _operation("desk.items", "目录对照", EVERYBODY),
    _operation("desk.items.map", "登记对照", MANAGER, changes=True),
    _operation("desk.items.withdraw", "撤销对照", MANAGER, changes=True),
    _operation("desk.items.import", "导入对照", MANAGER, changes=True),
    _operation("desk.stock", "库存", EVERYBODY),
    _operation("desk.stock.moves", "库存流水", KEEPERS),
    _operation("desk.stock.add", "登记库存", KEEPERS, changes=True),
    _operation("desk.stock.delete", "删除库存登记", MANAGER, changes=True),
    _operation("desk.stock.import", "导入库存", KEEPERS, changes=True),
    _operation("desk.stock.balance", "进销存平衡", KEEPERS),
    _operation("desk.stock.trace", "追溯码查询", EVERYBODY),
    _operation("desk.agreement", "协议状态", EVERYBODY),
    _operation("desk.agreement.dossier", "协议档案", MANAGER),
    _operation("desk.agreement.apply", "申请协议", MANAGER, changes=True),
    _operation("desk.agreement.report", "报告变更", MANAGER, changes=True),
    _operation("desk.agreement.step", "补正或撤回", MANAGER, changes=True),
    _operation("desk.keys", "接入密钥", MANAGER),
    _operation("desk.months", "月度合计", MANAGER),
)
