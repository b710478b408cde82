from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "gongji.portal"
    label = "portal"
    verbose_name = "参保人服务"
