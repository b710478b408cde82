"""Addresses of the doctor's station."""

from typing import Final

from django.urls import URLPattern, URLResolver, path

from gongji.desk.doctor import again, charge, home, ordering, papers, rx, screen, seen

__all__ = ["STATION"]

STATION: Final[list[URLPattern | URLResolver]] = [
    path("doctor", home.home, name="desk.doctor"),
    path("doctor/identify", home.identify, name="desk.doctor.identify"),
    path("doctor/open", home.open_visit, name="desk.doctor.open"),
    path("doctor/visit/<str:number>", screen.screen, name="desk.doctor.visit"),
    path("doctor/visit/<str:number>/add", ordering.add, name="desk.doctor.add"),
    path("doctor/visit/<str:number>/again", again.again, name="desk.doctor.again"),
    path("doctor/visit/<str:number>/cancel", seen.cancel, name="desk.doctor.cancel"),
    path("doctor/visit/<str:number>/charge", charge.charge, name="desk.doctor.charge"),
    path("doctor/visit/<str:number>/check", ordering.check, name="desk.doctor.check"),
    path("doctor/visit/<str:number>/drop", ordering.drop, name="desk.doctor.drop"),
    path("doctor/visit/<str:number>/find", ordering.find, name="desk.doctor.find"),
    path("doctor/visit/<str:number>/issue", rx.issue, name="desk.doctor.issue"),
    path("doctor/visit/<str:number>/order", ordering.order, name="desk.doctor.order"),
    path("doctor/visit/<str:number>/seen", seen.seen, name="desk.doctor.seen"),
    path("doctor/visit/<str:number>/terms", ordering.set_terms, name="desk.doctor.terms"),
    path("doctor/visit/<str:number>/uncharge", charge.uncharge, name="desk.doctor.uncharge"),
    path("doctor/rx/<str:rx_no>", papers.prescription, name="desk.doctor.rx"),
    path("doctor/rx/<str:rx_no>/answer", papers.answer, name="desk.doctor.answer"),
    path("doctor/rx/<str:rx_no>/confirm", papers.confirm, name="desk.doctor.confirm"),
    path("doctor/rx/<str:rx_no>/paper", papers.document, name="desk.doctor.paper"),
    path("doctor/rx/<str:rx_no>/sign", papers.sign_again, name="desk.doctor.sign"),
    path("doctor/rx/<str:rx_no>/withdraw", papers.withdraw, name="desk.doctor.withdraw"),
]
