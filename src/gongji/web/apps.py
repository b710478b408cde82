from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "gongji.web"
    label = "web"
    verbose_name = "界面"
