from django.apps import AppConfig


class AppointmentsConfig(AppConfig):
    name = "appointments"
    verbose_name = "Front desk"

    def ready(self) -> None:
        from appointments import sealed  # noqa: PLC0415 - models exist only from here on
        from appointments.services.person import languages  # noqa: PLC0415

        sealed.register_all()
        languages.connect()
