from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.integrations.loopback import Loopback, http

if TYPE_CHECKING:
    from appointments.models import Business
    from tests.integrations.listing import Listed
    from tests.integrations.providers.square_server import Square


@pytest.fixture
def business(db: None) -> Business:
    from appointments.models import Business  # noqa: PLC0415 - this file is read before Django is set up

    always = {str(day): {"open": "00:00", "close": "24:00", "closed": False} for day in range(7)}
    return Business.objects.create(
        name="Harbour Clinic", timezone="America/New_York", phone="+12125550100", hours=always
    )


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


@pytest.fixture
def acuity(loopback: Loopback) -> Iterator[Loopback]:
    """Acuity is the loopback server."""
    from django.test import override_settings  # noqa: PLC0415 - see above

    with override_settings(PROVIDER_BASE_URLS={"acuity": loopback.url}):
        yield loopback


@pytest.fixture
def square(loopback: Loopback) -> Iterator[Square]:
    """Square is the loopback server, which knows the fixtures' customer, place and service."""
    from django.test import override_settings  # noqa: PLC0415 - see above

    from tests.integrations.providers.square_server import Square  # noqa: PLC0415 - see above

    with override_settings(PROVIDER_BASE_URLS={"square": loopback.url}):
        yield Square(loopback)


@pytest.fixture
def easyappointments(loopback: Loopback) -> Iterator[Loopback]:
    """The clinic's installation is the loopback server, showing the fixture's visit."""
    from django.test import override_settings  # noqa: PLC0415 - see above

    from tests.integrations.contract import fixture  # noqa: PLC0415 - see above

    loopback.answers = [http(200, fixture("easyappointments", "api.appointment"))]
    urls = {"easyappointments": loopback.url}
    with override_settings(PROVIDER_BASE_URLS=urls, EASYAPPOINTMENTS_API_TOKEN="ea-token"):
        yield loopback


@pytest.fixture
def listed(db: None) -> Iterator[Listed]:
    """The one booking system is the tests' own, and it works."""
    from integrations.models import ProviderState  # noqa: PLC0415 - see above
    from tests.integrations import listing  # noqa: PLC0415 - see above

    ProviderState.objects.create(name=listing.NAME, domain="booking", breaker="closed")
    with listing.only(adapter := listing.Listed()):
        yield adapter
