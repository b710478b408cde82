"""Addresses of the portal."""

from django.urls import URLPattern, URLResolver, path

from gongji.portal import (
    account,
    collect,
    estimate,
    family,
    family_apply,
    home,
    prescriptions,
    settlements,
)

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
    path("estimate", estimate.where, name="portal.estimate"),
    path("estimate/goods", estimate.goods, name="portal.estimate_goods"),
    path("estimate/result", estimate.result, name="portal.estimate_result"),
    path("family", family.family, name="portal.family"),
    path("family/apply", family_apply.apply, name="portal.family_apply"),
    path("family/applications/<int:number>", family_apply.application, name="portal.family_application"),
    path("family/applications/<int:number>/withdraw", family.withdraw, name="portal.family_withdraw"),
    path("family/order", family.order, name="portal.family_order"),
    path("family/users/<str:key>", family.user, name="portal.family_user"),
    path("family/users/<str:key>/limit", family.limit, name="portal.family_limit"),
    path("family/users/<str:key>/revoke", family.revoke, name="portal.family_revoke"),
    path("settlements", settlements.settlements, name="portal.settlements"),
    path("settlements/<int:number>", settlements.one, name="portal.settlement"),
    path("settlements/<int:number>/print", settlements.receipt, name="portal.receipt"),
]

urlpatterns: list[URLPattern | URLResolver] = [*_CARE, *_MONEY]
