"""Django and Celery as most projects set them up, with the sandbox's secrets."""

from __future__ import annotations

import os
from typing import Any

import environ

from config.vendors import SANDBOX_VALUES as VALUES

SECRET_KEY = "plain" * 10
ALLOWED_HOSTS = ["127.0.0.1"]
ROOT_URLCONF = "tests.bench.plain.views"
INSTALLED_APPS = ["tests.bench.plain"]
MIDDLEWARE = ["django.middleware.security.SecurityMiddleware", "django.middleware.common.CommonMiddleware"]
USE_TZ = True
DATABASES: dict[str, Any] = {"default": {**environ.Env.db_url_config(os.environ["DATABASE_URL"]), "CONN_MAX_AGE": 600}}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # As safe as ARO's: what was acknowledged survives a power loss.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CELERY_BROKER_URL = os.environ["REDIS_URL"]
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
PUBLIC_BASE_URL = os.environ["PUBLIC_BASE_URL"]
TWILIO_URL = os.environ["TWILIO_URL"]
CALENDLY_KEY = VALUES["CALENDLY_WEBHOOK_SECRET"]
TWILIO_ACCOUNT, TWILIO_TOKEN, TWILIO_NUMBER = (
    VALUES["TWILIO_ACCOUNT_SID"],
    VALUES["TWILIO_AUTH_TOKEN"],
    VALUES["TWILIO_PHONE_NUMBER"],
)
