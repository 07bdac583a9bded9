from __future__ import annotations

import json
import threading
from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from aro.ids import new_id
from compliance import append_only
from compliance.audit import chain
from compliance.models import AuditHead, AuditLog


def write(**changes: Any) -> AuditLog:
    values: dict[str, Any] = {
        "action": "appointment.cancel",
        "actor": "admin",
        "actor_id": "7",
        "resource_type": "appointment",
        **changes,
    }
    return chain.write(**values)


def tamper(seq: int, **changes: Any) -> None:
    with append_only.suspended():
        assert AuditLog.objects.filter(seq=seq).update(**changes)


def cut(*seqs: int) -> None:
    with append_only.suspended():
        AuditLog.objects.filter(seq__in=seqs)._raw_delete("default")


@pytest.mark.django_db
def test_an_empty_log_and_a_growing_one_are_whole() -> None:
    assert chain.verify() is None
    for _ in range(3):
        write()
    assert list(AuditLog.objects.order_by("seq").values_list("seq", flat=True)) == [1, 2, 3]
    assert chain.verify() is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    "changes",
    [
        {"action": "appointment.confirm"},
        {"actor_id": "8"},
        {"after": {"status": "booked"}},
        {"reason": "other"},
        {"at": datetime(2020, 1, 1, tzinfo=UTC)},
        {"ip": "203.0.113.9"},
        {"resource_id": "x"},
        {"mac": "0" * 64},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_a_changed_entry_is_named(changes: dict[str, Any]) -> None:
    for _ in range(3):
        write(after={"status": "cancelled"}, reason="asked by phone", ip="203.0.113.1", resource_id=new_id())
    tamper(2, **changes)
    assert chain.verify() == 2


@pytest.mark.django_db
def test_a_removed_entry_is_named() -> None:
    for _ in range(3):
        write()
    cut(2)
    assert chain.verify() == 2


@pytest.mark.django_db
def test_cutting_the_newest_entries_off_is_seen_even_when_the_head_is_set_back() -> None:
    for _ in range(3):
        write()
    cut(3)
    assert chain.verify() == 3
    AuditHead.objects.update(seq=2, mac=AuditLog.objects.get(seq=2).mac)
    assert chain.verify() == 3


@pytest.mark.django_db
def test_a_head_taken_away_with_the_tail_stays_visible_after_later_entries() -> None:
    for _ in range(3):
        write()
    cut(3)
    with append_only.suspended():
        AuditHead.objects.all()._raw_delete("default")
    assert chain.verify() == 3
    write()
    assert chain.verify() == 3


@pytest.mark.django_db
def test_each_tenant_has_a_chain_of_its_own() -> None:
    write()
    write(tenant_id="other")
    assert AuditLog.objects.get(tenant_id="other").seq == 1
    assert (chain.verify(), chain.verify("other")) == (None, None)


@pytest.mark.django_db
def test_secret_and_personal_values_never_reach_the_log() -> None:
    entry = write(
        before={
            "phone": "+12025550142",
            "status": "booked",
            "inner": {"email": "ann@example.org", "list": [{"name": "Ann"}]},
        },
        after={"TWILIO_AUTH_TOKEN": "abc123secret", "password": "hunter2", "phone": "", "note_count": 3},
    )
    stored = AuditLog.objects.get(pk=entry.pk)
    assert stored.before == {
        "phone": "[personal]",
        "status": "booked",
        "inner": {"email": "[personal]", "list": [{"name": "[personal]"}]},
    }
    assert stored.after == {"TWILIO_AUTH_TOKEN": "[secret]", "password": "[secret]", "phone": "", "note_count": 3}


@pytest.mark.django_db
def test_values_of_any_type_come_back_as_they_were_signed() -> None:
    write(
        before={"amount": Decimal("50.00"), "share": 1e16, "on": date(2026, 3, 8), "id": new_id(), "gone": None},
        after={"text_with_nul": "a\x00b", "half_an_emoji": "\ud83d", "big": 2**70, "tags": {"only-one"}},
        reason="typed\x00 badly \ud83d",
        ip="2001:0DB8::0001",
    )
    write(ip="not an address", actor_id="a" * 300, resource_id="b" * 300)
    assert chain.verify() is None
    assert len(AuditLog.objects.get(seq=2).actor_id) == 64
    assert AuditLog.objects.get(seq=1).ip == "2001:db8::1"


@pytest.mark.django_db(transaction=True)
def test_writers_at_the_same_time_make_one_chain() -> None:
    def work() -> None:
        for _ in range(5):
            write()
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert AuditLog.objects.count() == 20
    assert chain.verify() is None


@pytest.mark.django_db
def test_the_command_says_that_the_log_is_whole() -> None:
    write()
    out = StringIO()
    call_command("audit_verify", stdout=out)
    assert "whole: 1 entries" in out.getvalue()


@pytest.mark.django_db
def test_the_command_names_the_first_bad_entry_and_fails() -> None:
    for _ in range(3):
        write()
    tamper(2, actor_id="8")
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("audit_verify", "--json", stdout=out)
    assert ended.value.code == 1
    assert json.loads(out.getvalue()) == {"ok": False, "entries": 3, "first_bad_seq": 2}


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["nope", "", "a\0b"])
def test_a_tenant_that_does_not_exist_has_no_whole_log(name: str) -> None:
    with pytest.raises(CommandError) as refused:
        call_command("audit_verify", tenant=name, stdout=StringIO())
    assert refused.value.returncode == 2
    assert "no audit log" in str(refused.value)
