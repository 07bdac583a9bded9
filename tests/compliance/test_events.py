from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from aro.ids import new_id
from aro.models import Due
from compliance import event_types, events
from compliance.models import Event


def record(**changes: Any) -> Event:
    values: dict[str, Any] = {
        "type": "appointment.created",
        "aggregate_type": "appointment",
        "aggregate_id": new_id(),
        **changes,
    }
    return events.record(**values)


@pytest.mark.django_db
def test_an_event_is_stored_and_due_for_dispatch_at_once() -> None:
    event = record(payload={"moves": 2, "customer_id": "0192"})
    stored = Event.objects.get(pk=event.pk)
    assert (stored.payload, stored.actor, stored.profile) == (
        {"moves": 2, "customer_id": "0192"},
        "system",
        "healthcare",
    )
    due = Due.objects.get(lane="events", ref=event.pk)
    assert due.due_at >= stored.occurred_at


@pytest.mark.django_db
def test_an_event_without_a_correlation_id_starts_a_story_of_its_own() -> None:
    first = record()
    assert first.correlation_id == first.id
    assert record(correlation_id=first.id).correlation_id == first.id


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_event_leaves_neither_row() -> None:
    with transaction.atomic():
        record()
        transaction.set_rollback(True)
    assert not Event.objects.exists()
    assert not Due.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_event_that_cannot_be_made_due_is_not_stored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "LANE", None)
    with pytest.raises(IntegrityError):
        record()
    assert not Event.objects.exists()


@pytest.mark.django_db
def test_events_gathered_are_stored_at_the_end_in_their_order() -> None:
    with events.together():
        told = [record().id for _ in range(3)]
        assert not Event.objects.exists()
    assert list(Due.objects.order_by("id").values_list("ref", flat=True)) == told
    assert Event.objects.count() == 3


@pytest.mark.django_db
def test_a_misspelt_event_type_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown event type"):
        record(type="appointment.confrimed")
    assert not Event.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "payload",
    [
        {"phone": "x"},
        {"Email": "x"},
        {"body": ""},
        {"changes": [{"name": "x"}]},
        {"detail": "call +12025550142"},
        {"detail": ["write to ann@example.org"]},
    ],
)
def test_personal_data_cannot_get_into_a_payload(payload: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="payload"):
        record(payload=payload)
    assert not Event.objects.exists()


@pytest.mark.django_db
def test_the_refusal_does_not_repeat_the_personal_value() -> None:
    with pytest.raises(ValueError, match="looks like") as refused:
        record(payload={"detail": "call +12025550142"})
    assert "2025550142" not in str(refused.value)


def test_every_event_type_of_the_contract_is_known() -> None:
    named = {
        "appointment": "created confirmed rescheduled cancelled no_show completed in_progress",
        "reminder": "sent delivered",
        "message": "sent received delivery_failed",
        "response": "classified",
        "customer": "created updated risk_score_changed opted_out opted_in",
        "deposit": "requested link_created paid refunded",
        "review": "requested submitted",
        "workflow": "started completed failed cancelled",
        "escalation": "opened resolved",
        "error": "occurred",
    }
    assert {f"{about}.{what}" for about, words in named.items() for what in words.split()} <= event_types.ALL


@pytest.mark.django_db(transaction=True)
def test_what_is_recorded_together_is_written_at_once_and_in_its_order() -> None:
    with transaction.atomic(), CaptureQueriesContext(connection) as asked, events.together():
        recorded = [record(payload={"moves": n}) for n in range(3)]
        with events.together():
            recorded.append(record())
        assert not Event.objects.exists()
    assert len([query for query in asked if query["sql"].startswith("INSERT INTO compliance_event")]) <= 1
    dues = Due.objects.filter(lane="events").order_by("id")
    assert [due.ref for due in dues] == [event.pk for event in recorded]
    assert set(Event.objects.all()) == set(recorded)


@pytest.mark.django_db(transaction=True)
def test_of_what_is_recorded_together_nothing_stays_when_it_fails() -> None:
    with transaction.atomic(), suppress(ZeroDivisionError), events.together():
        record()
        raise ZeroDivisionError
    record()
    assert Event.objects.count() == Due.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_what_a_savepoint_gives_back_is_not_written_with_the_rest() -> None:
    with transaction.atomic(), events.together():
        kept = record()
        with transaction.atomic():
            record()
            transaction.set_rollback(True)
    assert Event.objects.get() == kept
    assert Due.objects.get().ref == kept.pk


@pytest.mark.django_db
def test_personal_data_are_refused_where_they_are_recorded_together() -> None:
    with events.together(), pytest.raises(ValueError, match="phone number"):
        record(payload={"note_id": "+14155550142"})
