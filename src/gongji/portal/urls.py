"""Addresses of the portal."""

from django.urls import URLPattern, URLResolver, path

from gongji.portal import (
    account,
    claim_apply,
    claims,
    collect,
    complaints,
    estimate,
    family,
    family_apply,
    filing,
    home,
    prescriptions,
    questions,
    reports,
    settlements,
)

_CARE: list[URLPattern | URLResolver] = [
    path("claims", claims.listing, name="portal.claims"),
    path("claims/apply", claim_apply.apply, name="portal.claim_apply"),
    path("claims/apply/<str:draft>/<str:file_no>", claim_apply.draft_file, name="portal.claim_draft_file"),
    path("claims/<str:number>", claims.one, name="portal.claim"),
    path("claims/<str:number>/files/<str:file_no>", claims.file, name="portal.claim_file"),
    path("claims/<str:number>/supplement", claims.supplement, name="portal.claim_supplement"),
    path("claims/<str:number>/withdraw", claims.withdraw, name="portal.claim_withdraw"),
    path("collect", collect.collect, name="portal.collect"),
    path("complaints", complaints.listing, name="portal.complaints"),
    path("complaints/new", complaints.new, name="portal.complaint_new"),
    path("complaints/<str:number>", complaints.one, name="portal.complaint"),
    path("complaints/<str:number>/step", complaints.step, name="portal.complaint_step"),
    path("filing", filing.filing, name="portal.filing"),
    path("filing/apply", filing.apply, name="portal.filing_apply"),
    path("filing/applications/<str:number>/withdraw", filing.withdraw, name="portal.filing_withdraw"),
    path("filing/<str:number>/cancel", filing.cancel, name="portal.filing_cancel"),
    path("prescriptions", prescriptions.listing, name="portal.prescriptions"),
    path("prescriptions/<str:rx_no>", prescriptions.one, name="portal.prescription"),
    path("prescriptions/<str:rx_no>/code", prescriptions.code, name="portal.prescription_code"),
    path("questions", questions.listing, name="portal.questions"),
    path("questions/<str:code>", questions.one, name="portal.question"),
    path("report", reports.report, name="portal.report"),
    path("report/status", reports.status, name="portal.report_status"),
]

_MONEY: list[URLPattern | URLResolver] = [
    path("", home.home, name="portal.home"),
    path("account", account.account, name="portal.account"),
    path("account/statement.<str:form>", account.account_file, name="portal.account_file"),
    path("estimate", estimate.where, name="portal.estimate"),
    path("estimate/goods", estimate.goods, name="portal.estimate_goods"),
    path("estimate/result", estimate.result, name="portal.estimate_result"),
    path("family", family.family, name="portal.family"),
    path("family/apply", family_apply.apply, name="portal.family_apply"),
    path("family/applications/<str:number>", family_apply.application, name="portal.family_application"),
    path("family/applications/<str:number>/withdraw", family.withdraw, name="portal.family_withdraw"),
    path("family/order", family.order, name="portal.family_order"),
    path("family/users/<str:key>", family.user, name="portal.family_user"),
    path("family/users/<str:key>/limit", family.limit, name="portal.family_limit"),
    path("family/users/<str:key>/revoke", family.revoke, name="portal.family_revoke"),
    path("settlements", settlements.settlements, name="portal.settlements"),
    path("settlements/<int:number>", settlements.one, name="portal.settlement"),
    path("settlements/<int:number>/print", settlements.receipt, name="portal.receipt"),
]

urlpatterns: list[URLPattern | URLResolver] = [*_CARE, *_MONEY]
