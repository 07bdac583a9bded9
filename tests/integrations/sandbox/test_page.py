"""The page of phones in a real browser."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser, Page, expect, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
AUTH = ("AC" + "a" * 32, "sandbox-twilio-auth-token")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="SKIPPED: chromium is not installed, so the phone page was not tested"),
]
# A machine busy with other tests takes longer than the five seconds that are usual.
expect.set_options(timeout=30_000)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser, own_sandbox: Any) -> Iterator[Page]:
    """A fresh page on an empty sandbox; anything the browser complains about fails the test."""
    complaints: list[str] = []
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.goto(own_sandbox.url)
    yield page
    page.close()
    assert not complaints


def text(sandbox: Any, body: str, to: str = "+12025550100") -> None:
    url = f"{sandbox.url}/twilio/2010-04-01/Accounts/{AUTH[0]}/Messages.json"
    requests.post(url, data={"To": to, "From": "+15005550006", "Body": body}, auth=AUTH, timeout=5).raise_for_status()


def test_a_visit_booked_on_the_page_reaches_aro_and_its_phone_appears(
    page: Page, own_sandbox: Any, receiver: Any
) -> None:
    expect(page.get_by_text("No phone rings yet")).to_be_visible()
    page.get_by_label("Name", exact=True).fill("Nia Okafor")
    page.get_by_label("Time zone").select_option("America/Los_Angeles")
    page.get_by_label("Starts").fill("2027-03-16T09:30")
    page.get_by_role("button", name="Book", exact=True).click()
    expect(page.get_by_role("article", name="Phone of Nia Okafor")).to_be_visible()
    assert len(receiver.wait("/webhooks/calendly", 1)) == 1
    assert own_sandbox.get("/bookings")["bookings"][0]["starts_at"] == "2027-03-16T16:30:00.000000Z"


def test_texts_show_their_ticks_and_an_answer_is_sent_from_the_phone(
    page: Page, own_sandbox: Any, receiver: Any
) -> None:
    own_sandbox.book()
    text(own_sandbox, "See you on Tuesday? Reply C, R or X.")
    phone = page.get_by_role("article", name="Phone of Ana Diaz")
    expect(phone.get_by_text("delivered")).to_be_visible()
    phone.get_by_role("button", name="Answer C").click()
    expect(phone.locator(".bubble.inbound")).to_have_text("C")
    phone.get_by_label("Text from +12025550100").fill("and <b>thank you</b>")
    phone.get_by_label("Text from +12025550100").press("Enter")
    expect(phone.locator(".bubble.inbound").nth(1)).to_have_text("and <b>thank you</b>")
    assert len(receiver.wait("/webhooks/twilio/sms", 2)) == 2


def test_a_deposit_is_paid_with_the_button_under_its_text(page: Page, own_sandbox: Any, receiver: Any) -> None:
    own_sandbox.book()
    form = {
        "line_items[0][price_data][currency]": "usd",
        "line_items[0][price_data][unit_amount]": "5000",
        "line_items[0][price_data][product_data][name]": "Deposit",
        "line_items[0][quantity]": "1",
        "restrictions[completed_sessions][limit]": "1",
    }
    headers = {"Authorization": "Bearer sk_test_sandbox"}
    link = requests.post(f"{own_sandbox.url}/stripe/v1/payment_links", data=form, headers=headers, timeout=5).json()
    text(own_sandbox, f"Please pay your deposit: {link['url']}")
    page.get_by_role("button", name="Pay $50.00").click()
    expect(page.get_by_role("button", name="Paid or closed")).to_be_disabled()
    assert len(receiver.wait("/webhooks/stripe", 2)) == 2


def test_the_clock_goes_to_48_hours_before_the_next_visit(page: Page, own_sandbox: Any) -> None:
    own_sandbox.book(starts_at="2029-03-16T15:00:00Z")
    page.get_by_role("button", name="To 48 h before").click()
    expect(page.locator("#now span")).to_have_text(re.compile("Wednesday, March 14, 2029"))
    assert own_sandbox.get("/clock")["now"].startswith("2029-03-14T15:00:")


def test_a_fault_is_switched_on_and_off_by_its_plain_name(page: Page, own_sandbox: Any) -> None:
    page.get_by_role("heading", name="Make something go wrong").click()
    page.get_by_label("The patient's phone is off").check()
    expect(page.get_by_text("1 on")).to_be_visible()
    [fault] = own_sandbox.get("/faults")["faults"]
    assert (fault["provider"], fault["kind"], fault["code"]) == ("twilio", "error_code", "30003")
    page.get_by_label("The patient's phone is off").uncheck()
    expect(page.get_by_text("1 on")).to_be_hidden()
    assert own_sandbox.get("/faults")["faults"] == []


def test_a_webhook_that_aro_refuses_is_told_to_the_person(page: Page, receiver: Any) -> None:
    receiver.status = 400
    page.get_by_role("button", name="Book", exact=True).click()
    expect(page.get_by_role("alert")).to_have_text("ARO answered 400 to this webhook. Its log says why.")


def test_the_page_fits_a_phone_without_scrolling_sideways(page: Page, own_sandbox: Any) -> None:
    own_sandbox.book(name="A very long name " * 8)
    text(own_sandbox, "x" * 300)
    page.set_viewport_size({"width": 360, "height": 740})
    expect(page.locator(".bubble")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_the_checkout_page_takes_one_payment(page: Page, own_sandbox: Any, receiver: Any) -> None:
    form = {
        "line_items[0][price_data][currency]": "usd",
        "line_items[0][price_data][unit_amount]": "5000",
        "line_items[0][price_data][product_data][name]": "Deposit",
        "line_items[0][quantity]": "1",
        "restrictions[completed_sessions][limit]": "1",
    }
    headers = {"Authorization": "Bearer sk_test_sandbox"}
    link = requests.post(f"{own_sandbox.url}/stripe/v1/payment_links", data=form, headers=headers, timeout=5).json()
    page.goto(link["url"])
    page.get_by_role("button", name="Card is declined").click()
    expect(page.get_by_role("status")).to_have_text("The card was declined. You can try again.")
    page.get_by_role("button", name="Pay").click()
    expect(page.get_by_role("status")).to_have_text("Paid. Thank you.")
    assert len(receiver.wait("/webhooks/stripe", 3)) == 3
