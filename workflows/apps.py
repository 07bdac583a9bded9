from django.apps import AppConfig


class WorkflowsConfig(AppConfig):
    name = "workflows"
    verbose_name = "Workflows"

    def ready(self) -> None:
        from workflows import lanes, new_reminders  # noqa: PLC0415 - models exist only from here on
        from workflows.desk import nouns  # noqa: PLC0415

        nouns.use()
        lanes.register()
        new_reminders.connect()
