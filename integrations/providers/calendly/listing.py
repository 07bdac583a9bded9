"""Calendly's own lists: events with their invitees, and webhook subscriptions.

An event does not name who comes, so each new or changed event costs one more call, for its invitees.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from aro import clock
from integrations.providers.calendly import api
from integrations.providers.shared import fields
from integrations.providers.shared.base import Delivering, Entry, Page, Subscription, Window

# The most pages of invitees that are read of one event: 1,000 people.
_MOST_PAGES = 10
# Calendly does not say whether a no-show mark changes the event's own time of change, so an event is asked once more
# this long after its start.
_AFTERWARDS = timedelta(hours=3)
_STATES = {"active": Delivering.ON, "disabled": Delivering.OFF}


def page(window: Window, cursor: str) -> Page:
    """A page of events. Raises `ProviderFailure`."""
    told = api.scheduled_events(starts_from=window.starts_from, starts_until=window.starts_until, page_token=cursor)
    events = fields.mappings(told, "collection")
    entries = tuple(entry for event in events if (entry := _entry(event)) is not None)
    following = fields.text(fields.mapping(told, "pagination"), "next_page_token", limit=2000)
    return Page(news=[], next=following, entries=entries, unreadable=len(events) - len(entries))


def invitees(entry: Entry) -> list[dict[str, Any]]:
    """The invitees behind an entry, each with its event as a delivery has it. Raises `ProviderFailure`."""
    found: list[dict[str, Any]] = []
    cursor, uuid = "", api.last_part(entry.key)
    for _ in range(_MOST_PAGES):
        told = api.invitees(uuid, page_token=cursor)
        found += fields.mappings(told, "collection")
        cursor = fields.text(fields.mapping(told, "pagination"), "next_page_token", limit=2000)
        if not cursor:
            break
    return [{**invitee, "scheduled_event": entry.details} for invitee in found]


def _entry(event: dict[str, Any]) -> Entry | None:
    uri, starts_at = fields.text(event, "uri", limit=255), fields.moment(event, "start_time")
    if not api.last_part(uri) or starts_at is None:
        return None
    over = clock.now() >= starts_at + _AFTERWARDS
    return Entry(
        key=uri, version=f"{fields.text(event, 'updated_at', limit=40)} {'over' if over else ''}", details=event
    )


def subscription(url: str) -> Subscription:
    """How the subscription to `url` is: the best one, should there be several. Raises `ProviderFailure`."""
    ours = [one for one in api.subscriptions() if one.get("callback_url") == url]
    found = [Subscription(state=_state(one), ref=api.last_part(fields.text(one, "uri", limit=300))) for one in ours]
    order = list(Delivering)
    return min(found, key=lambda one: order.index(one.state), default=Subscription(state=Delivering.NONE))


def _state(told: dict[str, Any]) -> Delivering:
    state = _STATES.get(fields.text(told, "state"), Delivering.OFF)
    return Delivering.FAILING if state == Delivering.ON and told.get("retry_started_at") else state
