"""Queries whose statement is made once give what the ORM gives, and refuse what they would get wrong."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.db.models import Q, QuerySet
from django.test.utils import CaptureQueriesContext

from appointments.models import Appointment, ClosedDay, Customer
from aro import clock
from aro.queue.remembered import remembered
from tests.factories import AppointmentFactory, CustomerFactory

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)


@remembered
def visits(services: Collection[str], since: datetime, but: UUID | None, *, booked: bool) -> QuerySet[Appointment]:
    found = Appointment.objects.filter(service__in=services, starts_at__gte=since).exclude(pk__in=[but] if but else [])
    return found.filter(status="booked") if booked else found


@remembered
def moments(phone: str | None) -> QuerySet[Appointment, tuple[UUID, datetime]]:
    return Appointment.objects.filter(customer__phone=phone or "").order_by("starts_at").values_list("id", "starts_at")


@remembered
def names(whose: Collection[UUID]) -> QuerySet[Customer, str]:
    return Customer.objects.filter(Q(id__in=whose)).values_list("name", flat=True)


def test_what_it_finds_is_what_the_orm_finds() -> None:
    first, second = (
        AppointmentFactory.create(starts_at=NOON),
        AppointmentFactory.create(starts_at=NOON + timedelta(microseconds=1)),
    )
    for since, but in ((NOON, None), (second.starts_at, None), (NOON, first.id)):
        by_orm = Appointment.objects.filter(service=first.service, starts_at__gte=since).exclude(
            pk__in=[but] if but else []
        )
        found = visits([first.service, "another"], since, but, booked=False)
        assert sorted(found, key=lambda one: one.id) == list(by_orm.order_by("id"))
        for one in found:
            again = by_orm.get(pk=one.pk)
            assert {k: v for k, v in vars(one).items() if k != "_state"} == {
                k: v for k, v in vars(again).items() if k != "_state"
            }


def test_each_call_has_its_own_values_and_each_shape_its_own_wording() -> None:
    visit = AppointmentFactory.create(starts_at=NOON, status="confirmed")
    assert visits([visit.service], NOON, None, booked=False) == [visit]
    assert visits([visit.service], NOON + timedelta(days=1), None, booked=False) == []
    assert visits([visit.service], NOON, None, booked=True) == []
    assert visits([visit.service, "a", "b"], NOON, None, booked=False) == [visit]
    assert visits([], NOON, None, booked=False) == []
    assert moments(visit.customer.phone) == [(visit.id, NOON)]
    assert moments(None) == []


def test_lists_of_many_lengths_share_few_statements() -> None:
    people = CustomerFactory.create_batch(20)
    with CaptureQueriesContext(connection) as seen:
        for count in range(1, 21):
            assert sorted(names([one.id for one in people[:count]])) == sorted(one.name for one in people[:count])
    assert len({query["sql"].count(",") for query in seen.captured_queries}) == len((1, 2, 4, 8, 16, 32))


def test_a_value_is_never_part_of_the_wording() -> None:
    person = CustomerFactory.create(name="Pat '; --%s")
    assert names([person.id]) == ["Pat '; --%s"]
    assert moments("'; DROP TABLE appointments_customer; --") == []


def test_a_day_comes_back_as_a_day() -> None:
    @remembered
    def days(tenant: str) -> QuerySet[ClosedDay, tuple[Any, str]]:
        return ClosedDay.objects.filter(tenant_id=tenant).values_list("day", "name")

    day = ClosedDay.objects.create(tenant_id="default", day=NOON.date(), name="Holiday")
    assert days(day.tenant_id) == [(NOON.date(), "Holiday")]


def test_what_would_be_kept_from_the_first_call_is_refused() -> None:
    @remembered
    def containing(text: str) -> QuerySet[Customer]:
        return Customer.objects.filter(name__icontains=text)

    @remembered
    def with_relations() -> QuerySet[Appointment]:
        return Appointment.objects.select_related("customer")

    @remembered
    def unused(text: str) -> QuerySet[Customer]:
        return Customer.objects.all()

    for wrong in (lambda: containing("a"), with_relations, lambda: unused("a"), lambda: containing(clock)):  # type: ignore[arg-type]
        with pytest.raises(TypeError):
            wrong()
