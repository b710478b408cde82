"""Addresses of the Django side; the rooms of the web add theirs when they arrive."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
