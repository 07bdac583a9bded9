"""Settings that hold in every mode. A value from outside comes in through `config.env` only."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

import django_stubs_ext

from aro import paths, zones
from aro.stores import broker_address
from aro.version import VERSION
from aro.watch import logs
from config import look, vendors
from config.env import database, env, log_level, mail, refuse_unknown_names, secret

refuse_unknown_names()
zones.use_pinned()
# Lets generic classes such as ModelForm[Business] be written as the type checker wants them.
django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent.parent
ARO_VERSION = VERSION
ARO_MODE = env.str("ARO_MODE", default="live")
ARO_HOME = paths.home()
HOST = env.str("HOST", default="127.0.0.1")
PORT = env.int("PORT", default=3000)
# Whose word about the client's address counts (aro/web/client.py).
TRUSTED_PROXIES = env.str("ARO_TRUSTED_PROXIES", default="127.0.0.1,::1")
FLOWER_PORT = env.int("FLOWER_PORT", default=5555)
SANDBOX_PORT = int(paths.sandbox_port_elsewhere() or env.int("SANDBOX_PORT", default=3900))
PUBLIC_BASE_URL = env.str("PUBLIC_BASE_URL", default="").rstrip("/")

SECRET_KEY = secret("ARO_SECRET_KEY") or paths.key("secret_key") or secrets.token_urlsafe(50)
ENCRYPTION_KEYS = [
    k for k in (secret("ARO_ENCRYPTION_KEYS") or paths.key("encryption_keys")).replace("\n", ",").split(",") if k
]
# Opt-outs and the audit chain are keyed with it, so it never rotates and must be the same on every machine.
HMAC_KEY = secret("ARO_HMAC_KEY") or paths.key("hmac_key") or SECRET_KEY
DEBUG = False
ALLOWED_HOSTS = env.list("ARO_ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])

INSTALLED_APPS = [
    "unfold.apps.BasicAppConfig",
    "unfold.contrib.filters",
    "config.apps.FrontDeskConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "django_celery_beat",
    "rest_framework",
    "aro",
    "compliance",
    "appointments",
    "workflows",
    "integrations",
]

MIDDLEWARE = [
    "aro.watch.middleware.RequestMiddleware",
    "aro.watch.middleware.OwnKeysMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "workflows.desk.zone.BusinessZoneMiddleware",
    "workflows.desk.language.DeskLanguageMiddleware",
    "axes.middleware.AxesMiddleware",
]

CSRF_FAILURE_VIEW = "aro.watch.http.form_refused"
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
# A redirect on a POST loses a provider's event (Calendly counts 3xx as failure): publish exact URLs instead.
APPEND_SLASH = True
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # Ours come before the admin theme's own.
        "DIRS": [BASE_DIR / "config" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

SQLITE_OPTIONS: dict[str, Any] = {
    # IMMEDIATE takes the write lock at BEGIN, so that two writers wait instead of failing half-way.
    "transaction_mode": "IMMEDIATE",
    "timeout": 30,
    # FULL: what was acknowledged to a provider survives a power loss.
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA recursive_triggers=ON;",
}
DATABASES: dict[str, Any] = {"default": database(paths.database_url())}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["ENGINE"] = "aro.queue.sqlite"
    DATABASES["default"]["OPTIONS"] = SQLITE_OPTIONS
    DATABASES["default"]["CONN_MAX_AGE"] = None
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 600
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # The statements of aro/queue/rows.py are planned once per connection. Behind a pooler that gives each transaction
    # another server connection (PgBouncer before 1.21), set it off in the address: ?prepare_threshold=
    _options = DATABASES["default"].setdefault("OPTIONS", {})
    _options.setdefault("prepare_threshold", 5)
    # A server that takes connections and says nothing would keep every process for ever.
    _options.setdefault("connect_timeout", 3)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
AXES_HANDLER = "aro.desk.lockout.Handler"
# A name at an address soon; the handler counts a name alone and an address alone by limits of their own.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"], ["username"], ["ip_address"]]
AXES_CLIENT_IP_CALLABLE = "aro.web.client.neighbourhood"
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
LOGIN_URL = "/admin/login/"
LOGIN_REDIRECT_URL = "/admin/"

LANGUAGE_CODE = "en"
# What the desk offers. A language joins when its catalogue in locale/ is whole (tests/config/test_languages.py): half
# of a screen in another language is worse than none.
LANGUAGES = [("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_I18N = True
USE_TZ = True
FORMAT_MODULE_PATH = ["config.formats"]
STATIC_URL = "/static/"
# Served straight from the packages (whitenoise with finders): nothing to collect, nothing that can be stale.
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
# Twilio and Square never send more; a delivery above this is answered with 413.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
WEBHOOK_MAX_BYTES = 512 * 1024

CELERY_BROKER_URL = broker_address.parse(paths.broker_url()).celery_url

SANDBOX_URL = f"http://127.0.0.1:{SANDBOX_PORT}"
# What the vendors in integrations/providers ask for: CALENDLY_API_TOKEN, TWILIO_AUTH_TOKEN, ...
globals().update(vendors.from_environment())
# Which of the vendors in integrations/providers carries texts, carries e-mail, and makes payment links.
TEXT_CARRIER = vendors.choice("TEXT_CARRIER", env.str("TEXT_CARRIER", default="twilio"))
EMAIL_CARRIER = vendors.choice("EMAIL_CARRIER", env.str("EMAIL_CARRIER", default="email"))
PAYMENT_PROVIDER = vendors.choice("PAYMENT_PROVIDER", env.str("PAYMENT_PROVIDER", default="stripe"))
# What the text carrier's names of approved WhatsApp wordings look like, and which settings name our own numbers.
TEMPLATE_ID, TEMPLATE_ID_WORDS = vendors.template_id(TEXT_CARRIER)
OWN_NUMBER_SETTINGS = vendors.own_number_settings()
# smtp+tls://user:password@mail.example.com:587; unset: no e-mail.
EMAIL_URL = secret("EMAIL_URL")
globals().update(mail(EMAIL_URL) if EMAIL_URL else {})
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="") if EMAIL_URL else ""
LLM_BASE_URL = env.str("LLM_BASE_URL", default="")
LLM_API_KEY = secret("LLM_API_KEY")
LLM_MODEL = env.str("LLM_MODEL", default="")
# What staff do at the desk waits so many seconds by ARO's clock before a text follows; until then it can be taken back.
UNDO_SECONDS = env.count("UNDO_SECONDS", default=60)
# How often each booking system is asked for its list, in minutes; 0 asks never by itself.
SYNC_EVERY_MINUTES = env.count("SYNC_EVERY_MINUTES", default=15)
SENTRY_DSN = secret("SENTRY_DSN")
OTEL_EXPORTER_OTLP_ENDPOINT = env.str("OTEL_EXPORTER_OTLP_ENDPOINT", default="")
ARO_HEARTBEAT_URL = secret("ARO_HEARTBEAT_URL")

# Where providers' APIs are called; sandbox settings point them at the sandbox process.
PROVIDER_BASE_URLS: dict[str, str] = {**vendors.addresses(globals()), "llm": LLM_BASE_URL}
UNFOLD = look.UNFOLD
LOG_LEVEL = log_level(env.str("ARO_LOG_LEVEL", default="INFO"))
LOGGING = logs.config(level=LOG_LEVEL)
if SENTRY_DSN:
    # Only then: the library costs every process some megabytes.
    from aro.watch import error_reports

    error_reports.start(dsn=SENTRY_DSN, release=ARO_VERSION, environment=ARO_MODE)
REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "UNAUTHENTICATED_USER": None,
    "EXCEPTION_HANDLER": "aro.rest_errors.drf_exception_handler",
}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = False
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "UTC"
CELERY_ENABLE_UTC = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_CONSUMER = "aro.queue.consumer:Consumer"
# Both are for long tasks and late acknowledgement, which nothing here has; else the log tells of them at each new try.
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_ENABLE_PREFETCH_COUNT_REDUCTION = False
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_TASK_DEFAULT_QUEUE = "celery"
CELERY_TASK_CREATE_MISSING_QUEUES = True
# A hint that cannot be published within this time is dropped: the next look finds the row.
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {
    "socket_connect_timeout": 0.5,
    "socket_timeout": 5,
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0,
    "interval_max": 0,
}
# One queue per lane, so that a slow lane starves no other; a test compares this list with what the apps register.
LANES = ("receipts", "lookups", "events", "timers", "executions", "sweeps", "sync", "payments", "dead_letter")
# Workers look at their lanes by themselves. This shows that beat and the broker are there.
CELERY_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "look at every lane": {
        "task": "aro.tick",
        "schedule": 5.0,
        "args": ("", "beat"),
        "options": {"queue": LANES[0], "expires": 5},
    }
}
# `off` for load and crash tests only: a provider's real limits do not go away by ignoring them.
PROVIDER_RATE_LIMITS = env.str("ARO_RATE_LIMITS", default="on") != "off"
