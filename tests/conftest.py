"""One run of the suite: real services, then Django. `ARO_TEST_DATABASE` is sqlite (default) or postgres.

With xdist the controlling process starts the services and its workers inherit their addresses.
"""

from __future__ import annotations

import os
from pathlib import Path

import django
import pytest
from django.contrib import admin
from hypothesis import HealthCheck, settings

from tests.services import Services

pytest_plugins = ("tests.plugins", "tests.fuzzing", "tests.groups")
DATABASES = ("sqlite", "postgres")
_is_worker = "PYTEST_XDIST_WORKER" in os.environ
_chosen = os.environ.get("ARO_TEST_DATABASE", "sqlite")
if _chosen not in DATABASES:
    raise pytest.UsageError(f"ARO_TEST_DATABASE is {_chosen!r}; use one of {', '.join(DATABASES)}.")
# At import, since Django's settings read the environment when the first test module is collected.
_services = None if _is_worker else Services(_chosen)
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"

# The suite tries the same examples everywhere, at whatever pace; `--hypothesis-profile random` tries new ones.
settings.register_profile("random", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("suite", settings.get_profile("random"), derandomize=True)
settings.load_profile("suite")


def pytest_report_header() -> str:
    return f"database: {_chosen}"


@pytest.hookimpl(tryfirst=True)
def pytest_configure() -> None:
    _use_a_file_for_sqlite()
    django.setup()
    # As in the web process: every list of the front desk is there.
    admin.autodiscover()


def pytest_unconfigure() -> None:
    if _services is not None:
        _services.stop()


def _use_a_file_for_sqlite() -> None:
    """An SQLite in memory knows neither WAL nor a second process; tests meet the database that people use."""
    from django.conf import settings  # noqa: PLC0415  not before the services have their addresses

    default = settings.DATABASES["default"]
    if default["ENGINE"] == "aro.queue.sqlite":
        default.setdefault("TEST", {})["NAME"] = str(Path(os.environ["ARO_HOME"]) / "data" / "test.db")
        # A test database is thrown away: it need not survive a power cut.
        options = default["OPTIONS"]
        options["init_command"] = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")


@pytest.fixture(scope="session")
def database_name() -> str:
    """Which database this run is on: sqlite or postgres."""
    return _chosen
