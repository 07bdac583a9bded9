"""The short way in answers as the whole chain does, to the last header, and takes nothing but deliveries."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import OperationalError
from django.test import override_settings
from django.urls import resolve
from pytest_django import Settings

from aro import clock, secrets
from aro.ops import key_proofs
from aro.watch import metrics
from aro.web.answer import Answer
from aro.web.request import Request
from aro.web.work import ask
from integrations.inbound import door, webhooks
from integrations.models import Receipt
from tests.integrations import signers
from tests.integrations.contract import fixture

pytestmark = pytest.mark.django_db(transaction=True)
SECRET = "sandbox-calendly-signing-key"
ID = "018f3b7e-0000-7000-8000-000000000001"
CALENDLY, FORM = "/webhooks/calendly", "application/x-www-form-urlencoded"


@pytest.fixture
def whole(settings: Settings) -> WSGIHandler:
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    settings.SECURE_HSTS_SECONDS = 3600
    return WSGIHandler()


@dataclass(frozen=True)
class Asked:
    """A request that can be made anew, for its body is read once."""

    path: str
    body: bytes = b"{}"
    kind: str = "application/json"
    method: str = "POST"
    host: str = "127.0.0.1"
    headers: Mapping[str, str] = field(default_factory=dict)
    scheme: str = "http"

    def environ(self) -> dict[str, Any]:
        said = {"Host": self.host, "Content-Type": self.kind, "X-Correlation-Id": ID, **self.headers}
        pairs = [(name.encode(), value.encode()) for name, value in said.items()]
        request = Request(self.path.encode(), pairs, bytearray(self.body), method=self.method)
        return request.environ(server=("127.0.0.1", 3000), client=("127.0.0.1", 5000)) | {
            "wsgi.url_scheme": self.scheme
        }


def booking() -> dict[str, Any]:
    body = fixture("calendly", "invitee.created")
    signed = signers.calendly(body, secret=SECRET, at=clock.now().timestamp())
    return Asked(CALENDLY, body, headers=signed).environ()


def told(answer: Answer) -> tuple[str, dict[str, str], bytes]:
    return answer.status, dict(answer.headers), answer.body


def no_whole_chain(environ: dict[str, Any], start_response: Any) -> Any:
    raise AssertionError("the whole chain was asked")


CASES = {
    "unsigned": Asked(CALENDLY),
    "with a slash": Asked("/webhooks/calendly/"),
    "no JSON": Asked(CALENDLY, kind="text/plain"),
    "too large": Asked(CALENDLY, b"x" * 600_000),
    "a state of a text": Asked(f"/webhooks/twilio/status/{ID}", b"a=1", FORM),
    "the echo": Asked("/webhooks/test", b'{"event": "x"}'),
    "passed on by a proxy": Asked(CALENDLY, headers={"X-Forwarded-For": "203.0.113.9"}),
    "over https": Asked(CALENDLY, scheme="https"),
}


@pytest.mark.parametrize("case", CASES)
def test_a_delivery_is_answered_as_by_the_whole_chain(whole: WSGIHandler, case: str) -> None:
    expected = told(ask(whole, CASES[case].environ()))
    assert told(ask(door.Door(no_whole_chain), CASES[case].environ())) == expected
    assert expected[1]["X-Correlation-Id"] == ID


def test_a_signed_booking_is_kept_once_whichever_way_it_comes(whole: WSGIHandler) -> None:
    short = told(ask(door.Door(no_whole_chain), booking()))
    assert Receipt.objects.count() == 1
    assert told(ask(whole, booking())) == short
    assert short[0] == "200 OK"
    assert Receipt.objects.count() == 1


ELSEWHERE = {
    "a page": Asked("/admin/login/", method="GET"),
    "a look at the address": Asked(CALENDLY, method="GET"),
    "no method of ours": Asked(CALENDLY, method="PUT"),
    "nobody's address": Asked("/webhooks/nobody"),
    "another host": Asked(CALENDLY, host="evil.example"),
    "a form of people": Asked("/admin/login/", b"username=a", FORM),
    "a text that has no id": Asked("/webhooks/twilio/status/none", b"a=1", FORM),
}


@pytest.mark.parametrize("case", ELSEWHERE)
def test_what_is_no_delivery_goes_the_whole_way(whole: WSGIHandler, case: str) -> None:
    asked: list[Any] = []

    def noting(environ: dict[str, Any], start_response: Any) -> Any:
        asked.append(environ)
        return whole(environ, start_response)

    ask(door.Door(noting), ELSEWHERE[case].environ())
    assert len(asked) == 1


def test_an_address_that_checks_forms_goes_the_whole_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhooks, "receive", None)
    match = resolve("/webhooks/calendly")
    monkeypatch.setattr(match.func, "csrf_exempt", False)
    with pytest.raises(AssertionError, match="whole chain"):
        ask(door.Door(no_whole_chain), booking())


@override_settings(SECURE_SSL_REDIRECT=True)
def test_where_https_is_wanted_a_delivery_without_it_is_sent_there(whole: WSGIHandler) -> None:
    expected = told(ask(WSGIHandler(), booking()))
    assert expected[0].startswith("301")
    assert told(ask(door.Door(no_whole_chain), booking())) == expected


def test_a_fault_of_ours_and_a_database_that_is_away_have_their_envelope(
    whole: WSGIHandler, monkeypatch: pytest.MonkeyPatch
) -> None:
    for error, status in ((RuntimeError("+12025550147"), "500"), (OperationalError("gone"), "503")):

        def fails(*_: Any, error: Exception = error) -> None:
            raise error

        monkeypatch.setattr(webhooks, "read", fails)
        expected, short = told(ask(whole, booking())), told(ask(door.Door(no_whole_chain), booking()))
        assert short == expected
        assert short[0].startswith(status)
        assert b"2025550147" not in short[2]


def test_before_the_keys_are_proved_nothing_is_taken(whole: WSGIHandler, monkeypatch: pytest.MonkeyPatch) -> None:
    def foreign() -> None:
        raise key_proofs.ForeignKeysError("elsewhere")

    monkeypatch.setattr(secrets, "_proof", foreign)
    expected = told(ask(whole, booking()))
    assert expected[0].startswith("503")
    assert told(ask(door.Door(no_whole_chain), booking())) == expected
    assert Receipt.objects.count() == 0


def test_it_is_counted_and_logged_with_its_id_and_route(caplog: pytest.LogCaptureFixture) -> None:
    def count() -> float:
        labels = {"route": "/webhooks/calendly", "method": "POST", "status_class": "2xx"}
        return metrics.REGISTRY.get_sample_value("aro_http_requests_total", labels) or 0.0

    before = count()
    with caplog.at_level(logging.INFO, logger="aro.watch.middleware"):
        ask(door.Door(no_whole_chain), booking())
    assert count() == before + 1
    (line,) = [record for record in caplog.records if record.message == "request answered"]
    assert (line.__dict__["route"], line.__dict__["status"]) == ("/webhooks/calendly", 200)


def test_the_envelope_is_json() -> None:
    answer = ask(door.Door(no_whole_chain), Asked(CALENDLY).environ())
    assert json.loads(answer.body)["error"]["code"]
    assert UUID(dict(answer.headers)["X-Correlation-Id"]) == UUID(ID)
