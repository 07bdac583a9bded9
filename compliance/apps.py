from django.apps import AppConfig


class ComplianceConfig(AppConfig):
    name = "compliance"
    verbose_name = "Compliance"

    def ready(self) -> None:
        from compliance.audit import key_witnesses  # noqa: PLC0415 - models exist only from here on

        key_witnesses.register_all()
