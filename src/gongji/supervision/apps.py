"""Django's name for the supervision room."""

from django.apps import AppConfig


class SupervisionConfig(AppConfig):
    """Complaints and reports (投诉举报)."""

    name = "gongji.supervision"
    label = "supervision"
    verbose_name = "监督"
