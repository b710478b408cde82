"""Addresses of a counter's day."""

from typing import Final

from django.urls import URLPattern, URLResolver, path

from gongji.desk.day import closing, lost, reconcile, refund, sold, views

__all__ = ["DAY"]

DAY: Final[list[URLPattern | URLResolver]] = [
    path("closing", closing.closing, name="desk.closing"),
    path("day", views.day, name="desk.day"),
    path("lost", lost.lost_page, name="desk.lost"),
    path("reconcile", reconcile.reconcile, name="desk.reconcile"),
    path("refund/<str:number>", refund.refund, name="desk.refund"),
    path("sold/<str:number>", sold.sold, name="desk.sold"),
    path("sold/<str:number>/paper", views.paper, name="desk.receipt"),
    path("sold/<str:number>/again", sold.again, name="desk.sold_again"),
]
