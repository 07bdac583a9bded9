"""A number in a calendar's description is the patient's phone only when it can be: no id, and not the office's."""

from __future__ import annotations

import pytest

from appointments.models import Business
from integrations.imports.ics import phones

pytestmark = pytest.mark.usefixtures("business")
OWN, OTHER = "646-555-0177", "212-555-0172"
BARE = "2125550172"


@pytest.mark.parametrize(
    "label",
    [
        *("MRN:", "MRN", "mrn #", "MRN no.", "Medical record number:", "Chart", "Chart #:", "Account:", "Acct no."),
        *("Account number is", "Member ID:", "Member ID (Aetna):", "Policy #", "Policy number", "Case:", "Case no."),
        *("Case number:", "Invoice", "Invoice #", "NPI:", "Order:", "Order #", "Order number", "Ref:", "Ref.", "Ref #"),
        *("Reference:", "DOB", "SSN:", "Confirmation number:", "Confirmation #", "Confirmation:", "Booking ref:"),
        *("Patient ID:", "Patient number", "Patient no.", "Group number:", "Claim #", "Ticket:", "Authorization #:"),
        *("Fax:", "Fax", "Medicare", "Visit number", "Appointment no.", "Phone ok? MRN:", "Rx #", "Code:", "License"),
        *("Expediente:", "N\xfamero de cuenta:", "P\xf3liza:", "Factura", "N\xfamero de cita:", "C\xf3digo:", "DNI:"),
        *("Questions?", "Questions:", "Bea Ruiz MRN", "ID", "Account phone agreed, account:"),
    ],
)
def test_an_id_is_no_phone(business: Business, label: str) -> None:
    for number in (BARE, OTHER):
        assert phones.phone_in(f"{label} {number}", business) == ""
        assert phones.phone_in(f"{label}\n{number}", business) == ""
        assert phones.phone_in(f"{label} {number}\nCell: {OWN}", business) == OWN
        assert phones.phone_in(f"{label} {number}, {OWN}", business) == OWN


@pytest.mark.parametrize(
    "text",
    [f"{BARE} (MRN)", f"{BARE} is the MRN", f"{BARE} - account", f"{OTHER} fax", f"{OTHER} (fax)", f"Bea {OTHER} fax"],
)
def test_nor_is_one_that_is_called_so_afterwards(business: Business, text: str) -> None:
    assert phones.phone_in(text, business) == ""


@pytest.mark.parametrize(
    "text",
    [
        *("Questions? Call us at {}", "Questions? Phone: {}", "Any questions, call {}", "Call us: {}", "Text us at {}"),
        *("If you need to reschedule, call {}", "If you need to reschedule call {}", "To cancel or reschedule call {}"),
        *("Need to cancel? Call or text {}", "Call {} to reschedule", "Please call {} if you have questions"),
        *("Our office: {}", "Our office phone: {}", "Our front desk is at {}", "Front desk: {}", "Front desk {}"),
        *("{} is our front desk", "{} (front desk)", "Our phone number is {}", "Reception: {}", "Dr. Gray: {}"),
        *("Office phone: {}", "Doctor's office {}", "Clinic phone {}", "You can reach us on {}", "Give us a call {}"),
        *("We will text you a reminder. Questions? Call {}", "Running late? Call {}", "Main number: {}"),
        *("Questions?\n{}", "Questions?\nCall {}", "Front desk:\n{}", "To reschedule:\ncall {}", "Scheduling: {}"),
        *("\xbfPreguntas? Ll\xe1menos al {}", "Para cancelar o reprogramar llame al {}", "Recepci\xf3n: {}"),
        *("Nuestro tel\xe9fono: {}", "Comun\xedquese con nosotros al {}", "Si necesita cambiar su cita, llame al {}"),
    ],
)
def test_whom_to_call_is_not_the_patient(business: Business, text: str) -> None:
    assert phones.phone_in(text.format(OTHER), business) == ""
    assert phones.phone_in(f"{text.format(OTHER)}\n\nCell: {OWN}", business) == OWN
    assert phones.phone_in(f"Cell: {OWN}\n\n{text.format(OTHER)}", business) == OWN


@pytest.mark.parametrize(
    "text",
    [
        *("{}", "Bea Ruiz {}", "Phone: {}", "Tel {}, first visit", "Cell phone on account 12345: {}", "MRN 12345, {}"),
        *(
            "Appointment for Bea Ruiz {}",
            "First visit {}",
            "Cita con Bea Ruiz {}",
            "Visit: cleaning {}",
            "{} new patient",
        ),
        *("MRN 12345\nPhone: {}", "Chart 12 / Bea {}", "DOB: 02/14/1985, {}", "DOB 2/14/1985 {}", "{} DOB 02/14/1985"),
        *("{} MRN 12345", "{}, MRN on file", "Phone: {} MRN 12345", "Account phone: {}", "Confirmation sent to {}"),
        *("Best number for our office to reach you: {}", "Call or text me to reschedule at {}", "{} no insurance"),
        *("Any questions for us?\nNo\nPhone: {}", "Any questions: no, phone: {}", "Patient called to reschedule: {}"),
        *("Phone where the front desk can text you: {}", "Her mobile: {}", "Account:\nMobile: {}", "Tel\xe9fono: {}"),
        *("Confirmation of your number: {}", "Home: {}", "{} call after 5", "Ana called on 3/4, cell {}"),
    ],
)
def test_the_patients_own_is_still_found(business: Business, text: str) -> None:
    assert phones.phone_in(text.format(OWN), business) == OWN


@pytest.mark.parametrize(
    "text",
    [
        *("Interpreter: {}", "Ride home: Leo {}", "{} (driver)", "{} is the interpreter", "Roommate:\n{}"),
        *("Caregiver: {}", "Emergency contact: {}", "Old number: {}", "no longer in use: {}", "Int\xe9rprete: {}"),
        *("Do not text this number: {}", "Don't text {}", "Don\u2019t text: {}", "{} - do not text", "Landline: {}"),
        *("{} (landline)", "Cell: {}. Do not text.", "DO NOT TEXT!\nCell: {}", "Cell: {}\nDo not text this number"),
        *("Tel\xe9fono fijo: {}", "Festnetz: {}", "Abholung: {}", "Accompagnateur : {}"),
    ],
)
def test_nor_is_one_of_others_of_before_or_not_for_texts(business: Business, text: str) -> None:
    assert phones.phone_in(text.format(OTHER), business) == ""


@pytest.mark.parametrize(
    "text",
    [
        *(
            "Interpreter: 212-555-0172\nCell: {}",
            "Landline: 212-555-0172\nCell: {}",
            "Cell {}, old number 212-555-0172",
        ),
        *(
            "Interpreter needed\nCell: {}",
            "Cell {} Interpreter: yes",
            "Please text {}",
            "Landline:\n212-555-0172\n\n{}",
        ),
        *("Ride: Uber\nPhone: {}", "Do not text after 9pm\nCell: {}"),
    ],
)
def test_the_patients_own_beside_them_is(business: Business, text: str) -> None:
    assert phones.phone_in(text.format(OWN), business) == OWN
