"""The words of cases are in one table: rows hold codes, and no code is said that the table does not have."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import date
from string import Formatter

import pytest
from django.db import connection
from django.test import Client
from django.utils import translation

from appointments import case_reasons
from appointments.case_reasons.names import NAMES, name_of
from appointments.case_reasons.words import because, happened, to_do
from appointments.models import Escalation
from appointments.services import escalations
from aro.desk import sentences
from aro.desk.sentences import registered
from aro.project import ROOT
from tests.factories import AppointmentFactory

FAMILIES = {"happened": "case", "to_do": "step", "because": "end", "part": "part"}
# Who opens, rewords or closes a case, and the arguments that staff read.
OPENERS = {"escalate", "_escalate", "reword", "resolve", "tell", "Escalate", "tell_staff", "_close", "_settle"}
READ = {"title", "next_step", "resolution", "why"}


def sources() -> Iterator[tuple[str, ast.Module]]:
    for floor in ("appointments", "workflows", "integrations"):
        for path in sorted((ROOT / floor).rglob("*.py")):
            if "migrations" not in path.parts and "sandbox" not in path.parts:
                yield str(path.relative_to(ROOT)), ast.parse(path.read_text())


def calls(tree: ast.Module) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            yield name, node


def values_of(words: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(words) if name}


def test_each_code_that_is_said_is_in_the_table_and_gets_all_its_values() -> None:
    wrong = []
    for path, tree in sources():
        for name, call in calls(tree):
            code = call.args[0].value if call.args and isinstance(call.args[0], ast.Constant) else None
            if name not in FAMILIES or not isinstance(code, str):
                continue
            words = registered().get(f"{FAMILIES[name]}.{code}")
            given = {word.arg for word in call.keywords}
            if words is None or not (values_of(str(words)) <= given or None in given):
                wrong.append(f"{path}:{call.lineno} {code}")
    assert wrong == []


def test_no_case_is_opened_reworded_or_closed_with_a_sentence_of_its_own() -> None:
    wrong = [
        f"{path}:{word.value.lineno}"
        for path, tree in sources()
        for name, call in calls(tree)
        if name in OPENERS
        for word in call.keywords
        if word.arg in READ and _is_bare(word.value)
    ]
    assert wrong == []


def _is_bare(value: ast.expr) -> bool:
    """A sentence in the code, or one made of pieces; the empty string says nothing."""
    if isinstance(value, ast.IfExp):
        return _is_bare(value.body) or _is_bare(value.orelse)
    if isinstance(value, ast.BoolOp):
        return any(_is_bare(one) for one in value.values)
    return isinstance(value, ast.JoinedStr | ast.BinOp) or (isinstance(value, ast.Constant) and value.value != "")


def test_each_reason_that_nobody_words_has_words_of_its_own() -> None:
    codes = {code.partition(".")[2] for code in registered() if code.startswith("case.")}
    worded = {code for code in case_reasons.REASONS if any(one.split(".")[0] == code for one in codes)}
    # These are worded by their callers under `left_out`.
    assert set(case_reasons.REASONS) - worded == {"phone_unusable", "unsafe_text", "other_country", "never_texted"}


def test_each_reason_has_a_name() -> None:
    assert set(case_reasons.REASONS) <= set(NAMES)
    assert name_of("emergency") == "Emergency"
    assert name_of("gone_from_the_table") == "Gone from the table"


@pytest.mark.django_db
def test_a_row_keeps_codes_and_its_reader_sees_words() -> None:
    case = escalations.escalate(
        key="k",
        reason="no_answer",
        title=happened("no_answer.asked", asked=happened("no_answer.two")),
        next_step=to_do("no_answer.call"),
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT title, next_step FROM appointments_escalation")
        title, next_step = cursor.fetchone()
    assert title == '{"say":"case.no_answer.asked","values":{"asked":{"say":"case.no_answer.two"}}}'
    assert next_step == '{"say":"step.no_answer.call"}'
    case = Escalation.objects.get()
    assert case.title == "No answer to two reminders., no answer."
    assert case.next_step == "Call the patient, then confirm, move or cancel the visit."


@pytest.mark.django_db
def test_a_reasons_own_words_and_why_it_ended_are_codes_too() -> None:
    case = escalations.escalate(key="k", reason="question", appointment=AppointmentFactory.create())
    escalations.resolve(case, by="system", resolution=because("number_right"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT title, resolution FROM appointments_escalation")
        assert cursor.fetchone() == ('{"say":"case.question"}', '{"say":"end.number_right"}')
    assert Escalation.objects.get().resolution == "The number is right."


@pytest.mark.django_db
def test_a_case_that_is_saved_again_by_a_reader_of_another_language_keeps_its_code() -> None:
    escalations.escalate(key="k", reason="question")
    with translation.override("es"):
        Escalation.objects.get().save()
        case = Escalation.objects.get()
        escalations.reword(case, case.title, case.next_step)
    with connection.cursor() as cursor:
        cursor.execute("SELECT title, next_step FROM appointments_escalation")
        assert cursor.fetchone() == ('{"say":"case.question"}', '{"say":"step.question"}')


@pytest.mark.django_db
def test_what_a_person_typed_and_what_was_written_before_is_shown_as_it_is() -> None:
    case = escalations.escalate(key="k", reason="x", title="Still not confirmed six hours before.", next_step="Call.")
    escalations.resolve(case, by="ada", resolution="Called, she comes. " * 20)
    case = Escalation.objects.get()
    assert (case.title, case.next_step) == ("Still not confirmed six hours before.", "Call.")
    assert case.resolution == ("Called, she comes. " * 20)[:200]


@pytest.mark.django_db
def test_the_work_list_is_searched_by_the_words_that_staff_see(admin_client: Client) -> None:
    escalations.escalate(key="k", reason="question")
    escalations.escalate(key="l", reason="running_late")
    escalations.escalate(key="m", reason="old", title="A patient asks something, as it was written before.")
    page = admin_client.get("/admin/appointments/escalation/", {"q": "asks something"}).content.decode()
    assert "A patient asks something." in page
    assert "as it was written before" in page
    assert "running late" not in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    "looked_for",
    [
        "6 December",
        "28 visits",
        "28 VISITS are booked",
        "goes on by",
        "ring the patient",
        "Ring patient",
        "December visits",
    ],
)
def test_values_sentences_inside_and_next_steps_are_found_as_they_are_seen(
    admin_client: Client, looked_for: str
) -> None:
    sentences.register("found", {"seen": "On {day} {count} visits are booked. {more}", "by": "It goes on by E-mail."})
    day = sentences.on(date(2026, 12, 6))
    title = sentences.say("found.seen", day=day, count=28, more=sentences.say("found.by"))
    found = escalations.escalate(key="k", reason="question", title=title, next_step="Ring the patient up.")
    escalations.escalate(key="l", reason="running_late")
    shown = admin_client.get("/admin/appointments/escalation/", {"q": looked_for}).context["cl"].result_list
    assert [case.pk for case in shown] == [found.pk]
