"""Beat's scheduler: django-celery-beat's, which also gives signs of life."""

from __future__ import annotations

from typing import Any

from django_celery_beat.schedulers import DatabaseScheduler

from aro.watch import pulse


class Scheduler(DatabaseScheduler):  # type: ignore[misc]
    def tick(self, *args: Any, **kwargs: Any) -> float:
        """Gives out what is due; called every five seconds or sooner."""
        pulse.give("beat")
        return float(super().tick(*args, **kwargs))
