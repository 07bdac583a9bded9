from django.apps import AppConfig


class AroConfig(AppConfig):
    name = "aro"
    verbose_name = "Machine room"

    def ready(self) -> None:
        from aro.queue import lanes  # noqa: PLC0415 - models exist only from here on

        lanes.register(lanes.Lane(name=lanes.DEAD_LETTERS, handle=lanes.tell_of))
