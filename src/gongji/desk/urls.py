"""Addresses of the desk."""

from django.urls import URLPattern, URLResolver, path

from gongji.desk import day_sold, till_review, till_views

TILL: list[URLPattern | URLResolver] = [
    path("reviews", till_review.reviews, name="desk.reviews"),
    path("reviews/<str:rx_no>", till_review.review, name="desk.till_review"),
    path("sold/<str:number>", day_sold.sold, name="desk.sold"),
    path("sold/<str:number>/again", day_sold.again, name="desk.sold_again"),
    path("till", till_views.till, name="desk.till"),
    path("till/settle", till_views.settle, name="desk.till_settle"),
]

urlpatterns: list[URLPattern | URLResolver] = [*TILL]
