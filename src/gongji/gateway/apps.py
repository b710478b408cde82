"""The gateway's place in Django: it only owns two small tables and their migrations."""

from django.apps import AppConfig


class GatewayConfig(AppConfig):
    name = "gongji.gateway"
    label = "gateway"
    verbose_name = "国家接口"
