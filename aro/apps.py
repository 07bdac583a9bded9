from celery.signals import worker_ready
from django.apps import AppConfig


class AroConfig(AppConfig):
    name = "aro"
    verbose_name = "Machine room"

    def ready(self) -> None:
        from aro import secrets  # noqa: PLC0415 - models exist only from here on
        from aro.ops import key_proofs  # noqa: PLC0415
        from aro.queue import lanes, queue_metrics, sweeps  # noqa: PLC0415
        from aro.watch import metrics  # noqa: PLC0415

        secrets.prove_with(key_proofs.ensure)
        metrics.register_metrics(queue_metrics.about_queues)
        metrics.register_metrics(queue_metrics.about_dead_letters)
        lanes.register(lanes.Lane(name=lanes.DEAD_LETTERS, handle=lanes.tell_of))
        lanes.register(lanes.Lane(name=sweeps.LANE, handle=sweeps.handle))
        worker_ready.connect(sweeps.plan_at_start, weak=False)
