"""Easy!Appointments' list: it finds the visits whose delivery was lost."""

from __future__ import annotations

import pytest

from appointments.inbound import NothingToDo
from integrations.providers import ADAPTERS
from integrations.providers.shared.base import UnavailableError
from tests.integrations.loopback import Loopback, http
from tests.integrations.providers.test_easyappointments import NAME, WINDOW, visit


def test_a_page_of_the_list_tells_the_visits_of_the_window(easyappointments: Loopback) -> None:
    rows = [
        visit(),
        visit(id=319, status="Cancelled"),
        visit(id=320, start="2026-11-18 00:30:00"),  # still the 17th in UTC
        visit(id=321, start=None),
        visit(id=322, status="Draft"),
    ]
    easyappointments.answers = [http(200, rows)]
    page = ADAPTERS[NAME].list_page(WINDOW, "")
    told = [(type(one).__name__, one.booking.external_id) for one in page.news if not isinstance(one, NothingToDo)]  # type: ignore[union-attr]
    assert told == [("BookingCreated", "318"), ("BookingCancelled", "319")]
    assert (page.unreadable, page.next) == (1, "")
    line = easyappointments.requests[0].decode().splitlines()[0]
    assert "from=2026-11-16&till=2027-01-19" in line
    assert "sort=id&length=100&page=1" in line


def test_a_full_page_has_a_next_one(easyappointments: Loopback) -> None:
    easyappointments.answers = [http(200, [visit(id=number) for number in range(1, 101)])]
    assert ADAPTERS[NAME].list_page(WINDOW, "").next == "2"
    assert ADAPTERS[NAME].list_page(WINDOW, "2").next == "3"
    assert "page=2" in easyappointments.requests[1].decode().splitlines()[0]


@pytest.mark.parametrize("body", [b'{"success": true}', b"null", b'"x"', b'[1], "more": [2]'])
def test_what_is_no_list_is_never_an_empty_list(easyappointments: Loopback, body: bytes) -> None:
    easyappointments.answers = [http(200, body)]
    if body.startswith(b"[1]"):
        assert ADAPTERS[NAME].list_page(WINDOW, "").news == []
    else:
        with pytest.raises(UnavailableError):
            ADAPTERS[NAME].list_page(WINDOW, "")
