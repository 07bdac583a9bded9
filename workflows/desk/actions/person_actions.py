"""What staff can do about a person: whether and where they get messages. Part of the table in `actions`."""

from __future__ import annotations

from django.utils.translation import gettext

from appointments.models import Customer
from compliance import wrong_numbers
from workflows.commands.people import agreed_to_email
from workflows.desk.actions import forms, silence
from workflows.desk.actions.action import StaffAction, Target

PERSON = Target(model=Customer, key="customer_id", page="admin:appointments_customer_change", waits=True)
_PERSON = "appointments.change_customer"


def person_actions() -> tuple[StaffAction, ...]:
    return (
        StaffAction(
            command="customer.opt_out",
            target=PERSON,
            label="Stop texts",
            done="This number gets no more texts.",
            explains="Nothing is sent to this number any more, for everyone who shares it.",
            permission=_PERSON,
            asks=True,
            look="danger",
            offered=lambda person: bool(person.phone),
            undo="customer.opt_in",
        ),
        StaffAction(
            command="customer.opt_in",
            target=PERSON,
            label="Opt in again",
            done="This number gets texts again.",
            explains="Only when the patient asked for it. It is kept as evidence of their consent.",
            permission=_PERSON,
            sends=True,
            asks=True,
            form=forms.EvidenceForm,
            offered=lambda person: bool(person.phone),
            otherwise=silence.after("Texts to this number are allowed again."),
            undo="customer.opt_out",
        ),
        StaffAction(
            command="customer.email_opt_in",
            target=PERSON,
            label="Allow e-mail",
            done="This address gets e-mail when a text cannot arrive, or when e-mail is chosen.",
            explains="Only when the patient asked for it. It is kept as evidence of their consent.",
            permission=_PERSON,
            sends=True,
            asks=True,
            form=forms.EvidenceForm,
            offered=lambda person: bool(person.email),
            undo="customer.email_opt_out",
        ),
        StaffAction(
            command="customer.email_opt_out",
            target=PERSON,
            label="Stop e-mail",
            done="This address gets no more e-mail.",
            explains="Nothing is sent to this address any more, for everyone who shares it.",
            permission=_PERSON,
            asks=True,
            look="danger",
            offered=lambda person: bool(person.email),
            undo="customer.email_opt_in",
        ),
        StaffAction(
            command="customer.correct_phone",
            target=PERSON,
            label="Correct the number",
            done="The number is corrected. What is still to come goes there.",
            explains="For this patient only. Others on the same phone keep theirs.",
            permission=_PERSON,
            sends=True,
            asks=True,
            form=forms.PhoneForm,
            otherwise=silence.after("The number is corrected."),
            relabel=number_label,
        ),
        StaffAction(
            command="customer.correct_email",
            target=PERSON,
            label="Correct the e-mail",
            done="The e-mail address is corrected. What is still to come by e-mail goes there.",
            explains="For this patient only. Others with the same address keep theirs.",
            permission=_PERSON,
            sends=True,
            asks=True,
            form=forms.EmailForm,
            otherwise=_why_no_email,
        ),
        StaffAction(
            command="customer.number_is_right",
            target=PERSON,
            label="The number is right",
            done="Noted. What waited for this number goes out.",
            explains="Somebody wrote from this number that they are not the patient, or have another. Only when you "
            "know better: texts go there again, for everyone who shares it.",
            permission=_PERSON,
            sends=True,
            asks=True,
            offered=lambda person: wrong_numbers.is_held(person.phone, tenant_id=person.tenant_id),
            otherwise=silence.after("Noted: the number is the patient's."),
            undo="customer.number_is_wrong",
        ),
        StaffAction(
            command="customer.number_is_wrong",
            target=PERSON,
            label="Wrong number",
            done="Noted. Nothing personal goes to this number until it is corrected.",
            explains="Somebody else answers there. Everything planned for this number waits, for all who share it.",
            permission=_PERSON,
            asks=True,
            offered=lambda person: (
                bool(person.phone) and not wrong_numbers.is_held(person.phone, tenant_id=person.tenant_id)
            ),
            undo="customer.number_is_right",
        ),
        StaffAction(
            command="customer.choose_language",
            target=PERSON,
            label="Choose language",
            done="Chosen.",
            explains="Without a choice ARO follows the language in which the patient answers.",
            permission=_PERSON,
            asks=True,
            form=forms.LanguageForm,
        ),
        StaffAction(
            command="customer.choose_channel",
            target=PERSON,
            label="Choose channel",
            done="Chosen.",
            explains="What cannot arrive there goes on by the next channel the patient agreed to.",
            permission=_PERSON,
            asks=True,
            form=forms.ChannelForm,
        ),
    )


def number_label(person: Customer) -> str:
    """There is nothing to correct where none is known."""
    return "" if person.phone or person.phone_typed else gettext("Add the number")


def _why_no_email(person: Customer) -> str:
    """What staff are told when they have corrected the address; empty when e-mail goes there."""
    if agreed_to_email(person):
        return ""
    return (
        "The e-mail address is corrected, but nobody has agreed to e-mail there: nothing is sent. Ask the patient, "
        "then press Allow e-mail."
    )
