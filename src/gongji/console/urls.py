"""Addresses of the console."""

from django.urls import URLPattern, URLResolver, path

from gongji.console import accounts, audit, bindings, claims, complaints, home

OFFICERS: list[URLPattern | URLResolver] = [
    path("accesses", audit.accesses, name="console.accesses"),
    path("accesses.csv", audit.accesses_csv, name="console.accesses_csv"),
    path("accounts/", accounts.listing, name="console.accounts"),
    path("accounts/new", accounts.make, name="console.account_new"),
    path("accounts/<int:number>", accounts.one, name="console.account"),
    path("accounts/<int:number>/factor", accounts.reset_factor, name="console.account_factor"),
    path("accounts/<int:number>/password", accounts.reset_password, name="console.account_password"),
    path("accounts/<int:number>/roles", accounts.give_role, name="console.account_role_give"),
    path("accounts/<int:number>/roles/<slug:role>", accounts.take_role, name="console.account_role_take"),
    path("accounts/<int:number>/state", accounts.set_state, name="console.account_state"),
    path("events", audit.events_page, name="console.events"),
    path("events.csv", audit.events_csv, name="console.events_csv"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="console.home"),
    path("claims", claims.listing, name="console.claims"),
    path("claims/<str:number>", claims.one, name="console.claim"),
    path("claims/<str:number>/files/<str:file_no>", claims.file, name="console.claim_file"),
    path("claims/<str:number>/first", claims.first, name="console.claim_first"),
    path("claims/<str:number>/second", claims.second, name="console.claim_second"),
    path("complaints", complaints.listing, name="console.complaints"),
    path("complaints/<str:number>", complaints.one, name="console.complaint"),
    path("bindings", bindings.listing, name="console.bindings"),
    path("bindings/<str:number>", bindings.one, name="console.binding"),
    *OFFICERS,
]
