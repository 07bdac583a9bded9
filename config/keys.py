"""A server without its keys or its public address must not start, nor one whose keys are not its database's; a command
that needs none may run."""

from __future__ import annotations

import time

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection

from aro import paths
from aro.console import complain
from aro.ops import key_proofs, public_address
from aro.secrets import NotPreparedError, SecretError
from config.env import secret

# Between two looks of a worker whose database is away or not prepared yet.
LOOK_EVERY_SECONDS = 1.0


def refuse_missing() -> None:
    """Raises `ImproperlyConfigured` when sign-ins, opt-outs and stored secrets would hang on keys made up at start."""
    found = {
        "ARO_SECRET_KEY": secret("ARO_SECRET_KEY") or paths.key("secret_key"),
        "ARO_ENCRYPTION_KEYS": settings.ENCRYPTION_KEYS,
    }
    wrong = public_address.problem(settings.PUBLIC_BASE_URL) if settings.ARO_MODE == "live" else ""
    if wrong:
        raise ImproperlyConfigured(wrong)
    missing = [name for name, value in found.items() if not value]
    if missing:
        raise ImproperlyConfigured(
            f"{' and '.join(missing)} not found. `aro up` makes them on its first start; on further machines set the "
            "same values."
        )


def refuse_foreign() -> None:
    """For the web server, after Django's setup. Raises `SystemExit` with the words about what to copy.

    A database that is away is no refusal: the probes must answer, and `OwnKeysMiddleware` looks again.
    """
    try:
        key_proofs.ensure()
    except SecretError as error:
        raise _refusal(error) from error
    except (DatabaseError, NotPreparedError):
        connection.close()


def own_or_end() -> None:
    """For worker and beat, which can do nothing without their database: waits for it, then goes on only with keys that
    are its own. Raises `SystemExit`: Celery goes on after any other exception here."""
    try:
        refuse_missing()
        _wait_for_proofs()
    except (SecretError, ImproperlyConfigured) as error:
        raise _refusal(error) from error


def _wait_for_proofs() -> None:
    while True:
        try:
            key_proofs.ensure()
        except (DatabaseError, NotPreparedError):
            connection.close()
            time.sleep(LOOK_EVERY_SECONDS)
        else:
            return


def _refusal(error: Exception) -> SystemExit:
    complain(str(error))
    return SystemExit(1)
