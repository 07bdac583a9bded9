"""What a list says, compared with what is known, and applied where it is new.

A booking is looked at again only when the list says something else of it than last time, and applied only when the
list's time is newer than what is known. So staff's own changes stay, and asking every quarter of an hour costs little.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from appointments.inbound import BookingCancelled, BookingCreated, BookingMoved, Inbound, NoShowReported
from appointments.models import BookingRef
from appointments.services.booking import booking_names as names
from appointments.services.booking.bookings import TOLD_AGAIN
from aro import clock
from aro.ids import new_id
from aro.secrets import fingerprint
from integrations.inbound import routing
from integrations.models import SyncSeen
from integrations.sync.state import Counts, Run

# News this young may be on its way: its delivery was not missed yet.
ON_ITS_WAY = timedelta(minutes=2)
# Bookings per transaction: SQLite has one writer, and a webhook must not wait long for it.
TOGETHER = 20
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
_GOES_BY = F("appointment__external_id")
_News = BookingCreated | BookingMoved | BookingCancelled | NoShowReported

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Told:
    """All that a list says of one booking."""

    external_id: str
    news: tuple[_News, ...]
    version: str


def told(news: Iterable[Inbound]) -> list[Told]:
    """The news by booking, in the list's order. What is no booking is of no concern here."""
    found: dict[str, list[_News]] = {}
    for one in news:
        if isinstance(one, _News):
            found.setdefault(_external_id(one), []).append(one)
    return [Told(name, tuple(all_of_it), _version(all_of_it)) for name, all_of_it in found.items()]


def _external_id(news: _News) -> str:
    """Of an id that several people share, each person's own name."""
    if isinstance(news, NoShowReported):
        return names.seat_text(news.external_id, news.seat) if news.seat else news.external_id
    booking = news.booking
    return names.seat_text(booking.external_id, booking.seat) if booking.shared else booking.external_id


def _version(news: Sequence[_News]) -> str:
    """A fingerprint of everything but the time: some providers have none, and then it is the time of asking."""
    return fingerprint(repr([replace(one, occurred_at=_LONG_AGO) for one in news]), purpose="sync")


def fresh(run: Run, source: str, all_of_it: Sequence[Told]) -> list[Told]:
    """Those that say something new. Two queries, however many there are."""
    names = [one.external_id for one in all_of_it]
    seen = dict(run.state.seen.filter(external_id__in=names).values_list("external_id", "version"))
    # A name that is still to come says nothing of what the list says about it.
    has_come = ~Q(moved_to="") | Q(external_id=_GOES_BY) | Q(shared_id=_GOES_BY)
    refs = BookingRef.objects.filter(has_come, source=source, external_id__in=names)
    told_of = refs.values_list("external_id", "appointment__source_version_at", "appointment__source_sequence")
    known = {name: (at, count) for name, at, count in told_of}
    return [one for one in all_of_it if seen.get(one.external_id) != one.version and not _is_known(one, known)]


def _is_known(one: Told, known: Mapping[str, tuple[datetime | None, int]]) -> bool:
    at, count = known.get(one.external_id, (None, 0))
    return at is not None and all(news.occurred_at <= at and _count(news) <= count for news in one.news)


def _count(news: _News) -> int:
    booking = news.booking
    return (booking.sequence if booking else None) or 0


def take(run: Run, source: str, all_of_it: Sequence[Told], *, entry: str = "") -> Counts:
    """Applies what is new, a few bookings per transaction, and remembers what the list said."""
    new = fresh(run, source, all_of_it)
    counts, failed = Counts(), set[str]()
    for start in range(0, len(new), TOGETHER):
        more, wrong = _batch(new[start : start + TOGETHER])
        counts, failed = counts + more, failed | wrong
    remember(run, {one.external_id: one.version for one in all_of_it if one.external_id not in failed}, entry=entry)
    return counts


class _TakenBack(Exception):  # noqa: N818 - no error: it ends a transaction that must leave nothing
    """Carries what was counted."""


def rehearse(run: Run, source: str, all_of_it: Sequence[Told]) -> Counts:
    """What `take` would count; nothing of it stays."""
    try:
        with transaction.atomic():
            raise _TakenBack(_applied(fresh(run, source, all_of_it)))
    except _TakenBack as counted:
        counts: Counts = counted.args[0]
        return counts


def remember(run: Run, versions: Mapping[str, str], *, entry: str = "") -> None:
    """What the list said, and that this run saw it."""
    now = clock.now()
    SyncSeen.objects.bulk_create(
        [
            SyncSeen(state=run.state, external_id=name, entry=entry, version=version, run=run.number, seen_at=now)
            for name, version in versions.items()
        ],
        update_conflicts=True,
        unique_fields=["state", "external_id"],
        update_fields=["entry", "version", "run", "seen_at"],
    )


def _batch(some: Sequence[Told]) -> tuple[Counts, set[str]]:
    """Together in one transaction; one by one when one of them cannot be applied. Returns those that failed, too."""
    try:
        with transaction.atomic():
            return _applied(some), set()
    except Exception as error:  # noqa: BLE001 - found out and recorded one by one
        logger.info("bookings of a list are applied one by one", extra={"error": type(error).__name__})
    counts, failed = Counts(), set[str]()
    for one in some:
        try:
            with transaction.atomic():
                counts += _applied([one])
        except Exception as error:  # noqa: BLE001 - one booking that cannot be applied must not hold up the others
            logger.warning("a booking of a list cannot be applied", extra={"error": type(error).__name__})
            counts, failed = counts + Counts(failed=1), failed | {one.external_id}
    return counts, failed


def _applied(some: Sequence[Told]) -> Counts:
    correlation = new_id()
    counts = Counts()
    for one in some:
        done = [routing.apply(news, correlation_id=correlation) for news in one.news]
        changed = any(result.outcome == "applied" and result != TOLD_AGAIN for result in done)
        late = all(news.occurred_at <= clock.now() - ON_ITS_WAY for news in one.news)
        counts += Counts(applied=int(changed), missed=int(changed and late))
    return counts
