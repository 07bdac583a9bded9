from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.integrations.loopback import Loopback

if TYPE_CHECKING:
    from appointments.models import Business


@pytest.fixture
def business(db: None) -> Business:
    from appointments.models import Business  # noqa: PLC0415 - this file is read before Django is set up

    return Business.objects.create(name="Harbour Clinic", timezone="America/New_York", phone="+12125550100")


@pytest.fixture
def loopback() -> Iterator[Loopback]:
    with Loopback() as server:
        yield server


@pytest.fixture
def stripe(loopback: Loopback) -> Iterator[Loopback]:
    """Stripe is the loopback server."""
    from django.conf import settings  # noqa: PLC0415 - see above
    from django.test import override_settings  # noqa: PLC0415 - see above

    urls = {**settings.PROVIDER_BASE_URLS, "stripe": f"{loopback.url}/stripe"}
    with override_settings(PROVIDER_BASE_URLS=urls):
        yield loopback
