"""Addresses of the doctor's station and of the review of the house."""

from django.urls import URLPattern, URLResolver, path

from gongji.desk import (
    doctor_again,
    doctor_charge,
    doctor_home,
    doctor_ordering,
    doctor_papers,
    doctor_rx,
    doctor_screen,
    doctor_seen,
    review_views,
)

STATION: list[URLPattern | URLResolver] = [
    path("doctor", doctor_home.home, name="desk.doctor"),
    path("doctor/identify", doctor_home.identify, name="desk.doctor.identify"),
    path("doctor/open", doctor_home.open_visit, name="desk.doctor.open"),
    path("doctor/visit/<str:number>", doctor_screen.screen, name="desk.doctor.visit"),
    path("doctor/visit/<str:number>/add", doctor_ordering.add, name="desk.doctor.add"),
    path("doctor/visit/<str:number>/again", doctor_again.again, name="desk.doctor.again"),
    path("doctor/visit/<str:number>/cancel", doctor_seen.cancel, name="desk.doctor.cancel"),
    path("doctor/visit/<str:number>/charge", doctor_charge.charge, name="desk.doctor.charge"),
    path("doctor/visit/<str:number>/check", doctor_ordering.check, name="desk.doctor.check"),
    path("doctor/visit/<str:number>/drop", doctor_ordering.drop, name="desk.doctor.drop"),
    path("doctor/visit/<str:number>/find", doctor_ordering.find, name="desk.doctor.find"),
    path("doctor/visit/<str:number>/issue", doctor_rx.issue, name="desk.doctor.issue"),
    path("doctor/visit/<str:number>/order", doctor_ordering.order, name="desk.doctor.order"),
    path("doctor/visit/<str:number>/seen", doctor_seen.seen, name="desk.doctor.seen"),
    path("doctor/visit/<str:number>/terms", doctor_ordering.set_terms, name="desk.doctor.terms"),
    path("doctor/visit/<str:number>/uncharge", doctor_charge.uncharge, name="desk.doctor.uncharge"),
    path("doctor/rx/<str:rx_no>", doctor_papers.prescription, name="desk.doctor.rx"),
    path("doctor/rx/<str:rx_no>/answer", doctor_papers.answer, name="desk.doctor.answer"),
    path("doctor/rx/<str:rx_no>/confirm", doctor_papers.confirm, name="desk.doctor.confirm"),
    path("doctor/rx/<str:rx_no>/paper", doctor_papers.document, name="desk.doctor.paper"),
    path("doctor/rx/<str:rx_no>/sign", doctor_papers.sign_again, name="desk.doctor.sign"),
    path("doctor/rx/<str:rx_no>/withdraw", doctor_papers.withdraw, name="desk.doctor.withdraw"),
    path("review", review_views.queue, name="desk.review"),
    path("review/<str:rx_no>", review_views.sheet, name="desk.review.sheet"),
    path("review/<str:rx_no>/paper", review_views.review_paper, name="desk.review.paper"),
]
