"""A wording leads patients to the clinic's pages only."""

from __future__ import annotations

from typing import Any

import pytest

from appointments.desk.wording_forms import TemplateForm
from appointments.texts import links
from appointments.texts.lint import lint
from tests.factories import BusinessFactory

OWN = frozenset({"fern.example", "fern.com"})


@pytest.mark.parametrize(
    ("text", "hosts"),
    [
        ("Pay at https://evil.example/pay", ["evil.example"]),
        ("see www.evil.example", ["evil.example"]),
        ("evil.example/x now", ["evil.example"]),
        ("https://fern.example.evil.example/", ["fern.example.evil.example"]),
        ("https://fern.example@evil.example/", ["evil.example"]),
        ("https://notfern.example/", ["notfern.example"]),
        ("https://[::1/", ["https://[::1/"]),
        ("https://fern.example/book and www.fern.example and https://go.fern.example/a", []),
        ("https://buy.stripe.com/of-another", ["buy.stripe.com"]),
        ("Look at Evil.com. Or bit.ly/x", ["evil.com", "bit.ly"]),
        ("Write to desk@fern.com, or see fern.com.", []),
        ("At 2 p.m. with Dr.Gray, and/or later. {{ link }}", []),
    ],
)
def test_links_to_others_are_found(text: str, hosts: list[str]) -> None:
    assert links.foreign(text, OWN) == hosts


@pytest.mark.django_db
def test_the_clinics_own_hosts_come_from_its_settings(settings: Any) -> None:
    settings.PUBLIC_BASE_URL = "https://aro.fern.example"
    business = BusinessFactory.create(booking_url="https://book.fern.example/now", email="desk@fern-dental.example")
    assert {"aro.fern.example", "book.fern.example", "fern-dental.example"} <= links.own_hosts(business)


def test_the_linter_says_what_to_write_instead() -> None:
    findings = lint(body="{{ business_name }}: pay at https://evil.example/pay", own_hosts=OWN)
    assert any("evil.example, which is not yours. Use {{ link }}" in error for error in findings.errors)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("link", "refused"), [("https://evil.example/book", True), ("https://fern.example/rooms", False)]
)
def test_a_wording_is_kept_only_when_its_links_are_the_clinics(link: str, refused: bool) -> None:
    BusinessFactory.create(booking_url="https://fern.example/now")
    form = TemplateForm({"body": f"{{{{ business_name }}}}: see {link}", "language": "en", "channel": "SMS"})
    assert any("not yours" in error for error in form.errors.get("body", [])) is refused
