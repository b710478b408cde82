"""Addresses of the web: the three parts and what they share."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("gongji.web.urls")),
    path("portal/", include("gongji.portal.urls")),
    path("desk/", include("gongji.desk.urls")),
    path("console/", include("gongji.console.urls")),
]
