"""The desk's words: each catalogue in step with the code, only whole languages offered, each reader's own shown."""

from __future__ import annotations

import gettext as gettext_module
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from string import Formatter

import polib
import pytest
from django.conf import settings
from django.test import Client, override_settings
from django.utils.translation import trans_real

from appointments.case_reasons.words import happened, part
from appointments.models import Customer
from appointments.services import escalations
from aro import clock
from aro.project import ROOT
from tests import catalogues
from tests.factories import AppointmentFactory, BusinessFactory

CATALOGUES = catalogues.catalogues()
TEMPLATES = sorted((ROOT / "workflows" / "templates" / "desk").glob("*.html"))
# The theme's own search box.
_THEME = {"search", "progress_activity", "esc"}
_BOTH = override_settings(LANGUAGES=[("en", "English"), ("es", "Spanish")])
_TRANSLATED = re.compile(r"{% *blocktranslate\b.*?{% *endblocktranslate *%}", re.DOTALL)
_MARKUP = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}|<[^>]*>|&\w+;", re.DOTALL)
_SAID_BY_MARKUP = re.compile(r'(?:aria-label|title|placeholder|alt)="([^"{]*[A-Za-z][^"{]*)"')


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])
def test_a_catalogue_has_the_words_of_the_code_and_no_others(path: Path) -> None:
    assert str(catalogues.in_step(path)) == str(polib.pofile(str(path), wrapwidth=100)), "run: make messages"


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])
def test_what_is_compiled_is_what_the_catalogue_says(path: Path) -> None:
    assert path.with_suffix(".mo").read_bytes() == polib.pofile(str(path)).to_binary(), "run: make messages"


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])
def test_a_translation_asks_for_the_values_that_its_sentence_has(path: Path) -> None:
    wrong = [
        entry.msgid
        for entry in polib.pofile(str(path)).translated_entries()
        for text in ([entry.msgstr] if entry.msgstr else entry.msgstr_plural.values())
        if _values(text) != _values(entry.msgid)
    ]
    assert wrong == []


def _values(text: str) -> set[str]:
    return {*re.findall(r"%\((\w+)\)s", text), *(name for _, name, _, _ in Formatter().parse(text) if name)}


def test_only_a_language_that_is_whole_is_offered() -> None:
    for code, _ in settings.LANGUAGES:
        if code != "en":
            [path] = [one for one in CATALOGUES if one.parts[-3] == code]
            assert polib.pofile(str(path)).percent_translated() == 100


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_page_of_the_desk_has_no_bare_words(path: Path) -> None:
    assert _bare(path.read_text()) == []


def _bare(source: str) -> list[str]:
    outside = _TRANSLATED.sub(" ", source)
    shown = [line.strip() for line in _MARKUP.sub("\n", outside).splitlines()]
    return [words for words in (*shown, *_SAID_BY_MARKUP.findall(outside)) if re.search("[A-Za-z]", words)]


@pytest.mark.parametrize(
    ("source", "bare"),
    [
        ('<p title="Now">{{ x }}</p>', ["Now"]),
        ("<p>No {{ x }}</p>", ["No"]),
        ('<p title="{% translate "Now" %}">{% blocktranslate %}a {{ b }}{% endblocktranslate %}, {{ x }}</p>', []),
    ],
)
def test_bare_words_are_found(source: str, bare: list[str]) -> None:
    assert _bare(source) == bare


@_BOTH
@pytest.mark.django_db
def test_whoever_reads_spanish_has_the_desk_and_its_cases_in_spanish(admin_client: Client) -> None:
    BusinessFactory.create()
    visit = AppointmentFactory.create()
    case = escalations.escalate(key="k", reason="question", appointment=visit)
    page = f"/admin/appointments/escalation/{case.pk}/change/"
    spanish = admin_client.get(page, headers={"accept-language": "es-MX,es;q=0.9"})
    assert {"Un paciente pregunta algo.", "Lea el mensaje y conteste o llame.", "Qué hacer"} <= _said(spanish.content)
    assert spanish["Content-Language"] == "es"
    english = admin_client.get(page, headers={"accept-language": "en"})
    assert {"A patient asks something.", "What to do"} <= _said(english.content)


@_BOTH
@pytest.mark.django_db
def test_today_speaks_spanish_to_one_reader_and_english_to_the_next(admin_client: Client) -> None:
    BusinessFactory.create()
    assert "Lo próximo que hace ARO" in _said(admin_client.get("/admin/", headers={"accept-language": "es"}).content)
    assert "What ARO does next" in _said(admin_client.get("/admin/", headers={"accept-language": "fr"}).content)


@pytest.mark.django_db
def test_a_language_that_is_not_whole_is_not_shown(admin_client: Client) -> None:
    assert "What ARO does next" in _said(admin_client.get("/admin/", headers={"accept-language": "es"}).content)


@_BOTH
@pytest.mark.django_db
def test_what_programs_are_answered_has_no_language(client: Client) -> None:
    answer = client.get("/health", headers={"accept-language": "es"})
    assert "Accept-Language" not in answer.get("Vary", "")
    assert "Content-Language" not in answer


class _Marked(gettext_module.NullTranslations):
    """A language in which whatever can be translated stands in brackets."""

    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧" if message.strip() else message

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return self.gettext(singular if n == 1 else plural)


@pytest.fixture
def marked() -> Iterator[dict[str, str]]:
    """The headers of a reader of that language."""
    with override_settings(LANGUAGES=[("en", "English"), ("eo", "Marked")]):
        trans_real._translations["eo"] = _Marked()  # type: ignore[attr-defined]
        yield {"accept-language": "eo"}


@pytest.mark.django_db
def test_no_word_of_todays_page_and_of_a_cases_page_is_left_in_english(
    admin_client: Client, marked: dict[str, str]
) -> None:
    BusinessFactory.create(name="4711")
    soon = clock.now() + timedelta(hours=1)
    visit = AppointmentFactory.create(starts_at=soon, service="22", staff_member="33", risk_score=90, risk_reasons=[])
    Customer.objects.filter(pk=visit.customer_id).update(name="44")
    visit.refresh_from_db()
    case = escalations.escalate(
        key="k", reason="emergency", title=happened("no_answer.asked", asked=part("reminders.1")), appointment=visit
    )
    for page in ("/admin/", f"/admin/appointments/escalation/{case.pk}/change/"):
        left = _unmarked(admin_client.get(page, headers=marked).content.decode())
        assert left == [], f"{page}: {left}"


def _unmarked(page: str) -> list[str]:
    """Words of the page itself, without the menu around it, that are neither in brackets nor a zone's name."""
    inside = page[page.index('<div class="aro-page">') : page.index("</main>") if "</main>" in page else None]
    inside = re.sub(r"<script.*?</script>|<style.*?</style>", "", inside, flags=re.DOTALL)
    said = [*re.findall(r"(?:aria-label|title|placeholder)=\"([^\"]*)\"", inside), re.sub(r"<[^>]*>", "\n", inside)]
    text = "\n".join(said)
    while "⟦" in text:
        text = re.sub(r"⟦[^⟦⟧]*⟧", "", text)
    text = re.sub(r"\(?[A-Z]\w+/[A-Z]\w+\)?|\b[A-Z]{3,4}\b|\bUTC\b", "", text)
    return [line.strip() for line in text.splitlines() if re.search("[A-Za-z]", line) and line.strip() not in _THEME]


def _said(page: bytes) -> set[str]:
    return {words.strip() for words in re.sub(r"<[^>]*>", "\n", page.decode()).splitlines()}
