"""Django's name for the accounts room."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Accounts (个人账户)."""

    name = "gongji.accounts"
    label = "accounts"
    verbose_name = "个人账户"
    default_auto_field = "django.db.models.BigAutoField"
