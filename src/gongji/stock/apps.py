"""Django's name for the stock room."""

from django.apps import AppConfig


class StockConfig(AppConfig):
    """Stock (进销存)."""

    name = "gongji.stock"
    label = "stock"
    verbose_name = "进销存"
    default_auto_field = "django.db.models.BigAutoField"
