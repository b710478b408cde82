"""Access (身份与权限): accounts, the roles they hold and for whom, and the one table of who may do what."""

from gongji.access.matrix import OPERATIONS, Operation, permitted
from gongji.access.roles import ROLES, Role, may_combine
from gongji.access.visitor import Visitor

__all__ = ["OPERATIONS", "ROLES", "Operation", "Role", "Visitor", "may_combine", "permitted"]
