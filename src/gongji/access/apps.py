"""Django's name for the access room."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """Accounts, roles, sessions."""

    name = "gongji.access"
    label = "access"
    verbose_name = "身份与权限"
