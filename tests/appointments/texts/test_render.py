from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appointments import profiles
from appointments.models import MessageTemplate
from appointments.texts.render import Text, compose, compose_approved
from appointments.texts.values import TextError
from compliance.kinds import FORMER_NAMES, Kind

VALUES = {
    "customer_name": "Anna Smith",
    "business_name": "Harbor Street Dental",
    "business_phone": "(202) 555-0123",
    "service": "Root canal",
    "date": "Tue, Nov 24",
    "time": "9:00 AM",
    "link": "https://book.example/aB3",
    "amount": "$50",
    "visits": "Tue, Nov 24: Tom 9:00 AM, Amy 9:30 AM",
}
pytestmark = pytest.mark.django_db


def text(kind: Kind = Kind.REMINDER_FIRST, values: dict[str, str] | None = None, **changes: Any) -> Text:
    settings: dict[str, Any] = {"language": "en", "channel": "sms", "opt_out_line": False, **changes}
    return compose(kind=kind, values=VALUES | (values or {}), **settings)


def own(**changes: Any) -> MessageTemplate:
    fields = {
        "name": "reminder_first",
        "category": "reminder",
        "body": "{{ business_name }}: own words. {{ date }} {{ time }}",
        **changes,
    }
    return MessageTemplate.objects.create(**fields)


def test_a_reminder_reads_as_it_should() -> None:
    found = text()
    assert found.body == (
        "Hi Anna, see you at Harbor Street Dental on Tue, Nov 24 at 9:00 AM? "
        "Reply C to confirm, R to reschedule, X if you cannot come."
    )
    assert (found.template, found.segments, found.unicode) == ("reminder_first/en/1", 1, False)
    assert (found.problems, found.opt_out_line) == ((), False)


def test_the_urgent_tone_has_words_of_its_own() -> None:
    assert "can you make it" in text(Kind.REMINDER_LAST, tone="urgent").body
    assert text(Kind.REMINDER_LAST, tone="friendly").body.startswith("Hi Anna,")


def test_the_last_reminder_is_urgent_unless_the_business_words_it_itself() -> None:
    assert "can you make it" in text(Kind.REMINDER_LAST).body
    own(name="reminder_last", tone="friendly")
    assert text(Kind.REMINDER_LAST).body == "Harbor Street Dental: own words. Tue, Nov 24 9:00 AM"


def test_a_kind_without_the_wanted_tone_uses_the_one_it_has() -> None:
    assert text(Kind.DEPOSIT_REQUEST, tone="urgent").template == "deposit_request/en/1"


def test_a_person_without_a_usable_name_is_greeted_all_the_same() -> None:
    assert text(values={"customer_name": "www.evil.example"}).body.startswith("Hi there, see you")
    assert text(values={"customer_name": ""}, language="es").body.startswith("Hola: le esperamos")


@pytest.mark.parametrize("name", ["Botox Ana Diaz", "Chemo", "HIV Ana", "Rehab Ali", "Asma Khan"])
def test_a_name_that_says_what_no_text_may_is_left_out_and_the_text_goes(name: str) -> None:
    found = text(values={"customer_name": name})
    assert found.problems == ()
    assert found.body == text(values={"customer_name": ""}).body


def test_a_clinical_service_is_never_named() -> None:
    for kind in Kind:
        assert "root canal" not in text(kind).body.lower()


def test_the_opt_out_line_is_added_once() -> None:
    assert text(opt_out_line=True).body.endswith(" Text STOP to opt out.")
    assert text(opt_out_line=True).opt_out_line
    assert text(Kind.HELP_ANSWER, opt_out_line=True).body.count("STOP") == 1
    assert text(Kind.HELP_ANSWER).opt_out_line
    assert text(language="es", opt_out_line=True).body.endswith(" Escriba STOP para no recibir mensajes.")


def test_without_a_business_phone_people_are_asked_to_call_us() -> None:
    assert "call (202) 555-0123" in text(Kind.HANDED_OVER).body
    assert "call us" in text(Kind.HANDED_OVER, values={"business_phone": ""}).body


def test_a_missing_link_makes_a_text_that_must_not_be_sent() -> None:
    assert text(Kind.REVIEW).problems == ()
    assert text(Kind.REVIEW, values={"link": ""}).problems == ("no link, which it needs",)


def test_any_other_missing_value_is_an_error() -> None:
    with pytest.raises(TextError, match="needs date"):
        text(values={"date": ""})


def test_a_value_that_no_text_may_use_is_an_error() -> None:
    with pytest.raises(TextError, match="birth_date"):
        text(values={"birth_date": "x"})


def test_a_long_business_name_is_cut_and_a_link_is_not() -> None:
    link = "https://book.example/" + "a" * 100
    found = text(Kind.REBOOKING, values={"business_name": "B" * 60, "link": link})
    assert "B" * 40 in found.body
    assert "B" * 41 not in found.body
    assert link in found.body


def test_a_business_may_bear_a_clinical_name_but_a_text_may_not_say_more() -> None:
    assert text(values={"business_name": "Harbor Oncology"}).problems == ()
    own(body="{{ business_name }}: your test result is here. {{ date }} {{ time }}")
    assert text(values={"business_name": "Harbor Oncology"}).problems == ("a health word",)


