"""Addresses of a pharmacy's counter."""

from typing import Final

from django.urls import URLPattern, URLResolver, path

from gongji.desk.till import review, views

__all__ = ["TILL"]

TILL: Final[list[URLPattern | URLResolver]] = [
    path("till", views.till, name="desk.till"),
    path("till/reviews", review.reviews, name="desk.till_reviews"),
    path("till/reviews/<str:rx_no>", review.review, name="desk.till_review"),
    path("till/state", views.state, name="desk.till_state"),
    path("till/settle", views.settle, name="desk.till_settle"),
]
