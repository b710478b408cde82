"""Django's name for the catalog room."""

from django.apps import AppConfig


class CatalogConfig(AppConfig):
    """Catalogue (医保目录)."""

    name = "gongji.catalog"
    label = "catalog"
    verbose_name = "医保目录"
    default_auto_field = "django.db.models.BigAutoField"
