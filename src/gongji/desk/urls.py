"""Addresses of the desk: the workbench, and the addresses of each workstation."""

from django.urls import URLPattern, URLResolver, path

from gongji.desk import home, review_views
from gongji.desk.cashier.urls import CASHIER
from gongji.desk.day.urls import DAY
from gongji.desk.doctor.urls import STATION
from gongji.desk.manager.urls import MANAGER
from gongji.desk.till.urls import TILL

REVIEW: list[URLPattern | URLResolver] = [
    path("review", review_views.queue, name="desk.review"),
    path("review/<str:rx_no>", review_views.sheet, name="desk.review.sheet"),
    path("review/<str:rx_no>/paper", review_views.review_paper, name="desk.review.paper"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="desk.home"),
    *MANAGER, *STATION, *REVIEW, *CASHIER, *TILL, *DAY,
]  # fmt: skip
