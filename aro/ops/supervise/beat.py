"""Beat's scheduler: django-celery-beat's, which also gives signs of life and bears a broker that is away."""

from __future__ import annotations

import logging
from typing import Any

from django.db.models import Q
from django_celery_beat.models import PeriodicTask
from django_celery_beat.schedulers import DatabaseScheduler

from aro.queue import hints
from aro.queue.absence import Absence
from aro.watch import pulse

logger = logging.getLogger(__name__)


class Scheduler(DatabaseScheduler):  # type: ignore[misc]
    def __init__(self, *args: Any, **options: Any) -> None:
        self._absence = Absence(logger)
        super().__init__(*args, **options)

    def setup_schedule(self) -> None:
        """Without the entries of former versions, which looked at each lane every second and called the monitor."""
        ours = self.app.conf.beat_schedule
        former = Q(task=hints.TASK, name__startswith="look at ") | Q(task="aro.heartbeat")
        PeriodicTask.objects.filter(former).exclude(name__in=ours).delete()
        super().setup_schedule()

    def tick(self, *args: Any, **kwargs: Any) -> float:
        """Gives out what is due; called every five seconds or sooner."""
        pulse.give("beat")
        return float(super().tick(*args, **kwargs))

    def apply_entry(self, entry: Any, producer: Any = None) -> None:
        """A word at times while the broker is away; Celery's own writes a traceback at each tick."""
        try:
            self.apply_async(entry, producer=producer, advance=False)
        except Exception as error:  # noqa: BLE001 - whatever the broker's library raises, the next tick must come
            self._absence.is_met(_reason(error))
        else:
            self._absence.is_over()

    def _ensure_connected(self) -> Any:
        """Connects when there is something to send: who waited for the broker here would give no sign of life."""
        return self.connection


def _reason(error: Exception) -> Exception:
    """What the library wrapped in an error of its own."""
    return error.__context__ if isinstance(error.__context__, Exception) else error
