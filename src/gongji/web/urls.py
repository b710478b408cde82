"""Addresses before and beside the three parts."""

from django.urls import path

from gongji.web import front

urlpatterns = [
    path("", front.front, name="web.front"),
    path("no-role", front.no_role, name="web.no_role"),
    path("styleguide", front.styleguide, name="web.styleguide"),
    path("signin", front.front, name="web.sign_in"),
]
