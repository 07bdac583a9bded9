"""What a staff action asks for before it is done. Each form gives the command's payload."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext

from appointments import profiles
from appointments.models import Appointment, Customer, ReplyClassification
from appointments.services import businesses
from appointments.services.person import customers, new_numbers
from appointments.services.visit import opening_hours, visits
from aro import clock
from aro.desk.meanwhile import Carrying
from aro.desk.show import day_and_time, zone_of
from compliance import phones
from compliance.models import Channel
from workflows.replies.labels import Label

_KEY_LENGTH = 64
LANGUAGE_NAMES = {"en": "English", "es": "Spanish"}


class CommandForm(Carrying, forms.Form):
    """Asks for nothing. `key` makes a button pressed twice count once."""

    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=_KEY_LENGTH)
    next = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, row: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.row = row
        self.fields["key"].initial = str(uuid4())

    def payload(self) -> dict[str, str]:
        """What the command gets besides the row's id."""
        return {name: str(value) for name, value in self.cleaned_data.items() if name not in ("key", "next") and value}


class ReasonForm(CommandForm):
    reason = forms.CharField(
        max_length=200, help_text="Kept in the history. No health details.", widget=forms.TextInput({"autofocus": True})
    )


class CancelForm(ReasonForm):
    patient_knows = forms.BooleanField(
        required=False,
        label="The patient knows",
        help_text="They asked for it, or you have told them. Without this tick a case asks somebody to tell them, "
        "if they count on the visit.",
    )


class EvidenceForm(CommandForm):
    evidence = forms.CharField(
        max_length=200,
        label="How did they ask for it?",
        help_text="For example: said so at the desk on 24 November.",
        widget=forms.TextInput({"autofocus": True}),
    )


class ChannelForm(CommandForm):
    channel = forms.ChoiceField(
        label="Write to this patient by",
        required=False,
        choices=[("", "The usual way of the business"), *Channel.choices],
    )

    def __init__(self, *args: Any, row: Any, **kwargs: Any) -> None:
        super().__init__(*args, row=row, **kwargs)
        self.fields["channel"].initial = row.preferred_channel


class LanguageForm(CommandForm):
    language = forms.ChoiceField(label="Write to this patient in", required=False)

    def __init__(self, *args: Any, row: Customer, **kwargs: Any) -> None:
        super().__init__(*args, row=row, **kwargs)
        pack = profiles.load(businesses.current(row.tenant_id).profile)
        known = [(code, LANGUAGE_NAMES.get(code, code)) for code in sorted(pack.texts)]
        field = cast("forms.ChoiceField", self.fields["language"])
        field.choices = [("", "As they answer, else as the business writes"), *known]
        field.initial = row.language if row.language_set_by == Customer.LanguageSetBy.STAFF else ""


class PhoneForm(CommandForm):
    phone = forms.CharField(
        max_length=phones.LONGEST_SPELLING,
        label="The right number",
        help_text="With its country code, e.g. +12125550142.",
        widget=forms.TextInput({"autofocus": True, "inputmode": "tel"}),
    )

    def __init__(self, *args: Any, row: Customer, **kwargs: Any) -> None:
        super().__init__(*args, row=row, **kwargs)
        self.fields["phone"].initial = row.phone or customers.typed_phone(row)

    def clean_phone(self) -> str:
        business = businesses.current(self.row.tenant_id)
        if wrong := new_numbers.refused(self.cleaned_data["phone"], business):
            raise ValidationError(wrong)
        return phones.normalise(self.cleaned_data["phone"], phones.region_of(business.timezone))


class EmailForm(CommandForm):
    email = forms.EmailField(
        max_length=254, label="The right e-mail address", widget=forms.EmailInput({"autofocus": True})
    )

    def __init__(self, *args: Any, row: Customer, **kwargs: Any) -> None:
        super().__init__(*args, row=row, **kwargs)
        self.fields["email"].initial = row.email


class ResolutionForm(CommandForm):
    resolution = forms.CharField(
        max_length=200, required=False, label="What was done", help_text="Optional. No health details."
    )


class _WallClock(forms.DateTimeField):
    """Compared as it is typed, without a zone: an hour that comes twice has no other form."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(parse_datetime(str(data)) != initial)


class MoveForm(CommandForm):
    """The new time is typed in the visit's own zone, whatever zone the reader is in."""

    starts_at = _WallClock(
        label="New time", widget=forms.DateTimeInput({"type": "datetime-local", "autofocus": True}, "%Y-%m-%dT%H:%M")
    )

    anyway = forms.BooleanField(required=False, label="Move it there all the same")

    def __init__(self, *args: Any, row: Appointment, **kwargs: Any) -> None:
        super().__init__(*args, row=row, **kwargs)
        self.zone = zone_of(row.timezone)
        self.fields["starts_at"].initial = row.starts_at.astimezone(self.zone).replace(tzinfo=None)
        self.fields["starts_at"].help_text = f"In the visit's zone, {self.zone.key}."

        if not self.is_bound:
            del self.fields["anyway"]

    def full_clean(self) -> None:
        with timezone.override(self.zone):
            super().full_clean()

    def clean(self) -> dict[str, Any]:
        """Nobody is there at the new time: that has to be meant."""
        cleaned = super().clean() or {}
        at = cleaned.get("starts_at")
        why = opening_hours.why_closed(at, businesses.current(self.row.tenant_id)) if at else ""
        if not why:
            self.fields["anyway"].widget = forms.HiddenInput()
        elif not cleaned.get("anyway"):
            self.add_error("anyway", f"Nobody is there at the new time. {why}. Choose another one, or tick this.")
        return cleaned

    def changed_meanwhile(self, name: str) -> str:
        now = day_and_time(self.row.starts_at, self.row.timezone)
        return gettext(
            "Somebody else moved this visit while you had the page open: it is now on {now}. Look at it first."
        ).format(now=now)

    def clean_starts_at(self) -> datetime:
        found: datetime = self.cleaned_data["starts_at"]
        if not clock.is_possible(found):
            raise ValidationError("No visit can be at this time. Check the year.")
        if found > clock.now() + opening_hours.LONGEST_AHEAD:
            raise ValidationError("This is more than five years away. Check the year.")
        if visits.is_at(self.row, found) and not self._is_chosen():
            raise ValidationError(gettext("That is its time already. Choose another time, or go back."))
        return found

    def _is_chosen(self) -> bool:
        """Whether another time stood there before: who presses twice has moved it with the first press."""
        carried = self.data.get(self["starts_at"].html_initial_name)
        return bool(carried) and _WallClock().has_changed(parse_datetime(str(carried)), self["starts_at"].data)

    def payload(self) -> dict[str, str]:
        sure = {"anyway": "true"} if self.cleaned_data.get("anyway") else {}
        return {"starts_at": self.cleaned_data["starts_at"].isoformat(), **sure}


class LabelForm(CommandForm):
    label = forms.ChoiceField(
        label="What the reply really meant",
        choices=[(label.value, label.value.replace("_", " ").capitalize()) for label in Label],
    )

    def __init__(self, *args: Any, row: ReplyClassification, **kwargs: Any) -> None:
        super().__init__(*args, row=row, **kwargs)
        self.fields["label"].initial = row.corrected_label or row.label
