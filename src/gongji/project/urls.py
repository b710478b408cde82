"""Addresses of the web: the three parts and what they share."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("gongji.web.urls")),
    path("portal/", include("gongji.portal.urls")),
    path("desk/", include("gongji.desk.urls")),
    path("console/", include("gongji.console.urls")),
]

handler400 = "gongji.web.errors.bad_request"
handler403 = "gongji.web.errors.forbidden"
handler404 = "gongji.web.errors.not_found"
handler500 = "gongji.web.errors.server_error"
