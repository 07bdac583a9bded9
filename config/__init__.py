"""Wiring. Whoever loads the settings gets our Celery app with them: hints go through it in every process."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
