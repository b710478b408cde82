"""Addresses of the workbench and of an institution's management."""

from typing import Final

from django.urls import URLPattern, URLResolver, path

from gongji.desk import (
    home,
    manager_agreement,
    manager_agreement_forms,
    manager_agreement_report,
    manager_balance,
    manager_departments,
    manager_items,
    manager_items_import,
    manager_keys,
    manager_months,
    manager_staff,
    manager_staff_forms,
    manager_stock,
    manager_stock_add,
    manager_stock_import,
)

__all__ = ["MANAGER"]

MANAGER: Final[list[URLPattern | URLResolver]] = [
    path("", home.home, name="desk.home"),
    path("staff", manager_staff.register, name="desk.staff"),
    path("staff/enter", manager_staff_forms.enter, name="desk.staff.enter"),
    path("staff/<str:staff_code>", manager_staff.person, name="desk.staff.one"),
    path("staff/<str:staff_code>/change", manager_staff_forms.change, name="desk.staff.change"),
    path("staff/<str:staff_code>/leave", manager_staff_forms.leave, name="desk.staff.leave"),
    path("departments", manager_departments.register, name="desk.departments"),
    path("departments/open", manager_departments.start, name="desk.departments.open"),
    path("departments/<str:dept_code>/change", manager_departments.change, name="desk.departments.change"),
    path("departments/<str:dept_code>/close", manager_departments.close, name="desk.departments.close"),
    path("items", manager_items.register, name="desk.items"),
    path("items/map", manager_items.map_item, name="desk.items.map"),
    path("items/withdraw", manager_items.withdraw, name="desk.items.withdraw"),
    path("items/import", manager_items_import.load, name="desk.items.import"),
    path("stock", manager_stock.shelf, name="desk.stock"),
    path("stock/moves", manager_stock.moves, name="desk.stock.moves"),
    path("stock/add", manager_stock_add.add, name="desk.stock.add"),
    path("stock/delete", manager_stock_add.delete, name="desk.stock.delete"),
    path("stock/import", manager_stock_import.load, name="desk.stock.import"),
    path("stock/balance", manager_balance.balanced, name="desk.stock.balance"),
    path("stock/trace", manager_balance.trace, name="desk.stock.trace"),
    path("agreement", manager_agreement.agreement, name="desk.agreement"),
    path("agreement/apply/<str:layer>", manager_agreement_forms.apply, name="desk.agreement.apply"),
    path("agreement/report", manager_agreement_report.report, name="desk.agreement.report"),
    path("agreement/<int:number>", manager_agreement.dossier, name="desk.agreement.dossier"),
    path("agreement/<int:number>/<str:action>", manager_agreement_forms.step, name="desk.agreement.step"),
    path("keys", manager_keys.keys, name="desk.keys"),
    path("months", manager_months.months, name="desk.months"),
]
