from __future__ import annotations

import json
from io import StringIO
from typing import cast

import pytest
from django.core.management import call_command

from appointments import profiles
from appointments.models import MessageTemplate
from appointments.texts import catalogue, gsm, render
from appointments.texts.catalogue import Choice
from appointments.texts.lint import lint, lint_own, lint_pack, lint_words
from compliance.models import Channel

SHIPPED = [
    pytest.param(choice, profile, id=f"{profile}-{choice.label}-{choice.tone}")
    for profile in profiles.available()
    for choice in catalogue.shipped(profile)
]
TEXTED = [one for one in SHIPPED if cast("Choice", one.values[0]).channel != Channel.EMAIL]
# The longest values that can come, in the alphabet of SMS.
LONGEST = {
    "customer_name": "Maximiliana-Alexandrina-Wilhelmina-Elisa",
    "business_name": "Harbor Street Family and Cosmetic Dental",
    "business_phone": "+44 20 7946 0000",
    "service": "",
    "date": "Wed, Nov 30",
    "time": "12:30 PM UTC+05:45",
    "link": "https://checkout.example/c/pay/" + "a" * 40,
    "amount": "9999.99 CAD",
    "visits": "Wed, Nov 30: Maximiliana 10:00 AM, Christopher 10:30 AM, Alexandrina 11:00 AM",
}


@pytest.mark.parametrize(("choice", "profile"), SHIPPED)
def test_every_shipped_text_passes_without_a_warning(choice: Choice, profile: str) -> None:
    found = lint(
        body=choice.body,
        kind=choice.kind,
        subject=choice.subject,
        language=choice.language,
        profile=profile,
        channel=choice.channel,
    )
    assert (found.errors, found.warnings) == ([], [])


@pytest.mark.parametrize(("choice", "profile"), TEXTED)
def test_every_shipped_text_fits_two_segments_with_the_longest_values(choice: Choice, profile: str) -> None:
    pack = profiles.load(profile)
    body = render.filled(choice.body, render.prepare(LONGEST, language=choice.language, pack=pack))
    body += " " + pack.texts[choice.language].words.opt_out_line
    assert gsm.segments(body) <= 2
    assert not gsm.needs_unicode(body)


@pytest.mark.parametrize(
    "instruction",
    [
        "Reply YES to confirm.",
        "Reply Yes or No.",
        "reply yes to confirm.",
        "Reply 'yes' if you come.",
        "Reply C to confirm or CANCEL to cancel.",
        "Reply C to confirm, R to reschedule, or cancel to cancel.",
        "Text STOP to cancel your appointment.",
        "Text STOP to opt out of your visit.",
        "Send END if you cannot come.",
        "Please answer: CANCEL = cannot come.",
        "Reply Y/YES.",
        "Press QUIT to leave the waiting list.",
        "Responda CANCELAR para cancelar su cita.",
        "Escriba ALTO si no puede venir.",
        "Reply START to confirm.",
    ],
)
def test_no_text_may_ask_for_a_word_that_opts_out_or_in_as_an_answer(instruction: str) -> None:
    found = lint(body="{{ business_name }}: see you soon. " + instruction)
    assert any("Ask for C to confirm" in error for error in found.errors)


@pytest.mark.parametrize(
    "sentence",
    [
        "Reply STOP to stop texts.",
        "Text STOP to opt out.",
        "Text STOP to unsubscribe, HELP for help.",
        "Text START to get them again.",
        "Escriba STOP para no recibir mensajes.",
        "Escriba START para volver a recibirlos.",
        "Reply X to cancel.",
        "If you need to cancel, call us.",
        "We are at the end of Main Street.",
        "Your visit was cancelled. Reply R for another time.",
        "Responda X si no puede venir; para cancelar, llame.",
    ],
)
def test_saying_how_to_stop_the_texts_is_no_answer_about_a_visit(sentence: str) -> None:
    assert lint(body="{{ business_name }}: " + sentence).errors == []


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("See you soon.", "name the business"),
        ("{{ business_name }} {{ diagnosis }}", "not a value that texts may use"),
        ("{{ business_name }} {{ customer.phone }}", "no filters, tags or code"),
        ("{{ business_name }} {{ date|upper }}", "no filters, tags or code"),
        ("{{ business_name }} {% if x %}", "no filters, tags or code"),
        ("{{ business_name }}\u200b: hello", "invisible"),
        ("{{ business_name }}: your treatment is on {{ date }}", "medical advice"),
        ("{{ business_name }}: take your medication", "medication word"),
        ("{{ business_name }}: https://bit.ly/x", "shortened link"),
    ],
)
def test_what_must_not_be_saved_is_an_error(body: str, says: str) -> None:
    assert any(says in error for error in lint(body=body).errors)


def test_the_subject_is_checked_as_well() -> None:
    assert lint(body="{{ business_name }}", subject="Your diagnosis").errors
    assert lint(body="{{ business_name }}", subject="{{ secret }}").errors


def test_what_costs_more_is_a_warning() -> None:
    assert any("’" in warning for warning in lint(body="{{ business_name }}: it’s time").warnings)
    long = lint(body="{{ business_name }}: " + "a" * 160).warnings
    assert any("billed as 2" in warning for warning in long)


@pytest.mark.parametrize("profile", profiles.available())
def test_every_language_says_how_to_opt_out_when_it_is_due(profile: str) -> None:
    assert lint_words(profile) == []


@pytest.mark.django_db
def test_the_businesss_own_texts_are_checked_while_in_use() -> None:
    fields = {"name": "reminder_first", "category": "reminder", "body": "Reply YES"}
    MessageTemplate.objects.create(version=1, active=False, **fields)
    assert lint_own() == []
    MessageTemplate.objects.create(version=2, **fields)
    assert [(choice.label, findings.ok) for choice, findings in lint_own()] == [("reminder_first/en/own-2", False)]


@pytest.mark.django_db
def test_the_command_passes_on_what_is_shipped() -> None:
    out = StringIO()
    call_command("templates_lint", stdout=out)
    count = sum(len(lint_pack(profile)) for profile in profiles.available())
    assert f"{count} texts checked: 0 errors, 0 warnings." in out.getvalue()


@pytest.mark.django_db
def test_the_command_fails_on_a_text_that_breaks_a_rule() -> None:
    MessageTemplate.objects.create(name="review", category="review", body="Reply YES")
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("templates_lint", "--json", stdout=out)
    assert ended.value.code == 1
    assert [row["text"] for row in json.loads(out.getvalue()) if row["errors"]] == ["review/en/own-1"]
