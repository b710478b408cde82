from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "gongji.desk"
    label = "desk"
    verbose_name = "工作站"
