from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from aro import clock
from compliance import consent
from compliance.models import Channel, Consent, Purpose, Suppression

PHONE = "+12025550142"
BOOKED, SAID, KEYWORD = Consent.Method.BOOKING_SYSTEM, Consent.Method.VERBAL, Consent.Method.KEYWORD
SMS, CARE, MARKETING = Channel.SMS, Purpose.CARE, Purpose.MARKETING
pytestmark = pytest.mark.django_db


def test_nobody_has_consented_to_anything_at_first() -> None:
    assert consent.state(PHONE, SMS, CARE) is None


def test_consent_counts_for_its_channel_and_purpose_only() -> None:
    consent.give(PHONE, SMS, CARE, method=BOOKED, wording="I agree to texts", evidence="booking 1", ip="203.0.113.1")
    assert consent.state(PHONE, SMS, CARE) is True
    assert consent.state(PHONE, SMS, MARKETING) is None
    assert consent.state(PHONE, Channel.WHATSAPP, CARE) is None
    assert consent.state("+12025550143", SMS, CARE) is None
    assert consent.state(PHONE, SMS, CARE, tenant_id="other") is None


def test_the_newest_statement_counts_whatever_order_they_arrive_in() -> None:
    now = clock.now()
    consent.withdraw(PHONE, SMS, CARE, method=SAID, at=now)
    consent.give(PHONE, SMS, CARE, method=BOOKED, at=now - timedelta(days=1))
    assert consent.state(PHONE, SMS, CARE) is False
    consent.give(PHONE, SMS, CARE, method=BOOKED, at=now + timedelta(seconds=1))
    assert consent.state(PHONE, SMS, CARE) is True


def test_a_stop_word_about_care_withdraws_marketing_too() -> None:
    consent.give(PHONE, SMS, MARKETING, method=BOOKED)
    consent.withdraw(PHONE, SMS, CARE, method=KEYWORD)
    assert (consent.state(PHONE, SMS, CARE), consent.state(PHONE, SMS, MARKETING)) == (False, False)


def test_withdrawing_marketing_leaves_care_alone() -> None:
    consent.give(PHONE, SMS, CARE, method=BOOKED)
    consent.withdraw(PHONE, SMS, MARKETING, method=KEYWORD)
    assert (consent.state(PHONE, SMS, CARE), consent.state(PHONE, SMS, MARKETING)) == (True, False)


def test_a_suppression_exists_once_and_can_be_lifted_and_come_back() -> None:
    assert consent.suppress(PHONE, source="keyword") is True
    assert consent.suppress(PHONE, source="provider") is False
    assert consent.is_suppressed(PHONE)
    assert consent.lift(PHONE, by="keyword") is True
    assert consent.lift(PHONE, by="keyword") is False
    assert not consent.is_suppressed(PHONE)
    assert consent.suppress(PHONE, source="keyword") is True
    assert consent.is_suppressed(PHONE)
    assert Suppression.objects.count() == 2


def test_a_suppression_outlives_the_erasure_of_the_number() -> None:
    consent.suppress(PHONE, source="keyword")
    Suppression.objects.update(address="")
    assert consent.is_suppressed(PHONE)
    assert not consent.is_suppressed("+12025550143")


def test_the_stored_fingerprint_does_not_contain_the_number() -> None:
    consent.suppress(PHONE, source="keyword")
    assert PHONE.lstrip("+") not in Suppression.objects.get().address_hmac


def test_an_email_address_is_the_same_in_any_case() -> None:
    consent.suppress("Ann@Example.org ", source="staff")
    assert consent.is_suppressed("ann@example.org")


TWINS = [("+5511987654321", "+551187654321"), ("+5491123456789", "+541123456789"), ("+5215512345678", "+525512345678")]


@pytest.mark.django_db
@pytest.mark.parametrize(("one", "other"), [*TWINS, *((b, a) for a, b in TWINS)])
def test_stop_holds_for_both_spellings_of_a_number(one: str, other: str) -> None:
    consent.give(other, Channel.SMS, Purpose.CARE, method=Consent.Method.VERBAL)
    assert consent.suppress(one, source="keyword")
    consent.withdraw(one, Channel.SMS, Purpose.CARE, method=Consent.Method.KEYWORD)
    assert consent.is_suppressed(other)
    assert consent.state(other) is False
    assert not consent.suppress(other, source="keyword")
    assert consent.lift(other, by="staff")
    assert not consent.is_suppressed(one)


def test_with_a_booking_only_that_is_given_of_which_nobody_has_spoken() -> None:
    old_spelling, phone, mail = "+551187654321", "+5511987654321", "ana@example.com"
    consent.withdraw(old_spelling, SMS, MARKETING, method=SAID)
    wanted = [(phone, SMS, CARE), (phone, SMS, MARKETING), (mail, Channel.EMAIL, CARE)]
    for _ in range(2):
        consent.give_first(wanted, method=BOOKED, evidence="booking 1")
    given = Consent.objects.filter(given=True).values_list("address", "channel", "purpose")
    assert sorted(given) == [(phone, "sms", "care"), (mail, "email", "care")]
    consent.give_first([], method=BOOKED, evidence="booking 1")


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL reads a small table whole, whatever its indexes")
def test_who_said_stop_is_found_without_reading_all_who_did() -> None:
    plan = consent.suppressions("default", ["+12025550142"], ["fingerprint"]).explain()
    assert "tenant_id=? AND address_hmac=?" in plan
    assert "tenant_id=? AND <expr>=?" in plan
    assert "(tenant_id=?)" not in plan
