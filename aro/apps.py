from django.apps import AppConfig


class AroConfig(AppConfig):
    name = "aro"
    verbose_name = "Machine room"
