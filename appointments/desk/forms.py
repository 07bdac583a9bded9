"""Forms for what staff may edit directly: the business's rules and the wording of texts."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar
from zoneinfo import available_timezones

import phonenumbers
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from appointments import business_rules, reach, reminders
from appointments.models import Business
from appointments.reminders import Reminder, RemindersError
from appointments.services.visit import clinic_zone, holiday_proposals
from aro.desk.show import humanized
from aro.desk.theme import Choose
from compliance.kinds import FORMER_NAMES, Kind
from compliance.models import Channel
from compliance.opening import MIDNIGHT

CLOSED = "closed"
_KINDS = [(kind.value, humanized(kind.value)) for kind in Kind if kind not in FORMER_NAMES]
_HOURS = re.compile(r"^\s*(\d{1,2}:\d{2})\s*[-–]\s*(\d{1,2}:\d{2})\s*$")
PHONE_WORD = re.compile(r"\w[\w' -]*")
KEEP, TELL_ANEW = "keep", "new"
_BOOKED_VISITS = [
    ("", "Choose"),
    (TELL_ANEW, "The old zone was wrong: say the new hour"),
    (KEEP, "The old zone was right: keep its hour"),
]
_ASK_FOR_BOOKED_VISITS = (
    "Visits to come that were booked on the clocks of {before}: {count}. They take place when they did, but their "
    "texts say the hour of that zone. Choose what holds for them and save again. If the zone was wrong, those who have "
    "had a text were told a wrong hour: call whoever comes soon. Visits from a file that gave no zone are at a wrong "
    "time altogether: take that file back and import it again."
)


def parse_hours(text: str) -> dict[str, Any]:
    """`09:00-17:00` or `closed` as it is stored. Raises `ValidationError` with what to write instead."""
    if text.strip().lower() == CLOSED:
        return {"open": "", "close": "", "closed": True}
    found = _HOURS.match(text)
    if found is None:
        raise ValidationError("Write the hours like 09:00-17:00, or the word closed.")
    opens, closes = (_clock_time(part) for part in found.groups())
    if opens >= closes or opens == MIDNIGHT:
        raise ValidationError("The closing time must be after the opening time.")
    return {"open": opens, "close": closes, "closed": False}


def _clock_time(text: str) -> str:
    """24:00 is the end of the day, for who never closes."""
    if text == MIDNIGHT:
        return MIDNIGHT
    try:
        return f"{datetime.strptime(text, '%H:%M').time():%H:%M}"  # noqa: DTZ007 - a time of day has no zone
    except ValueError:
        raise ValidationError(f"{text} is not a time of day. Use 00:00 to 23:59.") from None


def hours_text(day: dict[str, Any]) -> str:
    """The stored form of a day, as it is typed."""
    return CLOSED if day.get("closed") else f"{day.get('open', '')}-{day.get('close', '')}"


def parse_reminders(text: str) -> list[Reminder]:
    """`48 friendly wait 2, 24 urgent wait 4`, or just `48, 24`. Raises `ValidationError`."""
    try:
        return reminders.parse(text)
    except RemindersError as error:
        raise ValidationError(str(error)) from None


class BusinessForm(forms.ModelForm[Business]):
    """The rules a manager may change. Hours and reminders are typed as people write them."""

    reminders = forms.CharField(
        required=False,
        help_text="One after the other: hours before the visit, tone (friendly, professional, urgent), hours to wait "
        "for an answer. Like 48 friendly wait 2, 24 urgent wait 4. Add by sms, by whatsapp or by email to send one "
        "that way; whom it cannot reach there gets it as usual. Empty: no reminders. Visits that are "
        "booked already follow a new list from then on; what it would have sent before is not sent.",
    )
    # Asked for only when the zone is changed while visits are booked.
    booked_visits = forms.ChoiceField(choices=_BOOKED_VISITS, required=False, widget=forms.HiddenInput)
    hours_0 = forms.CharField(label="Monday", help_text="Like 09:00-17:00, or closed.")
    hours_1 = forms.CharField(label="Tuesday")
    hours_2 = forms.CharField(label="Wednesday")
    hours_3 = forms.CharField(label="Thursday")
    hours_4 = forms.CharField(label="Friday")
    hours_5 = forms.CharField(label="Saturday")
    hours_6 = forms.CharField(label="Sunday")

    # Numbers are read by the rules of the zone's country.
    field_order = ("timezone",)

    class Meta:
        model = Business
        exclude: ClassVar[list[str]] = ["tenant_id", "hours", "reminders", "profile"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reminders"].initial = reminders.written(self.instance.reminder_list)
        for day in range(7):
            self.fields[f"hours_{day}"].initial = hours_text(self.instance.hours.get(str(day), {"closed": True}))

    def clean_timezone(self) -> str:
        zone: str = self.cleaned_data["timezone"]
        if zone not in available_timezones():
            raise ValidationError("This zone is not known. Use an IANA name, e.g. America/New_York.")
        return zone

    def clean_name(self) -> str:
        return business_rules.name(self.cleaned_data["name"])

    def clean_phone(self) -> str:
        return business_rules.phone(self.cleaned_data["phone"], self._zone())

    def clean_language(self) -> str:
        return business_rules.language(self.cleaned_data["language"], self.instance.profile)

    def clean_currency(self) -> str:
        return business_rules.currency(self.cleaned_data["currency"])

    def clean_deposit_amount(self) -> Decimal:
        return business_rules.not_negative(self.cleaned_data["deposit_amount"])

    def clean_booking_url(self) -> str:
        return business_rules.booking_page(self.cleaned_data["booking_url"])

    def clean_google_place_id(self) -> str:
        return business_rules.place_id(self.cleaned_data["google_place_id"])

    def clean_review_delay_hours(self) -> int:
        return business_rules.hours_after(self.cleaned_data["review_delay_hours"])

    def clean_rebooking_delay_hours(self) -> int:
        return business_rules.hours_after(self.cleaned_data["rebooking_delay_hours"])

    def _zone(self) -> str:
        """As it is typed, if it is one."""
        return str(self.cleaned_data.get("timezone") or self.instance.timezone)

    def clean_emergency_phone(self) -> str:
        typed: str = self.cleaned_data["emergency_phone"].strip()
        phone = business_rules.phone(typed, self._zone())
        if phone and phone in [getattr(settings, name) for name in settings.OWN_NUMBER_SETTINGS]:
            raise ValidationError("This is the number ARO itself texts from. Name one that a person carries.")
        return phone

    def clean_texting_countries(self) -> str:
        codes = [code.upper() for code in re.split(r"[\s,;]+", self.cleaned_data["texting_countries"]) if code]
        unknown = next((code for code in codes if code not in phonenumbers.SUPPORTED_REGIONS), None)
        if unknown:
            raise ValidationError(f"{unknown[:10]} is no country. Write two-letter codes with commas, e.g. US, CA, MX.")
        return ", ".join(dict.fromkeys(codes))

    def clean_holiday_region(self) -> str:
        typed: str = self.cleaned_data["holiday_region"].strip().upper()
        if typed and not holiday_proposals.is_known(typed):
            raise ValidationError(
                f"The holidays of {typed} are not known. Write a country, with its state or province: US, US-NY, CA-QC."
            )
        return typed

    def clean_phone_question(self) -> str:
        words = [" ".join(word.split()) for word in self.cleaned_data["phone_question"].split(",")]
        strange = next((word for word in words if not PHONE_WORD.fullmatch(word)), None)
        if strange is not None:
            raise ValidationError(f'Write words with commas between, e.g. phone, mobile. "{strange[:30]}" is no word.')
        return ", ".join(words)

    def clean_reminders(self) -> list[Reminder]:
        found = parse_reminders(self.cleaned_data["reminders"])
        off = next((one for one in found if one.channel and not reach.is_on(one.channel)), None)
        if off is not None:
            raise ValidationError(
                f"{Channel(off.channel).label} is not switched on here. "
                f"Leave out by {off.channel} at {off.hours} hours, or have it set up first."
            )
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for day in range(7):
            self._clean_day(f"hours_{day}", cleaned)
        self._check("deposit_amount", business_rules.deposit, "deposit_amount", "currency")
        self._check("quiet_from", business_rules.quiet, "quiet_from", "quiet_until")
        self._ask_for_booked_visits(cleaned)
        return cleaned

    def _ask_for_booked_visits(self, cleaned: dict[str, Any]) -> None:
        """Texts about visits that are booked say the hour of the zone before: staff say whether that one was wrong."""
        before, after = self.initial.get("timezone", ""), cleaned.get("timezone", "")
        if not before or not after or before == after:
            cleaned["booked_visits"] = ""
            return
        count = clinic_zone.told_on(before, tenant_id=self.instance.tenant_id).count()
        if count:
            self.fields["booked_visits"].widget = Choose(choices=_BOOKED_VISITS)
        if count and not cleaned.get("booked_visits"):
            self.add_error("booked_visits", _ASK_FOR_BOOKED_VISITS.format(count=count, before=before))

    def _check(self, name: str, rule: Callable[..., object], *fields: str) -> None:
        """What follows from several fields, said at the first; not while one of them has an error of its own."""
        values = [self.cleaned_data.get(field) for field in fields]
        if None in values:
            return
        try:
            rule(*values)
        except ValidationError as error:
            self.add_error(name, error)

    def _clean_day(self, name: str, cleaned: dict[str, Any]) -> None:
        try:
            cleaned[name] = parse_hours(cleaned.get(name) or "")
        except ValidationError as error:
            self.add_error(name, error)

    def save(self, commit: bool = True) -> Business:  # noqa: FBT001, FBT002 - Django's signature
        self.instance.hours = {str(day): self.cleaned_data[f"hours_{day}"] for day in range(7)}
        self.instance.reminders = reminders.stored(self.cleaned_data["reminders"])
        if self.cleaned_data.get("booked_visits") == TELL_ANEW:
            tenant = self.instance.tenant_id
            clinic_zone.tell_on(self.instance.timezone, instead_of=self.initial["timezone"], tenant_id=tenant)
        return super().save(commit)
