"""Resend's webhooks: the border's contract, and what each event becomes."""

from __future__ import annotations

import json
from typing import Any, ClassVar

import pytest
from django.test import Client, override_settings

from appointments.inbound import DeliveryReported, NothingToDo, OptOutReported
from appointments.models import Appointment, Customer, Message
from aro import clock
from aro.ids import new_id
from compliance import consent
from compliance.models import Channel, Purpose
from integrations.inbound import routing
from integrations.providers import ADAPTERS
from integrations.providers.shared.base import MalformedError, Stored
from tests.integrations import signers
from tests.integrations.contract import JsonContract, fixture
from tests.integrations.messaging import MAIL, PHONE, ana, visit

__all__ = ["ana", "visit"]
pytestmark = pytest.mark.django_db
EXECUTION = "0192f0c1-7a3b-7c4d-8e5f-60718293a4b5"
OLD_KEY = "whsec_b2xkLWtleS1vZi10aGUtbWFpbC1wcm92aWRlciE="
NEW_KEY = "whsec_bmV3LWtleS1vZi10aGUtbWFpbC1wcm92aWRlciE="


class TestResendAtTheBorder(JsonContract):
    name = "resend"
    url = "/webhooks/resend"
    setting = "RESEND_WEBHOOK_SECRET"
    good: ClassVar[bytes] = fixture("resend", "email.delivered")
    unknown: ClassVar[bytes] = fixture("resend", "email.opened")
    tolerance = 300

    def sign(self, body: bytes, *, secret: str, late_by: float = 0) -> dict[str, str]:
        ours = signers.standard_webhooks(body, secret=secret, at=clock.now().timestamp() - late_by)
        return {name.replace("webhook-", "svix-"): value for name, value in ours.items()}

    @pytest.mark.parametrize("which", ["old", "new"])
    def test_both_secrets_hold_while_one_replaces_the_other(self, client: Client, db: None, which: str) -> None:
        with override_settings(RESEND_WEBHOOK_SECRET=f"{NEW_KEY}, {OLD_KEY}"):
            secret = {"old": OLD_KEY, "new": NEW_KEY}[which]
            assert self.post(client, self.good, self.sign(self.good, secret=secret)).status_code == 200


def news(name: str, **changes: Any) -> Any:
    event = json.loads(fixture("resend", name))
    event["data"] |= changes
    stored = Stored(body=json.dumps(event).encode(), path_ref="", received_at=clock.now())
    (one,) = ADAPTERS["resend"].parse(stored)
    return one


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [
        ("email.sent", "sent", ""),
        ("email.delivered", "delivered", ""),
        ("email.bounced", "undelivered", "bounced"),
        ("email.bounced.for_now", "undelivered", "bounced_for_now"),
        ("email.suppressed", "undelivered", "suppressed"),
        ("email.failed", "failed", "failed"),
    ],
)
def test_each_event_has_its_state_its_code_and_our_execution(name: str, status: str, code: str) -> None:
    report = news(name)
    assert isinstance(report, DeliveryReported)
    assert (report.status, report.error_code, report.execution_id) == (status, code, EXECUTION)


def test_a_delay_is_no_news() -> None:
    assert isinstance(news("email.delivery_delayed"), NothingToDo)


@pytest.mark.parametrize("tags", [{"execution": EXECUTION}, [{"name": "execution", "value": EXECUTION}]])
def test_our_tag_is_read_in_both_its_forms(tags: Any) -> None:
    assert news("email.delivered", tags=tags).execution_id == EXECUTION


@pytest.mark.parametrize("tags", [None, [], {}, "x", [None], {"execution": 7}])
def test_without_our_tag_the_mails_own_id_is_left(tags: Any) -> None:
    report = news("email.delivered", tags=tags)
    assert (report.execution_id, report.provider_id) == ("", "7d1c2f3e-aaaa-4bbb-8ccc-0123456789ab")


def test_an_event_about_no_mail_is_malformed() -> None:
    with pytest.raises(MalformedError):
        news("email.bounced", email_id=None)


@pytest.fixture
def mailed(visit: Appointment) -> Message:
    """An e-mail to her that has arrived."""
    return Message.objects.create(
        direction="out",
        kind="confirmation",
        channel="email",
        address=MAIL,
        appointment=visit,
        customer=visit.customer,
        status="delivered",
        provider_id="7d1c2f3e-aaaa-4bbb-8ccc-0123456789ab",
    )


def applied(one: Any) -> str:
    with override_settings(EMAIL_CARRIER="resend"):
        return routing.apply(one, correlation_id=new_id()).outcome


def test_who_marks_it_as_spam_gets_no_more_email_and_texts_go_on(mailed: Message) -> None:
    complaint = news("email.complained")
    assert isinstance(complaint, OptOutReported)
    assert applied(complaint) == "applied"
    assert consent.is_suppressed(MAIL)
    assert consent.state(MAIL, Channel.EMAIL, Purpose.CARE) is False
    assert not consent.is_suppressed(PHONE)
    mailed.refresh_from_db()
    assert mailed.status == "delivered"
    assert applied(complaint) == "stale"


def test_a_complaint_about_somebody_elses_mail_changes_nothing(mailed: Message) -> None:
    assert applied(news("email.complained", email_id="another")) == "ignored"
    assert not consent.is_suppressed(MAIL)


def test_a_mail_that_comes_back_after_it_was_taken_makes_the_address_useless(mailed: Message) -> None:
    assert applied(news("email.bounced")) == "stale"
    assert Customer.objects.get().email_usable is False
    mailed.refresh_from_db()
    assert mailed.status == "delivered"


def test_a_mail_that_comes_back_makes_the_address_useless_and_a_text_takes_over(mailed: Message) -> None:
    Message.objects.update(status="sent")
    assert applied(news("email.bounced")) == "applied"
    assert Customer.objects.get().email_usable is False
