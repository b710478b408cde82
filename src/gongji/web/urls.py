"""Addresses before and beside the three parts."""

from django.urls import path

from gongji.web import account, front, law, signin, signin_oidc, signin_steps, styleguide

urlpatterns = [
    path("", front.front, name="web.front"),
    path("no-role", front.no_role, name="web.no_role"),
    path("law", law.home, name="law.home"),
    path("law/standards", law.standards, name="law.standards"),
    path("law/documents/<str:document>", law.document, name="law.document"),
    path("law/questions/<str:code>", law.question, name="law.question"),
    path("law/<str:clause>", law.clause, name="law.clause"),
    path("styleguide", styleguide.styleguide, name="web.styleguide"),
    path("signin", signin.sign_in, name="web.sign_in"),
    path("signin/code", signin_steps.sign_in_code, name="web.sign_in_code"),
    path("signin/factor", signin_steps.sign_in_factor, name="web.sign_in_factor"),
    path("signin/oidc", signin_oidc.sign_in_oidc, name="web.sign_in_oidc"),
    path("signin/oidc/back", signin_oidc.sign_in_oidc_back, name="web.sign_in_oidc_back"),
    path("signin/password", signin_steps.sign_in_password, name="web.sign_in_password"),
    path("signin/voucher", signin.sign_in_voucher, name="web.sign_in_voucher"),
    path("signout", signin.sign_out, name="web.sign_out"),
    path("account/", account.home, name="account.home"),
    path("account/factor", account.change_factor, name="account.factor"),
    path("account/password", account.change_password, name="account.password"),
    path("account/sessions/<slug:handle>", account.end_session, name="account.session_end"),
]