def test_email_has_a_subject_and_no_segments() -> None:
    found = text(Kind.CONFIRMATION, channel="email")
    assert (found.subject, found.segments) == ("Your visit at Harbor Street Dental is booked", 0)


def test_the_businesss_own_newest_wording_wins() -> None:
    own(version=1)
    own(version=3, body="{{ business_name }}: newest words. {{ date }} {{ time }}")
    own(version=4, body="{{ business_name }}: not in use.", active=False)
    own(version=5, body="{{ business_name }}: another business.", tenant_id="other")
    found = text()
    assert (found.body, found.template) == (
        "Harbor Street Dental: newest words. Tue, Nov 24 9:00 AM",
        "reminder_first/en/own-3",
    )


def test_an_own_wording_wins_over_the_packs_whatever_its_tone_but_not_in_another_language() -> None:
    own(tone="friendly")
    for tone in (None, "friendly", "urgent", "professional"):
        assert text(tone=tone).body == "Harbor Street Dental: own words. Tue, Nov 24 9:00 AM"
    assert text(language="es").template == "reminder_first/es/1"


def test_of_several_own_wordings_the_one_in_the_wanted_tone_is_taken() -> None:
    own(tone="friendly")
    own(tone="urgent", body="{{ business_name }}: own urgent words. {{ date }} {{ time }}")
    assert text(tone="urgent").body == "Harbor Street Dental: own urgent words. Tue, Nov 24 9:00 AM"
    assert text(tone="friendly").body == "Harbor Street Dental: own words. Tue, Nov 24 9:00 AM"


def test_an_own_wording_for_a_channel_wins_over_the_one_for_sms() -> None:
    own(version=2)
    own(version=1, channel="whatsapp", body="{{ business_name }}: on WhatsApp. {{ date }} {{ time }}")
    assert text(channel="whatsapp").body == "Harbor Street Dental: on WhatsApp. Tue, Nov 24 9:00 AM"
    assert "own words" not in text(channel="email").body


def test_an_email_asks_for_no_letter_and_says_how_to_get_no_more() -> None:
    made = text(channel="email", unsubscribe_url="https://clinic.example/unsubscribe/token")
    assert "Reply" not in made.body
    assert made.body.endswith("To get no more e-mails from us, open: https://clinic.example/unsubscribe/token")
    assert made.subject
    assert (made.segments, made.problems) == (0, ())


def test_an_approved_wording_numbers_its_names_as_they_first_appear() -> None:
    made, numbered = compose_approved(
        wording="{{ business_name }}: {{ date }}, {{ time }}. {{ business_name }} expects you.",
        label="reminder_first/en/HX1",
        language="en",
        values={"business_name": "Harbor Street Dental", "date": "Mon, Nov 30", "time": "9:00 AM"},
    )
    assert numbered == {"1": "Harbor Street Dental", "2": "Mon, Nov 30", "3": "9:00 AM"}
    assert made.body == "Harbor Street Dental: Mon, Nov 30, 9:00 AM. Harbor Street Dental expects you."


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (Kind.EMERGENCY_ANSWER, "{{ business_name }}: we will call you soon."),
        (Kind.DEPOSIT_REQUEST, "{{ business_name }} asks for a {{ amount }} deposit for {{ date }}."),
        (Kind.WHICH_VISIT, "{{ business_name }}: which visit?"),
        (Kind.MOVED, "{{ business_name }}: see you { date } at { time }"),
        (Kind.MOVED, "{{ business_name }}: {{ date }} {{ time }} { link }"),
        (Kind.REVIEW_THANKS, "{{ business_name }}: " + "thank you " * 160),
    ],
)
def test_an_own_wording_that_cannot_do_its_job_is_not_used(kind: Kind, body: str) -> None:
    own(name=kind, body=body)
    assert "own-" not in text(kind).template


def test_an_own_wording_with_an_unknown_name_is_an_error() -> None:
    own(body="{{ business_name }} {{ date }} {{ time }} {{ secret }}")
    with pytest.raises(TextError, match="secret"):
        text()


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("kind", sorted(set(Kind) - set(FORMER_NAMES)))
def test_every_shipped_text_names_the_business_and_leaves_no_gap(kind: Kind, language: str) -> None:
    for tone in profiles.load().texts[language].texts[kind]:
        found = text(kind, language=language, tone=tone)
        assert "Harbor Street Dental" in found.body
        assert "{" not in found.body + found.subject
        assert "  " not in found.body
        assert (found.problems, found.unicode) == ((), False)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=120), st.text(max_size=120))
def test_no_name_or_service_from_a_booking_form_breaks_a_text(name: str, service: str) -> None:
    found = text(values={"customer_name": name, "service": service})
    assert found.body.startswith("Hi ")
    assert found.body.endswith(
        "see you at Harbor Street Dental on Tue, Nov 24 at 9:00 AM? "
        "Reply C to confirm, R to reschedule, X if you cannot come."
    )
