"""The worked example of docs/how-to/add-a-provider.md, followed to the letter."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import sys
import tomllib
import types
from collections.abc import Iterator
from typing import Any, ClassVar

import pytest
from django.test import Client, override_settings

from appointments.models import Appointment, Business
from aro.project import ROOT
from aro.queue import tick
from config import urls as project_urls
from integrations import urls
from integrations.providers import ADAPTERS, VENDORS
from tests.docs import pages
from tests.integrations.contract import JsonBodyContract

PAGE = ROOT / "docs" / "how-to" / "add-a-provider.md"
BLOCKS = {block.words[1]: block.text for block in pages.blocks(PAGE) if len(block.words) == 2}
FOLDER = "integrations.providers.bookwell"
NEW = {
    "integrations/providers/bookwell/",
    "integrations/providers/bookwell/webhook.py",
    "integrations/providers/bookwell/__init__.py",
    "integrations/providers/bookwell/vendor.toml",
    "tests/fixtures/bookwell/",
    "tests/fixtures/bookwell/booked.json",
    "tests/integrations/providers/test_bookwell.py",
    "docs/how-to/connect-bookwell.md",
}


def _module(monkeypatch: pytest.MonkeyPatch, name: str, block: str) -> types.ModuleType:
    module = types.ModuleType(name)
    monkeypatch.setitem(sys.modules, name, module)
    exec(compile(BLOCKS[block], str(PAGE), "exec"), module.__dict__)
    return module


@pytest.fixture(autouse=True)
def bookwell(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The page's folder under its line in the registry, with the address and the setting that follow from it."""
    _module(monkeypatch, f"{FOLDER}.webhook", "bookwell")
    offer = _module(monkeypatch, FOLDER, "offer")
    (adapter,) = offer.VENDOR.adapters
    (setting,) = tomllib.loads(BLOCKS["vendor"])["settings"]
    ADAPTERS[adapter.name] = adapter
    routes = types.ModuleType("urls_with_bookwell")
    routes.__dict__.update(vars(project_urls) | {"urlpatterns": [*urls.routes([adapter]), *project_urls.urlpatterns]})
    with override_settings(ROOT_URLCONF=routes, **{setting: "bookwell-secret"}):
        yield
    del ADAPTERS[adapter.name]


def signed(body: bytes, secret: str) -> dict[str, str]:
    return {"X-Bookwell-Signature": hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}


class TestTheWorkedExampleAtTheBorder(JsonBodyContract):
    name = "bookwell"
    url = "/webhooks/bookwell"
    setting = "BOOKWELL_WEBHOOK_SECRET"
    good: ClassVar[bytes] = BLOCKS["booked"].encode()
    unknown: ClassVar[bytes] = b'{"event": "room.cleaned", "event_id": "ev_9"}'

    def sign(self, body: bytes, *, secret: str, late_by: float = 0) -> dict[str, str]:
        return signed(body, secret)


def test_what_it_sends_becomes_a_visit_that_moves_and_ends(client: Client, business: Business) -> None:
    states = []
    for number, (event, start) in enumerate(
        [("booked", "2031-12-03T09:30:00Z"), ("moved", "2031-12-08T14:00:00Z"), ("cancelled", "2031-12-08T14:00:00Z")]
    ):
        data: dict[str, Any] = json.loads(BLOCKS["booked"])
        data |= {"event": event, "event_id": f"ev_{number}", "sent_at": f"2026-11-20T08:15:3{number}Z"}
        data["visit"]["start"] = start
        body = json.dumps(data).encode()
        headers = signed(body, "bookwell-secret")
        answer = client.generic("POST", "/webhooks/bookwell", body, "application/json", headers=headers)
        assert answer.status_code == 200
        tick.drain(["receipts"])
        visit = Appointment.objects.get(source="bookwell", external_id="bw-77")
        states.append((visit.status, visit.moves))
    assert states == [("booked", 0), ("booked", 1), ("cancelled", 1)]


def test_the_reference_page_explains_its_address_by_its_own_words() -> None:
    route, _with_a_slash = urls.routes([ADAPTERS["bookwell"]])
    assert str(route.callback.__doc__).startswith("Bookwell: bookings, moves, cancellations.")


def test_every_place_that_the_page_names_exists_or_is_what_it_tells_to_write() -> None:
    words = re.findall(r"`([^`\s]+/[^`\s]*|\.env\.example)`", pages.prose(PAGE))
    places = {word for word in words if not word.startswith("/")}
    assert places >= NEW - {"tests/fixtures/bookwell/booked.json"}
    assert [place for place in places - NEW if not (ROOT / place).exists()] == []


def test_no_other_floor_knows_a_provider_by_name() -> None:
    """The core has no branch on a provider: a new one is not mentioned above, and neither are the present ones."""
    # `email` and `custom` are words of the core's own.
    vendors = "|".join({vendor.name for vendor in VENDORS} - {"email", "custom"})
    names = re.compile(rf"[\"'](?:{vendors})[\"']|\b(?:{vendors})_[A-Z]|settings\.(?:{vendors.upper()})_")
    rooms = [f"integrations/{room}" for room in ("inbound", "outbound", "sync", "imports", "desk")]
    core = [path for app in ("workflows", "appointments", "compliance", *rooms) for path in (ROOT / app).rglob("*.py")]
    guilty = [str(path.relative_to(ROOT)) for path in core if names.search(path.read_text(encoding="utf-8"))]
    assert guilty == []
