from celery.signals import worker_init, worker_ready
from django.apps import AppConfig


class IntegrationsConfig(AppConfig):
    name = "integrations"
    verbose_name = "Integrations"

    def ready(self) -> None:
        from appointments import failures, sources  # noqa: PLC0415
        from aro.watch.health import register_check  # noqa: PLC0415
        from integrations import lanes  # noqa: PLC0415 - models exist only from here on
        from integrations.outbound.health import emergency_health, provider_health, sending_health  # noqa: PLC0415
        from integrations.outbound.resilience import history  # noqa: PLC0415
        from integrations.outbound.waiting import catching_up, older_database, pauses  # noqa: PLC0415
        from integrations.providers import ADAPTERS, chosen  # noqa: PLC0415
        from integrations.sync import schedule, sync_health  # noqa: PLC0415

        failures.explain_with(lambda channel, code: chosen.carrier(channel).refusal(code).staff_message)
        sources.name_with(lambda source: ADAPTERS[source].label if source in ADAPTERS else "")
        lanes.register_all()
        provider_health.register_all()
        register_check("messaging_api", sending_health.check)
        emergency_health.register()
        history.when_back(pauses.over)
        sync_health.register_all()
        worker_init.connect(catching_up.begin, weak=False)
        worker_init.connect(older_database.begin, weak=False)
        worker_ready.connect(schedule.plan_at_start, weak=False)
