"""Who guesses passwords is locked out: a name at an address soon, a name or an address alone later.

Five failures at one address lock the name there only, so that a stranger who knows a name does not lock its owner out,
and one person's slips do not lock the whole clinic behind one address. Guessing from many addresses, or many names, is
slower to lock, and never locks a name where its owner has signed in lately.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.helpers import get_client_ip_address, get_client_username
from axes.models import AccessLog
from django.conf import settings
from django.db.models import QuerySet, Sum
from django.http import HttpRequest

from aro import clock

# The groups of AXES_LOCKOUT_PARAMETERS, in their order: together, the name alone, the address alone.
NAME_LIMIT, ADDRESS_LIMIT = 25, 50
KNOWN_FOR = timedelta(days=30)


class Handler(AxesDatabaseHandler):  # type: ignore[misc]
    """Counts each group by its own limit."""

    def get_failures(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        """As many as would be needed at the first limit."""
        together, name, address = map(_sum, self.get_user_attempts(request, credentials))
        limit = int(settings.AXES_FAILURE_LIMIT)
        if name >= NAME_LIMIT and _signed_in_here_lately(request, credentials):
            name = 0
        return max(together, name * limit // NAME_LIMIT, address * limit // ADDRESS_LIMIT)


def _sum(attempts: QuerySet[Any]) -> int:
    return int(attempts.aggregate(all=Sum("failures_since_start"))["all"] or 0)


def _signed_in_here_lately(request: HttpRequest, credentials: dict[str, Any] | None) -> bool:
    seen = AccessLog.objects.filter(
        username=get_client_username(request, credentials),
        ip_address=get_client_ip_address(request),
        attempt_time__gte=clock.now() - KNOWN_FOR,
    )
    return bool(seen.exists())
