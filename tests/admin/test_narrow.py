"""The desk on a phone of 360 px and by keyboard, in a real browser.

The pages are rendered first: the loop of the browser and the database do not share a thread.
"""

from __future__ import annotations

import mimetypes
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, Route, sync_playwright

from compliance import wrong_numbers
from tests.admin import rows

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="SKIPPED: chromium is not installed, so the desk was not tested in it"),
]
SITE, WIDTH, FINGER = "http://desk.test", 360, 24


@pytest.fixture
def pages(admin: Client) -> dict[str, str]:
    """The pages one calls from, each by its address."""
    long = rows.person(1, name="Maximiliane-Charlotte von Habsburg-Lothringen")
    marta, leo = rows.visit(1, customer=long), rows.visit(2)
    wrote = rows.reply(marta, body="Marta yes, Leo no he has fever").message
    case = rows.case(about=marta, message=wrote, title="One of a family cannot come to one of the visits.")
    shared = rows.case(2, message=wrote)
    shared.visits.add(marta, leo)
    wrong_numbers.hold(long.phone)
    addresses = [
        reverse("admin:index"),
        reverse("admin:appointments_escalation_change", args=[case.pk]),
        reverse("admin:appointments_escalation_change", args=[shared.pk]),
        reverse("admin:appointments_escalation_changelist"),
        reverse("admin:appointments_customer_change", args=[long.pk]),
        reverse("admin:appointments_appointment_change", args=[marta.pk]),
        reverse("admin:desk_act", args=["appointment.move", marta.pk]),
    ]
    return {address: admin.get(address).content.decode() for address in addresses}


@contextmanager
def browsing(pages: dict[str, str]) -> Iterator[Page]:
    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(SITE).split("?")[0]
        found = finders.find(path.removeprefix("/static/")) if path.startswith("/static/") else None
        if path in pages:
            route.fulfill(body=pages[path], content_type="text/html")
        elif isinstance(found, str):
            route.fulfill(body=Path(found).read_bytes(), content_type=mimetypes.guess_type(found)[0] or "text/plain")
        else:
            route.fulfill(status=404)

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": WIDTH, "height": 740})
        page.set_default_timeout(15_000)
        page.route("**/*", answer)
        yield page
        browser.close()


def test_no_page_is_wider_than_a_phone_and_each_link_is_as_high_as_a_finger(pages: dict[str, str]) -> None:
    wide, low = {}, {}
    with browsing(pages) as page:
        for address in pages:
            page.goto(SITE + address)
            wide[address] = page.evaluate("document.documentElement.scrollWidth")
            low[address] = page.evaluate(
                """[...document.querySelectorAll('.aro-page a, .aro-panel a, .aro-list a')].filter(a => a.offsetParent)
                .map(a => [a.textContent.trim(), Math.round(a.getBoundingClientRect().height)])"""
            )
    assert wide == dict.fromkeys(pages, WIDTH)
    assert {address: [link for link in links if link[1] < FINGER] for address, links in low.items()} == {
        address: [] for address in pages
    }


def test_what_a_case_is_about_stands_below_its_name_and_not_beside_it(pages: dict[str, str]) -> None:
    address = list(pages)[1]
    with browsing(pages) as page:
        page.goto(SITE + address)
        width = page.locator("dd", has_text="he has fever").first.bounding_box()
    assert width is not None
    assert width["width"] > WIDTH * 0.7


def test_the_keyboard_comes_to_the_page_without_the_menu(pages: dict[str, str]) -> None:
    with browsing(pages) as page:
        page.goto(SITE + next(iter(pages)))
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Skip the menu"
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('#content') !== null")
