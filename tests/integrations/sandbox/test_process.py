"""The process: it survives being killed, keeps trying while ARO is away, and says plainly why it cannot start."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import requests
from twilio.request_validator import RequestValidator

from aro.project import ROOT
from config.vendors import SANDBOX_VALUES as VALUES
from integrations.sandbox.settings import DEFAULTS, from_environment
from tests.integrations.sandbox.conftest import wait_until

AUTH = ("AC" + "a" * 32, "sandbox-twilio-auth-token")


def create(sandbox: Any, callback: str = "", number: str = "+12025550100", validity: str = "") -> requests.Response:
    url = f"{sandbox.url}/twilio/2010-04-01/Accounts/{AUTH[0]}/Messages.json"
    form = {
        "To": number,
        "From": "+15005550006",
        "Body": "Hello",
        "StatusCallback": callback,
        "ValidityPeriod": validity,
    }
    return requests.post(url, data=form, auth=AUTH, timeout=5)


def test_a_killed_sandbox_comes_back_with_ledger_bookings_faults_and_clock(own_sandbox: Any, receiver: Any) -> None:
    booking_id = own_sandbox.book()["booking_id"]
    create(own_sandbox)
    own_sandbox.post("/faults", provider="stripe", kind="http_500", count=3)
    own_sandbox.post("/clock", advance_seconds=86_400)
    own_sandbox.post("/reply", **{"from": "+12025550101", "body": "STOP"})
    own_sandbox.end(signal.SIGKILL)
    own_sandbox.start()
    assert [kept["body"] for kept in own_sandbox.get("/messages")["messages"]] == ["Hello"]
    assert [(item["kind"], item["count"]) for item in own_sandbox.get("/faults")["faults"]] == [("http_500", 3)]
    assert own_sandbox.get("/clock")["offset_seconds"] == 86_400
    assert create(own_sandbox, number="+12025550101").json()["code"] == 21610
    answer = own_sandbox.post("/cancel", provider="calendly", booking_id=booking_id, by="invitee")
    assert answer["webhook_status"] == 200
    assert len(receiver.on("/webhooks/calendly")) == 2


def test_every_text_acknowledged_before_a_kill_is_in_the_ledger(own_sandbox: Any) -> None:
    accepted: list[str] = []

    def work() -> None:
        try:
            while True:
                accepted.append(create(own_sandbox).json()["sid"])
        except requests.RequestException:
            return

    thread = threading.Thread(target=work)
    thread.start()
    wait_until(lambda: len(accepted) > 5, 30, "some texts")
    own_sandbox.end(signal.SIGKILL)
    thread.join(30)
    own_sandbox.start()
    kept = [message["sid"] for message in own_sandbox.get("/messages")["messages"]]
    assert accepted
    assert kept[: len(accepted)] == accepted
    assert len(kept) - len(accepted) in (0, 1)


def test_a_text_half_way_when_killed_still_arrives(own_sandbox: Any, receiver: Any) -> None:
    create(own_sandbox, f"{receiver.url}/webhooks/twilio/status/e1")
    own_sandbox.end(signal.SIGKILL)
    own_sandbox.start()
    wait_until(lambda: b"MessageStatus=delivered" in last_report(receiver), 30, "the last report")
    assert [kept["status"] for kept in own_sandbox.get("/messages")["messages"]] == ["delivered"]


def last_report(receiver: Any) -> bytes:
    reports = receiver.on("/webhooks/twilio/status/e1")
    return bytes(reports[-1].body) if reports else b""


def test_a_text_still_queued_after_its_validity_period_is_never_sent(own_sandbox: Any, receiver: Any) -> None:
    create(own_sandbox, f"{receiver.url}/webhooks/twilio/status/v", validity="1")
    own_sandbox.end(signal.SIGKILL)
    time.sleep(1.1)
    receiver.received.clear()
    own_sandbox.start()
    reports = [dict(parse_qsl(item.body.decode())) for item in receiver.wait("/webhooks/twilio/status/v", 1)]
    assert (reports[-1]["MessageStatus"], reports[-1]["ErrorCode"]) == ("failed", "30036")
    assert [kept["status"] for kept in own_sandbox.get("/messages")["messages"]] == ["failed"]


def test_no_signature_crosses_a_move_of_the_clock(own_sandbox: Any, receiver: Any) -> None:
    receiver.pause = 0.3
    thread = threading.Thread(target=own_sandbox.book)
    thread.start()
    wait_until(lambda: receiver.begun, 30, "the delivery")
    own_sandbox.post("/clock", advance_seconds=86_400)
    moved_at = time.monotonic()
    thread.join(30)
    [item] = receiver.on("/webhooks/calendly")
    assert item.answered_at < moved_at


def test_texts_under_way_arrive_before_the_clock_moves(own_sandbox: Any) -> None:
    create(own_sandbox, validity="60")
    own_sandbox.post("/clock", advance_seconds=86_400)
    assert [kept["status"] for kept in own_sandbox.get("/messages")["messages"]] == ["delivered"]


def test_while_aro_fails_webhooks_wait_are_signed_anew_and_keep_their_order(own_sandbox: Any, receiver: Any) -> None:
    receiver.status = 503
    first = own_sandbox.book()
    assert first["webhook_status"] == 503
    booking_id = first["booking_id"]
    own_sandbox.post("/clock", advance_seconds=600)
    moved = own_sandbox.post(
        "/reschedule", provider="calendly", booking_id=booking_id, starts_at="2027-03-18T15:00:00Z"
    )
    assert moved["webhook_status"] is None
    receiver.wait("/webhooks/calendly", 2)
    receiver.received.clear()
    receiver.status = 200
    kinds = [json.loads(item.body)["event"] for item in receiver.wait("/webhooks/calendly", 3)]
    assert kinds == ["invitee.created", "invitee.canceled", "invitee.created"]
    signed = receiver.on("/webhooks/calendly")[0].headers["calendly-webhook-signature"]
    assert int(signed.split(",")[0].removeprefix("t=")) > own_sandbox.now() - 60


def test_a_reply_waits_for_aro_even_through_a_kill(own_sandbox: Any, receiver: Any) -> None:
    receiver.status = 500
    own_sandbox.post("/reply", **{"from": "+12025550100", "body": "C"})
    own_sandbox.end(signal.SIGKILL)
    receiver.received.clear()
    receiver.status = 200
    own_sandbox.start()
    [item] = receiver.wait("/webhooks/twilio/sms", 1)
    assert dict(parse_qsl(item.body.decode()))["Body"] == "C"


def test_a_reply_is_repeated_when_aro_hangs_up_in_the_middle(own_sandbox: Any, receiver: Any) -> None:
    receiver.hang_ups = 2
    own_sandbox.post("/reply", **{"from": "+12025550100", "body": "C"})
    assert len(receiver.wait("/webhooks/twilio/sms", 1)) == 1


def test_one_persons_waiting_webhook_does_not_hold_up_another(own_sandbox: Any, receiver: Any) -> None:
    receiver.status = 500
    own_sandbox.book(name="First")
    receiver.status = 200
    assert own_sandbox.book(name="Second")["webhook_status"] == 200


def test_what_aro_refuses_is_repeated_as_providers_do(own_sandbox: Any, receiver: Any) -> None:
    receiver.status = 401
    assert own_sandbox.book()["webhook_status"] == 401
    receiver.status = 200
    wait_until(lambda: len(receiver.received) > 1, 30, "the second call")
    time.sleep(1)
    assert len(receiver.received) == 2


def test_the_public_address_is_signed_and_the_local_one_is_called(own_sandbox: Any, receiver: Any) -> None:
    own_sandbox.end()
    own_sandbox.environment = {"PUBLIC_BASE_URL": "https://clinic.example/"}
    own_sandbox.start()
    create(own_sandbox, "https://clinic.example/webhooks/twilio/status/e9")
    item = receiver.wait("/webhooks/twilio/status/e9", 3)[0]
    params = dict(parse_qsl(item.body.decode(), keep_blank_values=True))
    from_public = "https://clinic.example/webhooks/twilio/status/e9"
    assert valid(from_public, params, item.headers["x-twilio-signature"])
    assert not valid(receiver.url + item.path, params, item.headers["x-twilio-signature"])


def valid(url: str, params: dict[str, str], signature: str) -> bool:
    return bool(RequestValidator(AUTH[1]).validate(url, params, signature))


def test_it_listens_on_this_machine_only(own_sandbox: Any) -> None:
    lines = Path(f"/proc/{own_sandbox.process.pid}/net/tcp").read_text(encoding="ascii").splitlines()[1:]
    listening = [line.split()[1] for line in lines if line.split()[3] == "0A"]
    assert f"0100007F:{own_sandbox.port:04X}" in listening


def test_it_ends_by_itself_when_told(own_sandbox: Any) -> None:
    assert own_sandbox.end(signal.SIGTERM) == 0
    own_sandbox.start()
    assert own_sandbox.end(signal.SIGINT) == 0
    assert "Traceback" not in own_sandbox.log()


def test_it_ends_although_calls_hang(own_sandbox: Any, receiver: Any) -> None:
    own_sandbox.post("/faults", provider="twilio", kind="timeout", seconds=60)
    thread = threading.Thread(target=lambda: swallow(own_sandbox))
    thread.start()
    time.sleep(0.3)
    start = time.monotonic()
    assert own_sandbox.end() == 0
    assert time.monotonic() - start < 20
    thread.join(30)
    assert "Traceback" not in own_sandbox.log()


def swallow(sandbox: Any) -> None:
    try:
        create(sandbox)
    except requests.RequestException:
        return


def run(**environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "integrations.sandbox"]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)


def test_a_port_in_use_is_named_with_the_way_out(own_sandbox: Any, tmp_path: Path) -> None:
    ended = run(ARO_HOME=str(tmp_path / "other"), SANDBOX_PORT=str(own_sandbox.port))
    assert ended.returncode == 1
    assert "is in use. Set SANDBOX_PORT to a free one." in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_port_that_is_none_is_named(tmp_path: Path) -> None:
    ended = run(ARO_HOME=str(tmp_path), SANDBOX_PORT="99999")
    assert ended.returncode == 1
    assert "SANDBOX_PORT must be a port number" in ended.stderr


def test_a_secret_that_cannot_sign_is_named(tmp_path: Path) -> None:
    ended = run(ARO_HOME=str(tmp_path), CUSTOM_WEBHOOK_SECRET="whsec_x")
    assert ended.returncode == 1
    assert "CUSTOM_WEBHOOK_SECRET must be" in ended.stderr


def test_a_broken_ledger_is_named_with_the_way_out(tmp_path: Path) -> None:
    (tmp_path / "sandbox").mkdir()
    (tmp_path / "sandbox" / "ledger.db").write_bytes(b"not a database" * 100)
    ended = run(ARO_HOME=str(tmp_path), SANDBOX_PORT="39999")
    assert ended.returncode == 1
    assert "start afresh" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_nothing_of_django_is_loaded() -> None:
    code = "import sys, integrations.sandbox.app; print(sorted(m for m in sys.modules if m.split('.')[0] in %r))"
    ours = ("django", "celery", "config", "aro", "appointments", "workflows", "compliance")
    ended = subprocess.run([sys.executable, "-c", code % (ours,)], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert ended.stdout.strip() == "[]", ended.stderr


def test_the_fixed_values_are_those_of_aros_sandbox_mode() -> None:
    assert DEFAULTS == VALUES


def test_a_secret_may_come_from_a_file_and_the_newest_of_two_signs(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("from-a-file\n", encoding="utf-8")
    names = {"TWILIO_AUTH_TOKEN_FILE": str(tmp_path / "token"), "STRIPE_WEBHOOK_SECRET": "whsec_new,whsec_old"}
    settings = from_environment({"ARO_HOME": str(tmp_path), **names})
    assert settings.secret("TWILIO_AUTH_TOKEN") == "from-a-file"
    assert settings.secret("STRIPE_WEBHOOK_SECRET") == "whsec_new"
