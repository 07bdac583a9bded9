"""The test settings without the theme: Django's own admin."""

from __future__ import annotations

from config.settings.test import *  # noqa: F403

INSTALLED_APPS = [app for app in INSTALLED_APPS if not app.startswith("unfold")]  # noqa: F405
