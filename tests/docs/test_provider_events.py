"""What a page says to switch on at a provider is what the code reads: no more, no less."""

from __future__ import annotations

import re

from aro.project import ROOT
from integrations.providers.calcom import webhook as calcom
from integrations.providers.stripe import webhook as stripe
from tests.docs.pages import blocks

HOW_TO = ROOT / "docs" / "how-to"


def test_the_page_on_stripe_lists_every_event_that_is_read() -> None:
    listed = [block.text.split() for block in blocks(HOW_TO / "connect-stripe.md") if "checkout.session" in block.text]
    assert listed == [list(stripe.KINDS)]


def test_the_page_on_cal_com_lists_every_trigger_that_is_read() -> None:
    page = (HOW_TO / "connect-cal-com.md").read_text(encoding="utf-8")
    found = re.search(r"Event triggers: Booking (.+)\.\n", page)
    assert found is not None
    listed = {re.sub(r"[ -]", "_", word.removeprefix("and ")).upper() for word in found[1].split(", ")}
    assert {f"BOOKING_{word}" for word in listed} == set(calcom.HANDLERS)
