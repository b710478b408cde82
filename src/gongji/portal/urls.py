"""Addresses of the portal."""

from django.urls import URLPattern, URLResolver, path

from gongji.portal import account, collect, home, prescriptions, settlements

_CARE: list[URLPattern | URLResolver] = [
    path("collect", collect.collect, name="portal.collect"),
    path("prescriptions", prescriptions.listing, name="portal.prescriptions"),
    path("prescriptions/<str:rx_no>", prescriptions.one, name="portal.prescription"),
    path("prescriptions/<str:rx_no>/code", prescriptions.code, name="portal.prescription_code"),
]

_MONEY: list[URLPattern | URLResolver] = [
    path("", home.home, name="portal.home"),
    path("account", account.account, name="portal.account"),
    path("account/statement.csv", account.account_csv, name="portal.account_csv"),
    path("settlements", settlements.settlements, name="portal.settlements"),
    path("settlements/<int:number>", settlements.one, name="portal.settlement"),
]

urlpatterns: list[URLPattern | URLResolver] = [*_CARE, *_MONEY]
