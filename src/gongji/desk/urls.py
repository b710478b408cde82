"""Addresses of the desk."""

from django.urls import URLPattern, URLResolver, path

from gongji.desk import (
    cashier_views,
    day_closing,
    day_lost,
    day_reconcile,
    day_refund,
    day_sold,
    day_views,
    till_review,
    till_views,
)
from gongji.desk.doctor_urls import STATION
from gongji.desk.manager_urls import MANAGER

TILL: list[URLPattern | URLResolver] = [
    path("cashier", cashier_views.cashier, name="desk.cashier"),
    path("cashier/settle", cashier_views.settle, name="desk.cashier_settle"),
    path("closing", day_closing.closing, name="desk.closing"),
    path("day", day_views.day, name="desk.day"),
    path("lost", day_lost.lost_page, name="desk.lost"),
    path("reconcile", day_reconcile.reconcile, name="desk.reconcile"),
    path("refund/<str:number>", day_refund.refund, name="desk.refund"),
    path("sold/<str:number>", day_sold.sold, name="desk.sold"),
    path("sold/<str:number>/paper", day_views.paper, name="desk.receipt"),
    path("sold/<str:number>/again", day_sold.again, name="desk.sold_again"),
    path("till", till_views.till, name="desk.till"),
    path("till/reviews", till_review.reviews, name="desk.till_reviews"),
    path("till/reviews/<str:rx_no>", till_review.review, name="desk.till_review"),
    path("till/state", till_views.state, name="desk.till_state"),
    path("till/settle", till_views.settle, name="desk.till_settle"),
]

urlpatterns: list[URLPattern | URLResolver] = [*MANAGER, *STATION, *TILL]
