"""The sandbox as Twilio: the real SDK sends, lists and reads; the real validator checks what comes back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit, urlunsplit

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from tests.integrations.sandbox.conftest import wait_until

SID, TOKEN, CLINIC, PATIENT = "AC" + "a" * 32, "sandbox-twilio-auth-token", "+15005550006", "+12025550100"


class Redirect(TwilioHttpClient):  # type: ignore[misc]  # the SDK has no types
    def __init__(self, base: str) -> None:
        super().__init__(timeout=10)
        self.base = urlsplit(base)

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
        path = urlsplit(url)
        there = urlunsplit((self.base.scheme, self.base.netloc, self.base.path + path.path, path.query, ""))
        return super().request(method, there, *args, **kwargs)


def client(sandbox: Any, token: str = TOKEN) -> Client:
    return Client(SID, token, http_client=Redirect(f"{sandbox.url}/twilio"))


def send(sandbox: Any, **more: Any) -> Any:
    return client(sandbox).messages.create(**({"to": PATIENT, "from_": CLINIC, "body": "Hello"} | more))


def forms(receiver: Any, count: int, path: str = "/webhooks/twilio/status") -> list[dict[str, str]]:
    return [dict(parse_qsl(item.body.decode(), keep_blank_values=True)) for item in receiver.wait(path, count)]


def valid(item: Any, receiver: Any) -> bool:
    params = dict(parse_qsl(item.body.decode(), keep_blank_values=True))
    signature = item.headers["x-twilio-signature"]
    return bool(RequestValidator(TOKEN).validate(receiver.url + item.path, params, signature))


def test_a_text_is_accepted_reported_in_order_and_kept_in_the_ledger(world: Any) -> None:
    sandbox, receiver = world
    message = send(sandbox, status_callback=f"{receiver.url}/webhooks/twilio/status/0197-abc")
    assert (message.status, message.num_segments, message.direction) == ("queued", "1", "outbound-api")
    reports = forms(receiver, 3)
    assert [form["MessageStatus"] for form in reports] == ["queued", "sent", "delivered"]
    assert {form["MessageSid"] for form in reports} == {message.sid}
    assert all(valid(item, receiver) for item in receiver.on("/webhooks/twilio/status/0197-abc"))
    [kept] = sandbox.get("/messages?to=%2B12025550100")["messages"]
    assert kept["accepted_at"].endswith("Z")
    kept.pop("accepted_at")
    assert kept == {
        "sid": message.sid,
        "to": PATIENT,
        "from": CLINIC,
        "body": "Hello",
        "channel": "sms",
        "execution_id": "0197-abc",
        "status": "delivered",
        "error_code": None,
    }


def test_the_ledger_keeps_the_order_and_filters_by_number(world: Any) -> None:
    sandbox, _receiver = world
    for number, body in ((PATIENT, "one"), ("+12025550101", "other"), (PATIENT, "two")):
        send(sandbox, to=number, body=body)
    assert [kept["body"] for kept in sandbox.get("/messages?to=12025550100")["messages"]] == ["one", "two"]
    assert [kept["body"] for kept in sandbox.get("/messages")["messages"]] == ["one", "other", "two"]


def test_a_wrong_token_is_refused(world: Any) -> None:
    sandbox, _receiver = world
    with pytest.raises(TwilioRestException) as caught:
        client(sandbox, "wrong").messages.create(to=PATIENT, from_=CLINIC, body="Hello")
    assert (caught.value.status, caught.value.code) == (401, 20003)
    assert not sandbox.get("/messages")["messages"]


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"to": "+15005550001"}, 21211),
        ({"to": "+15005550002"}, 21612),
        ({"to": "+15005550003"}, 21408),
        ({"to": "+15005550004"}, 21610),
        ({"to": "+15005550009"}, 21614),
        ({"to": "555"}, 21211),
        ({"from_": "+15005550001"}, 21212),
        ({"from_": "+15005550007"}, 21606),
        ({"from_": "+15005550008"}, 21611),
        ({"body": "x" * 1601}, 21617),
        ({"body": ""}, 21602),
        ({"validity_period": 36_001}, 90007),
        ({"status_callback": "nowhere"}, 21609),
        ({"status_callback": "http://127.0.0.1:port/x"}, 21609),
        ({"status_callback": "http://[::1/x"}, 21609),
        ({"status_callback": "http://127.0.0.1/x y\r\nA: b"}, 21609),
    ],
)
def test_twilios_own_errors_come_back_and_nothing_is_kept(world: Any, more: dict[str, Any], code: int) -> None:
    sandbox, _receiver = world
    with pytest.raises(TwilioRestException) as caught:
        send(sandbox, **more)
    assert (caught.value.status, caught.value.code) == (400, code)
    assert not sandbox.get("/messages")["messages"]


def test_after_stop_the_carrier_refuses_until_start(world: Any) -> None:
    sandbox, receiver = world
    sandbox.post("/reply", **{"from": PATIENT, "body": " stop "})
    with pytest.raises(TwilioRestException) as caught:
        send(sandbox)
    assert caught.value.code == 21610
    [form] = forms(receiver, 1, "/webhooks/twilio/sms")
    assert "OptOutType" not in form
    send(sandbox, to="+12025550101")
    sandbox.post("/reply", **{"from": PATIENT, "body": "START"})
    send(sandbox)
    assert [kept["to"] for kept in sandbox.get("/messages")["messages"]] == ["+12025550101", PATIENT]


def test_words_around_stop_do_not_opt_out_at_the_carrier(world: Any) -> None:
    sandbox, _receiver = world
    sandbox.post("/reply", **{"from": PATIENT, "body": "please cancel"})
    assert send(sandbox).sid


def test_a_reply_is_signed_with_its_blank_parameters(world: Any) -> None:
    sandbox, receiver = world
    answer = sandbox.post("/reply", **{"from": PATIENT, "body": "Sí, confirmo 👍"})
    [item] = receiver.on("/webhooks/twilio/sms")
    assert valid(item, receiver)
    [form] = forms(receiver, 1, "/webhooks/twilio/sms")
    assert (form["From"], form["To"], form["Body"]) == (PATIENT, CLINIC, "Sí, confirmo 👍")
    assert (form["FromCity"], form["ToZip"]) == ("", "")
    assert (answer["sid"], answer["webhook_status"]) == (form["MessageSid"], 200)
    without_blanks = {name: value for name, value in form.items() if value}
    url, signature = f"{receiver.url}/webhooks/twilio/sms", item.headers["x-twilio-signature"]
    assert not RequestValidator(TOKEN).validate(url, without_blanks, signature)


def test_an_empty_reply_is_a_reply(world: Any) -> None:
    sandbox, receiver = world
    sandbox.post("/reply", **{"from": PATIENT, "body": ""})
    [form] = forms(receiver, 1, "/webhooks/twilio/sms")
    assert form["Body"] == ""


def test_a_whatsapp_reply_has_whatsapp_addresses(world: Any) -> None:
    sandbox, receiver = world
    sandbox.post("/reply", **{"from": PATIENT, "body": "Yes", "channel": "whatsapp"})
    [form] = forms(receiver, 1, "/webhooks/twilio/sms")
    assert (form["From"], form["WaId"]) == (f"whatsapp:{PATIENT}", "12025550100")
    assert form["To"].startswith("whatsapp:+")


def test_free_text_on_whatsapp_needs_an_open_window(world: Any) -> None:
    sandbox, receiver = world
    callback = f"{receiver.url}/webhooks/twilio/status/w"
    outside = {"to": f"whatsapp:{PATIENT}", "from_": f"whatsapp:{CLINIC}", "status_callback": callback}
    send(sandbox, **outside)
    last = forms(receiver, 2)[-1]
    assert (last["MessageStatus"], last["ErrorCode"]) == ("failed", "63016")
    sandbox.post("/reply", **{"from": PATIENT, "body": "Yes", "channel": "whatsapp"})
    send(sandbox, **outside)
    assert forms(receiver, 5)[-1]["MessageStatus"] == "delivered"
    assert [kept["channel"] for kept in sandbox.get("/messages?to=%2B12025550100")["messages"]] == ["whatsapp"] * 2


def test_a_template_needs_no_window_on_whatsapp(world: Any) -> None:
    sandbox, receiver = world
    create = client(sandbox).messages.create
    create(
        to=f"whatsapp:{PATIENT}",
        from_=f"whatsapp:{CLINIC}",
        content_sid="HX" + "b" * 32,
        content_variables='{"1": "Ana"}',
        status_callback=f"{receiver.url}/webhooks/twilio/status/t",
    )
    assert forms(receiver, 3)[-1]["MessageStatus"] == "delivered"


def test_segments_are_counted_as_the_network_counts_them(world: Any) -> None:
    sandbox, _receiver = world
    bodies = {"a" * 160: "1", "a" * 161: "2", "€" * 80: "1", "€" * 81: "2", "👍" * 35: "1", "👍" * 36: "2"}
    assert {body: send(sandbox, body=body).num_segments for body in bodies} == bodies


def test_the_list_pages_newest_first_and_filters_by_number_and_time(world: Any) -> None:
    sandbox, _receiver = world
    sids = [send(sandbox, body=str(number)).sid for number in range(5)]
    send(sandbox, to="+12025550101")
    twilio = client(sandbox)
    assert [found.sid for found in twilio.messages.list(to=PATIENT, page_size=2)] == sids[::-1]
    assert [found.body for found in twilio.messages.list(to=PATIENT, limit=1)] == ["4"]
    # A text has its time of sending once it has been sent.
    wait_until(lambda: {twilio.messages(sid).fetch().status for sid in sids} == {"delivered"}, 30, "the texts")
    now = datetime.fromtimestamp(sandbox.now(), UTC)
    assert len(twilio.messages.list(to=PATIENT, date_sent_after=now - timedelta(minutes=1))) == 5
    assert not twilio.messages.list(to=PATIENT, date_sent_after=now + timedelta(minutes=1))


def test_an_unknown_message_is_not_found(world: Any) -> None:
    sandbox, _receiver = world
    with pytest.raises(TwilioRestException) as caught:
        client(sandbox).messages("SM" + "0" * 32).fetch()
    assert (caught.value.status, caught.value.code) == (404, 20404)


def test_the_account_is_active_and_has_a_balance(world: Any) -> None:
    sandbox, _receiver = world
    account = client(sandbox).api.v2010.accounts(SID)
    assert account.fetch().status == "active"
    assert account.balance.fetch().currency == "USD"


def test_the_sandbox_calls_no_other_machine(world: Any) -> None:
    sandbox, receiver = world
    send(sandbox, status_callback="http://192.0.2.1/webhooks/twilio/status/x")
    wait_until(lambda: sandbox.get("/messages")["messages"][0]["status"] == "delivered", 30, "the text")
    assert not receiver.received
