"""Addresses of an institution's management."""

from typing import Final

from django.urls import URLPattern, URLResolver, path

from gongji.desk.manager import (
    agreement,
    agreement_forms,
    agreement_report,
    balance,
    departments,
    items,
    items_import,
    keys,
    months,
    staff,
    staff_forms,
    stock,
    stock_add,
    stock_import,
)

__all__ = ["MANAGER"]

MANAGER: Final[list[URLPattern | URLResolver]] = [
    path("staff", staff.register, name="desk.staff"),
    path("staff/enter", staff_forms.enter, name="desk.staff.enter"),
    path("staff/<str:staff_code>", staff.person, name="desk.staff.one"),
    path("staff/<str:staff_code>/change", staff_forms.change, name="desk.staff.change"),
    path("staff/<str:staff_code>/leave", staff_forms.leave, name="desk.staff.leave"),
    path("departments", departments.register, name="desk.departments"),
    path("departments/open", departments.start, name="desk.departments.open"),
    path("departments/<str:dept_code>/change", departments.change, name="desk.departments.change"),
    path("departments/<str:dept_code>/close", departments.close, name="desk.departments.close"),
    path("items", items.register, name="desk.items"),
    path("items/map", items.map_item, name="desk.items.map"),
    path("items/withdraw", items.withdraw, name="desk.items.withdraw"),
    path("items/import", items_import.load, name="desk.items.import"),
    path("stock", stock.shelf, name="desk.stock"),
    path("stock/moves", stock.moves, name="desk.stock.moves"),
    path("stock/add", stock_add.add, name="desk.stock.add"),
    path("stock/delete", stock_add.delete, name="desk.stock.delete"),
    path("stock/import", stock_import.load, name="desk.stock.import"),
    path("stock/balance", balance.balanced, name="desk.stock.balance"),
    path("stock/trace", balance.trace, name="desk.stock.trace"),
    path("agreement", agreement.agreement, name="desk.agreement"),
    path("agreement/apply/<str:layer>", agreement_forms.apply, name="desk.agreement.apply"),
    path("agreement/report", agreement_report.report, name="desk.agreement.report"),
    path("agreement/<int:number>", agreement.dossier, name="desk.agreement.dossier"),
    path("agreement/<int:number>/<str:action>", agreement_forms.step, name="desk.agreement.step"),
    path("keys", keys.keys, name="desk.keys"),
    path("months", months.months, name="desk.months"),
]
