"""Accepting proposed closed days, by the command bus: only what a person was shown, and all of it audited."""

from __future__ import annotations

from datetime import date
from typing import Any

from appointments.services import businesses
from appointments.services.visit import closed_visits, holiday_proposals
from aro.errors import InvalidRequestError
from workflows.commands import fields
from workflows.commands.bus import Caller, Done, command


@command("closed_days.accept")
def accept(payload: dict[str, Any], caller: Caller) -> Done:
    """`shown` is the code of the list that the person saw; `days`, when given, are the ones they chose of it."""
    business = businesses.current()
    shown = fields.text(payload, "shown", required=True)
    rows = holiday_proposals.accept(business, shown=shown, chosen=_days(payload))
    closed_visits.look(business)
    return Done(
        resource_type="business",
        resource_id=str(business.pk),
        before={},
        after={"closed_days": {str(row.day): row.name for row in rows}},
    )


def _days(payload: dict[str, Any]) -> list[date] | None:
    found = payload.get("days")
    if found is None:
        return None
    try:
        return [date.fromisoformat(day) for day in found]
    except (TypeError, ValueError):
        raise InvalidRequestError(
            "Write days as a list of dates, e.g. 2026-12-25.", details={"field": "days"}
        ) from None
