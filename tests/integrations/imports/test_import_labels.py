"""What a number in a calendar's description is called: whose nobody knows is nobody's, and a no to texts holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from appointments.models import Business, Customer
from integrations.imports import labels
from integrations.imports.ics import phones
from integrations.imports.rows import RowError
from tests.integrations.imports.test_import_calendars import BEA, calendar, event, read

pytestmark = pytest.mark.usefixtures("business")
OWN = "646-555-0177"
OF_OTHERS = [
    *(
        "Ordering MD: {}",
        "Adjuster: {}",
        "Group home: {}",
        "Tech support: {}",
        "Organizer's phone: {}",
        "Host phone: {}",
    ),
    *("DL#: {}", "Parking: {}", "If lost call {}", "Praxis: {}", "R\xfcckfragen: {}", "Hospital: {}", "Lab: {}"),
    *("Adjuster {}", "Tech support {}", "Host's number is {}", "Hotel {}", "Bei Fragen {}", "Anfitri\xf3n {}"),
    *("Locker: {}", "Gate: {}", "Front gate phone: {}", "Choir: {}", "Ana Lopez: {}", "Ana's cell: {}", "Vecina: {}"),
    *("Concierge: {}", "Dog sitter: {}", "Uncle Bob phone: {}", "Room phone: {}", "Zimmer: {}", "Mutuelle : {}"),
    *("Organisateur : {}", "Secr\xe9tariat : {}", "\u7dca\u6025\u9023\u7d61\u5148: {}", "\u0412\u0440\u0430\u0447: {}"),
    *(
        "Emergency exit line: {}",
        "Coordinator phone: {}",
        "Portal: {}",
        "Adjuster:\n{}",
        "Court: {}",
        "\u75c5\u9662\uff1a{}",
    ),
    *("Surgeon's mobile: {}", "Godmother: {}", "Wedding planner: {}", "Driver license: {}", "Plate: {}", "ETA: {}"),
]
NOT_FOR_TEXTS = [
    *("Mobile (opted out): {}", "SMS: no. Phone {}", "Opt-in SMS: NO\nPhone: {}", "Text reminders: No\nPhone: {}"),
    *(
        "Consent to text: declined\nPhone: {}",
        "OK to text? No\nPhone: {}",
        "Texts: off\nCell: {}",
        "SMS consent: N\n{}",
    ),
    *("Phone (SMS: no): {}", "Text messages: refused\nPhone: {}", "Cell: {} (unsubscribed)", "Cell {} opted out"),
    *(
        "Phone: {}, email only",
        "SMS: nein\nTelefon: {}",
        "Mensajes: no\nCel: {}",
        "Text ok: n\nCell: {}",
        "Phone: {} DNT",
    ),
    *("Prefers calls. Phone: {}", "Replied STOP\nPhone: {}", "Do not text. {}", "SMS reminders are off\nCell: {}"),
    *("Consent: no consent to text\nPhone: {}", "Text: never. Cell {}", "Permission to text: denied\nPhone: {}"),
]
THEIRS = [
    *(
        "Callback number: {}",
        "Text OK: {}",
        "Work: {}",
        "tel:{}",
        "Patient phone: {}",
        "Cell (preferred): {}",
        "Ph: {}",
    ),
    *("Telefon: {}", "Tlf: {}", "T\xe9l.: {}", "M\xf3vil: {}", "Cel: {}", "Mobil: {}", "Handynummer: {}", "Handy: {}"),
    *("\uc804\ud654: {}", "\u96fb\u8a71: {}", "\u643a\u5e2f\uff1a{}", "\u0422\u0435\u043b\u0435\u0444\u043e\u043d: {}"),
    *("Whatsapp: {}", "Phone number (SMS): {}", "Best number to reach you: {}", "Guardian: Ana Ruiz {}", "Contact: {}"),
    *("Mother's cell: {}", "Phone #1: {}", "Cell no.: {}", "Bea Ruiz: {}", "Bea's cell: {}", "Ruiz, Bea: {}", "C: {}"),
    *(
        "Text: yes\nCell: {}",
        "SMS: ok\nPhone: {}",
        "Text me, no problem {}",
        "SMS reminders: yes\nPhone: {}",
        "Call {}",
    ),
    *("Opt-in SMS: YES\nPhone: {}", "Name: Bea Ruiz\nPhone: {}\nNotes: none", "Phone / SMS: {}", "Evening phone: {}"),
    *("Notes: first visit, cell {}", "Text messages allowed\n{}", "N\xfamero de contacto: {}"),
]


@pytest.mark.parametrize("text", [*OF_OTHERS, *NOT_FOR_TEXTS])
def test_a_number_of_others_or_not_for_texts_is_not_the_patients(business: Business, text: str) -> None:
    assert phones.phone_in(text.format(OWN), business, "Bea Ruiz") == ""


@pytest.mark.parametrize("text", THEIRS)
def test_the_patients_own_still_is(business: Business, text: str) -> None:
    assert phones.phone_in(text.format(OWN), business, "Bea Ruiz") == OWN


@pytest.mark.parametrize("text", OF_OTHERS)
def test_beside_one_of_others_the_patients_own_is_found(business: Business, text: str) -> None:
    other = text.format("212-555-0172")
    assert phones.phone_in(f"{other}\n\nCell: {OWN}", business) == OWN
    assert phones.phone_in(f"Cell: {OWN}\n\n{other}", business) == OWN


def test_the_patient_may_stand_before_it_by_name(tmp_path: Path) -> None:
    read(tmp_path, calendar(event(BEA, f"DESCRIPTION:Bea: {OWN}")))
    assert Customer.objects.get().phone == "+16465550177"


def test_in_a_spreadsheets_cell_too(business: Business) -> None:
    for cell in (f"{OWN} (opted out)", f"{OWN} SMS: no", f"{OWN} adjuster", f"{OWN} host"):
        with pytest.raises(RowError):
            labels.refuse(cell, "phone")
    labels.refuse(f"{OWN} ok to text", "phone")
