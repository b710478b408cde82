"""Addresses of the console."""

from django.urls import URLPattern, URLResolver, path

from gongji.console import home

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="console.home"),
]
