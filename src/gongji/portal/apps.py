"""Django's name for the portal."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Pages of members (参保人)."""

    name = "gongji.portal"
    label = "portal"
    verbose_name = "参保人服务"
