"""Addresses of the cashier of a clinic or hospital."""

from typing import Final

from django.urls import URLPattern, URLResolver, path

from gongji.desk.cashier import views

__all__ = ["CASHIER"]

CASHIER: Final[list[URLPattern | URLResolver]] = [
    path("cashier", views.cashier, name="desk.cashier"),
    path("cashier/settle", views.settle, name="desk.cashier_settle"),
]
