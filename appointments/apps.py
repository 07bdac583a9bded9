from django.apps import AppConfig


class AppointmentsConfig(AppConfig):
    name = "appointments"
    verbose_name = "Front desk"

    def ready(self) -> None:
        from appointments import case_reasons, sealed  # noqa: PLC0415 - models exist only from here on
        from appointments.case_reasons import words  # noqa: PLC0415
        from appointments.services.person import languages  # noqa: PLC0415

        words.register_all(case_reasons.REASONS.values())
        sealed.register_all()
        languages.connect()
