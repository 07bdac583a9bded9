"""Filters of the front desk's lists, in the words staff use."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from appointments.case_reasons.names import name_of
from appointments.desk.screens import HIGH_RISK, MEDIUM_RISK
from appointments.models import Escalation
from aro import clock
from aro.desk.plain import PlainWords


class CaseReasons(PlainWords):
    """The reasons of cases by their names."""

    @staticmethod
    def words(value: str) -> str:
        return name_of(value)


class DefaultChoice(admin.SimpleListFilter):
    """A filter whose first choice holds while nothing is chosen."""

    options: tuple[tuple[str, str], ...] = ()

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return list(self.options)

    def chosen(self) -> str:
        return self.value() or self.options[0][0]

    def choices(self, changelist: Any) -> Iterator[Any]:
        for value, words in self.options:
            yield {
                "selected": self.chosen() == value,
                "query_string": changelist.get_query_string({str(self.parameter_name): value}),
                "display": words,
            }


class CaseState(DefaultChoice):
    """Open cases unless something else is asked for."""

    title = "state"
    parameter_name = "state"
    options = (("open", "Open"), ("mine", "Done by me"), ("done", "Done"), ("all", "All"))

    def queryset(self, request: HttpRequest, queryset: QuerySet[Escalation]) -> QuerySet[Escalation]:
        done = Q(status=Escalation.Status.RESOLVED)
        wanted = {
            "open": Q(status=Escalation.Status.OPEN),
            "mine": done & Q(resolved_by=request.user.get_username()),
            "done": done,
        }
        return queryset.filter(wanted.get(self.chosen(), Q()))


class LetterState(DefaultChoice):
    """What still waits for a decision unless something else is asked for."""

    title = "state"
    parameter_name = "state"
    options = (("open", "Waiting for you"), ("replayed", "Tried again"), ("archived", "Archived"), ("all", "All"))

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        wanted = {
            "open": Q(archived_at=None),
            "replayed": Q(replayed_at__isnull=False),
            "archived": Q(archived_at__isnull=False, replayed_at=None),
        }
        return queryset.filter(wanted.get(self.chosen(), Q()))


class VisitDay(admin.SimpleListFilter):
    """Days of the business's calendar (the zone the admin is shown in)."""

    title = "day"
    parameter_name = "day"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("today", "Today"), ("tomorrow", "Tomorrow"), ("week", "Next 7 days"), ("past", "Past")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        now = clock.now()
        today, tomorrow, after = (_midnight(now, days) for days in range(3))
        wanted = {
            "today": Q(starts_at__gte=today, starts_at__lt=tomorrow),
            "tomorrow": Q(starts_at__gte=tomorrow, starts_at__lt=after),
            "week": Q(starts_at__gte=now, starts_at__lt=now + timedelta(days=7)),
            "past": Q(starts_at__lt=now),
        }
        return queryset.filter(wanted.get(self.value() or "", Q()))


def _midnight(now: datetime, days: int) -> datetime:
    """Local midnight `days` from today; days of 23 and 25 hours included."""
    zone = timezone.get_current_timezone()
    return datetime.combine(now.astimezone(zone).date() + timedelta(days=days), time(), zone)


class RiskBand(admin.SimpleListFilter):
    title = "risk"
    parameter_name = "risk"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("high", f"High ({HIGH_RISK} and more)"),
            ("medium", f"Medium ({MEDIUM_RISK}-{HIGH_RISK - 1})"),
            ("low", "Low"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        wanted = {
            "high": Q(risk_score__gte=HIGH_RISK),
            "medium": Q(risk_score__gte=MEDIUM_RISK, risk_score__lt=HIGH_RISK),
            "low": Q(risk_score__lt=MEDIUM_RISK),
        }
        return queryset.filter(wanted.get(self.value() or "", Q()))
