"""Tests: sandbox values, but real time unless a test moves it, and fast password hashing."""

from __future__ import annotations

from aro import clock
from config.settings.sandbox import *  # noqa: F403

clock.follow(None)
# Most tests are about what follows; tests/admin/test_undoing.py waits.
UNDO_SECONDS = 0
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
ENCRYPTION_KEYS = ENCRYPTION_KEYS or ["MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="]  # noqa: F405
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
