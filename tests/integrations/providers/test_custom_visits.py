"""What becomes of a visit that a system of the clinic's own tells of, and the examples of its page."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from pytest_django.live_server_helper import LiveServer

from appointments.inbound import BookingCreated
from appointments.models import Appointment, Business
from aro import clock
from aro.project import ROOT
from aro.queue import tick
from integrations.models import Receipt
from integrations.providers.shared.base import MalformedError
from tests.docs import pages
from tests.integrations import signers
from tests.integrations.contract import fixture
from tests.integrations.providers.test_custom import parsed
from tests.times import begun

S = Appointment.Status


def deliver(client: Client, name: str, days: int = 5) -> None:
    """The fixture, with its visit a few days from now and told now."""
    whole = json.loads(fixture("custom", name)) | {"timestamp": clock.now().isoformat()}
    if "starts_at" in whole["data"]:
        whole["data"]["starts_at"] = (clock.now() + timedelta(days=days)).isoformat()
    body = json.dumps(whole).encode()
    headers = signers.standard_webhooks(body, secret=settings.CUSTOM_WEBHOOK_SECRET, at=clock.now().timestamp())
    answer = client.generic("POST", "/webhooks/custom", body, "application/json", headers=headers)
    assert answer.status_code == 200
    tick.drain(["receipts"])
    assert not Receipt.objects.filter(outcome__in=["pending", "failed"]).exists()


def test_a_visits_life_as_the_own_system_tells_it(client: Client, business: Business) -> None:
    deliver(client, "appointment.booked")
    visit = Appointment.objects.get(source="custom", external_id="visit-1001")
    assert (visit.status, visit.customer.phone) == (S.BOOKED, "+351912345678")
    before = visit.starts_at
    deliver(client, "appointment.moved", days=9)
    visit.refresh_from_db()
    assert (visit.status, visit.moves, visit.starts_at > before) == (S.BOOKED, 1, True)
    deliver(client, "appointment.moved.new_id", days=10)
    visit.refresh_from_db()
    assert (visit.external_id, visit.moves) == ("visit-1002", 2)
    with begun():
        deliver(client, "appointment.no_show")
        visit.refresh_from_db()
        assert visit.status == S.NO_SHOW
        deliver(client, "appointment.no_show.undone")
        visit.refresh_from_db()
        assert visit.status != S.NO_SHOW
    assert Appointment.objects.count() == 1


def test_a_cancellation_cancels_and_a_booking_that_comes_after_it_does_not_bring_it_back(
    client: Client, business: Business
) -> None:
    deliver(client, "appointment.cancelled")
    deliver(client, "appointment.booked")
    assert Appointment.objects.get().status == S.CANCELLED


PAGE = ROOT / "docs" / "how-to" / "connect-any-system.md"
RUNNERS = {"sh": ("bash", "-c"), "python": (sys.executable, "-c")}
TOOLS = all(shutil.which(tool) for tool in ("curl", "openssl", "base64", "od"))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("language", ["sh", "python"])
def test_the_examples_of_the_page_book_a_visit(live_server: LiveServer, business: Business, language: str) -> None:
    if language == "sh" and not TOOLS:
        pytest.skip("the example uses curl, openssl, base64 and od, and one of them is not installed")
    example = next(block.text for block in pages.blocks(PAGE) if block.words == (language, "runnable-example"))
    environment = os.environ | {
        "SERVER": live_server.url,
        "CUSTOM_WEBHOOK_SECRET": settings.CUSTOM_WEBHOOK_SECRET,
    }
    done = subprocess.run(
        [*RUNNERS[language], example], env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert '{"status":"ok"}' in done.stdout, done.stdout + done.stderr
    assert Receipt.objects.filter(source="custom").count() == 1
    news = parsed(bytes(Receipt.objects.get().body))
    assert isinstance(news, BookingCreated)
    assert news.booking.person.phone


def test_every_field_of_the_pages_tables_is_read() -> None:
    """Wrong values in all of them at once: each named field that is read refuses its own."""
    text = PAGE.read_text(encoding="utf-8")
    named = [line.split("`")[1] for line in text.splitlines() if line.startswith("| `data.")]
    assert len(named) >= 15
    for path in named:
        whole = json.loads(fixture("custom", "appointment.cancelled"))
        whole["type"] = {
            "data.previous_id": "appointment.moved",
            "data.absent": "appointment.no_show",
        }.get(path, whole["type"])
        *parents, last = path.split(".")
        inner = whole
        for parent in parents:
            inner = inner[parent]
        inner[last] = [["wrong"]]
        with pytest.raises(MalformedError, match=path.replace(".", r"\.")):
            parsed(json.dumps(whole).encode())


def tell(client: Client, kind: str, name: str = "", phone: str = "", **more: object) -> None:
    begins = Appointment.objects.values_list("starts_at", flat=True).first() or clock.now() + timedelta(days=5)
    data = {"id": "class-1", "starts_at": begins.isoformat(), **more}
    data |= {"customer": {"name": name, "phone": phone}} if name else {}
    body = json.dumps({"type": kind, "timestamp": clock.now().isoformat(), "data": data}).encode()
    headers = signers.standard_webhooks(body, secret=settings.CUSTOM_WEBHOOK_SECRET, at=clock.now().timestamp())
    assert client.generic("POST", "/webhooks/custom", body, "application/json", headers=headers).status_code == 200
    tick.drain(["receipts"])


def states_of() -> dict[str, str]:
    return {one.customer.name: one.status for one in Appointment.objects.select_related("customer")}


def test_two_people_under_one_id_have_a_visit_each(client: Client, business: Business) -> None:
    bea, carl = ("Bea Ruiz", "+12025550101"), ("Carl Moss", "+12025550102")
    for person in (bea, carl, carl):
        tell(client, "appointment.booked", *person)
    assert states_of() == {"Bea Ruiz": S.BOOKED, "Carl Moss": S.BOOKED}
    with begun():
        tell(client, "appointment.no_show", *bea)
        assert states_of() == {"Bea Ruiz": S.NO_SHOW, "Carl Moss": S.BOOKED}
        tell(client, "appointment.cancelled", *carl)
        assert states_of() == {"Bea Ruiz": S.NO_SHOW, "Carl Moss": S.CANCELLED}


def test_without_a_name_everybody_under_the_id_is_meant(client: Client, business: Business) -> None:
    for person in (("Bea Ruiz", "+12025550101"), ("Carl Moss", "+12025550102")):
        tell(client, "appointment.booked", *person)
    tell(client, "appointment.cancelled")
    assert set(states_of().values()) == {S.CANCELLED}


def test_a_family_with_one_phone_under_one_id_has_a_visit_each(client: Client, business: Business) -> None:
    ana, leo, mia = (("Ana Ruiz", "+12025550101"), ("Leo Ruiz", "+12025550101"), ("Mia Ruiz", "+12025550101"))
    for person in (ana, leo, mia, leo, ana):
        tell(client, "appointment.booked", *person)
    assert states_of() == {"Ana Ruiz": S.BOOKED, "Leo Ruiz": S.BOOKED, "Mia Ruiz": S.BOOKED}
    tell(client, "appointment.cancelled", *leo)
    with begun():
        tell(client, "appointment.no_show", *ana)
    assert states_of() == {"Ana Ruiz": S.NO_SHOW, "Leo Ruiz": S.CANCELLED, "Mia Ruiz": S.BOOKED}


def test_who_was_never_heard_of_cancels_nobody_elses_visit(client: Client, business: Business) -> None:
    tell(client, "appointment.booked", "Ana Ruiz", "+12025550101")
    tell(client, "appointment.cancelled", "Leo Ruiz", "+12025550101")
    assert states_of() == {"Ana Ruiz": S.BOOKED}
    assert Appointment.objects.get().escalations.get().reason == "seat_unclear"


def test_a_name_that_is_corrected_is_no_second_person(client: Client, business: Business) -> None:
    for name in ("Baeline Riuz", "Adeline Ruiz", "Adeline", "Mrs. Adeline Gomez"):
        tell(client, "appointment.booked", name, "+12025550101")
    tell(client, "appointment.cancelled", "Adeline Gomez", "+12025550101")
    assert set(states_of().values()) == {S.CANCELLED}
    assert Appointment.objects.count() == 1


def test_a_number_that_is_corrected_or_told_later_is_the_visits(client: Client, business: Business) -> None:
    tell(client, "appointment.booked", "Bea Ruiz")
    for phone in ("+12025550101", "+12025550102"):
        tell(client, "appointment.moved", "Bea Ruiz", phone)
        assert [one.customer.phone for one in Appointment.objects.select_related("customer")] == [phone]


def test_what_was_cancelled_and_is_booked_again_stands(client: Client, business: Business) -> None:
    for kind in ("appointment.booked", "appointment.cancelled", "appointment.booked"):
        tell(client, kind, "Bea Ruiz", "+12025550101")
    assert states_of() == {"Bea Ruiz": S.BOOKED}
