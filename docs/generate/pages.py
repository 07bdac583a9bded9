"""The pages of docs/reference, read out of the code. Each function yields a page's lines."""

from __future__ import annotations

import argparse
import importlib
import inspect
import tomllib
from collections.abc import Iterator
from typing import Any

from django.conf import settings as django_settings
from django.core.management.base import BaseCommand
from django.urls import URLPattern, URLResolver, get_resolver

from appointments import profiles
from appointments.models import Business, Message
from aro import cli
from aro.ops import commands as command_files
from aro.project import ROOT
from compliance.event_types import EventType
from compliance.kinds import FORMER_NAMES, Kind, purpose_of
from compliance.reasons import EXPLANATIONS
from config.vendors import SANDBOX_VALUES as VALUES
from docs.generate import sources
from docs.generate.table import code, table
from integrations.sandbox import control
from workflows.engine import registry

_BASE_OPTIONS = frozenset(
    {
        "--help",
        "--version",
        "--verbosity",
        "--settings",
        "--pythonpath",
        "--traceback",
        "--no-color",
        "--force-color",
        "--skip-checks",
    }
)
_WEBHOOKS = {
    "webhook-calendly": "Calendly: bookings, cancellations, no-shows. Signed: `Calendly-Webhook-Signature`.",
    "webhook-acuity": "Acuity: the number of an appointment that has changed. Signed: `X-Acuity-Signature`.",
    "webhook-square": "Square: a booking and its status. Signed: `x-square-hmacsha256-signature`.",
    "webhook-calcom": "Cal.com: bookings, moves, cancellations, no-shows. Signed: `X-Cal-Signature-256`.",
    "webhook-custom": "Your own booking system. Signed by Standard Webhooks: `webhook-signature`.",
    "webhook-easyappointments": "Easy!Appointments: a visit was saved or deleted. Secret token: `X-Ea-Token`.",
    "webhook-stripe": "Stripe: what became of a deposit. Signed: `Stripe-Signature`.",
    "webhook-twilio-sms": "Twilio: what a patient texts. Signed: `X-Twilio-Signature`.",
    "webhook-twilio-status": "Twilio: what became of a text. Signed: `X-Twilio-Signature`.",
}


_SANDBOX = {
    "POST /book": "`{provider, name, phone, email?, service, starts_at, timezone?, places?}`: books, sends the "
    "webhook. At Cal.com so many as `places` may share it.",
    "POST /reschedule": "`{provider, booking_id, starts_at}`",
    "POST /cancel": "`{provider, booking_id, by}`: by `invitee` or `host`.",
    "POST /no-show": "`{provider, booking_id, undo?}`",
    "POST /seat": "`{booking_id, name, phone, email?}`: one more person in a Cal.com booking with `places`.",
    "POST /leave": "`{booking_id, seat_uid}`: one of several does not come.",
    "POST /move-seat": "`{booking_id, seat_uid, starts_at}`: one of several comes at another time.",
    "GET /bookings": "The bookings that were made here.",
    "POST /reply": "`{from, body, channel?}`: a patient's text, as a signed webhook of the carrier (`TEXT_CARRIER`).",
    "POST /pay": "`{payment_link_id, amount?, event?, page_was_open?}`: signed Stripe events. `amount` in cents.",
    "GET /messages": "Every text that the played carrier took, in order. `?to=` for one phone.",
    "GET /payment-links": "The payment links that ARO made.",
    "GET /requests": "Every call that ARO made.",
    "POST /faults": "`{provider, kind, rate, count?, seconds?, code?}`: makes calls go wrong.",
    "GET /faults": "What is switched on.",
    "POST /clock": "`{advance_seconds}` or `{to}`: moves ARO's clock forward, for every process.",
    "GET /clock": "What time ARO has.",
}
_NOTE = "<!-- Made by docs/generate. Change the code, then run: python -m docs.generate -->\n"


def everything() -> dict[str, str]:
    """File name to content. Needs Django to be set up."""
    made = {
        "settings.md": settings(),
        "commands.md": commands(),
        "http.md": http(),
        "events.md": events(),
        "messages.md": messages(),
    }
    return {name: _NOTE + "\n".join(lines).rstrip() + "\n" for name, lines in made.items()}


def settings() -> Iterator[str]:
    """Environment, a business's rules, the policy file."""
    yield from ("# Settings", "", "Environment variables come first, then what staff set in the front desk, then the")
    yield from ("policy file with the rules about texting. All environment variables are optional in sandbox mode.", "")
    for title, rows in sources.example_settings():
        yield from (f"## {title[0].upper()}{title[1:]}", "")
        yield from table(("Name", "Example or default", "Also as `_FILE`", "What"), map(_setting, rows))
    yield from ("## Values of sandbox mode", "", "They hold when nothing else is set. Live mode refuses to start with")
    yield from ("any of them.", "")
    yield from table(("Name", "Value"), ((code(name), code(value)) for name, value in VALUES.items()))
    yield from _business_rules()
    yield from _policy()


def _setting(row: sources.Example) -> tuple[str, ...]:
    also = "yes" if row.name in sources.secret_names() else ""
    return code(row.name), code(row.value), also, row.text


def _business_rules() -> Iterator[str]:
    yield from ("## Rules of a business", "", "Front desk, Business. A change is audited.", "")
    rows = []
    for field in Business._meta.fields:
        if field.name in ("id", "tenant_id"):
            continue
        default = field.get_default() if field.has_default() else ""
        shown = str(default) if not isinstance(default, dict) else "Monday to Friday"
        rows.append((code(field.name), code(shown), str(field.help_text)))
    yield from table(("Field", "Default", "What"), rows)


def _policy() -> Iterator[str]:
    path = "config/policy.toml"
    yield from ("## Rules about texting", "", f"In `{path}`, each with its source and the day it was checked. To")
    yield from ("change one, write it under its heading into `policy.toml` in the data directory.", "")
    rules = tomllib.loads((ROOT / path).read_text(encoding="utf-8"))
    rows = [(code(f"{part}.{name}"), _shown(value)) for part, found in rules.items() for name, value in found.items()]
    yield from table(("Rule", "Value"), rows)


def _shown(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else code(str(value))


def commands() -> Iterator[str]:
    """Every `aro` command with its options."""
    yield from ("# Commands", "", "`aro FAMILY:VERB`, `aro FAMILY VERB` and `python manage.py FAMILY VERB` are the")
    yield "same. Exit status: 0 ok, 1 a check failed, 2 wrong usage, 3 not permitted. Django's own commands"
    yield from ("(`aro migrate`, `aro shell` ...) work too. From a clone, `aro` is `.venv/bin/aro`.", "", "```text")
    yield from cli.own_commands()
    yield from ("```", "")
    first: dict[tuple[tuple[str, str], ...], str] = {}
    for name in command_files.ours():
        yield from _command(name, first)


def _command(name: str, first: dict[tuple[tuple[str, str], ...], str]) -> Iterator[str]:
    """`first` remembers whose options were shown: those of the same family need not be shown again."""
    made: BaseCommand = importlib.import_module(command_files.module(name)).Command()
    spelling = command_files.spelling(name)
    parser = made.create_parser("aro", spelling)
    yield from (f"## aro {spelling}", "", made.help, "")
    own = [action for action in parser._actions if not _BASE_OPTIONS & set(action.option_strings)]
    rows = tuple(map(_option, own))
    if len(rows) > 1 and rows in first:
        yield from (f"The options of `aro {first[rows]}`.", "")
    elif rows:
        first[rows] = spelling
        yield from table(("Option", "What"), rows)


def _option(action: argparse.Action) -> tuple[str, str]:
    written = "/".join(action.option_strings) or action.dest.upper()
    takes = "" if action.nargs == 0 or not action.option_strings else f" {action.dest.upper()}"
    default = "" if action.default is None else str(action.default)
    return code(written + takes), (action.help or "").replace("%(default)s", default).replace("%%", "%")


def http() -> Iterator[str]:
    """Every route outside the admin, and the sandbox's own."""
    yield from ("# HTTP", "", 'Errors have one form: `{"error": {code, message, details?, retryable, retryAfter?}}`.')
    yield from ("The header `X-Correlation-Id` is echoed, or made when it is missing.", "", "## ARO", "")
    yield from table(("Path", "What"), _routes())
    yield "A webhook is answered with 200 (stored, or known already), 400 (malformed), 401 (signature), 405 (GET: 200),"
    largest = django_settings.WEBHOOK_MAX_BYTES // 1024
    yield f"413 (above {largest} KiB), 415 (content type) or 503 (not set up, or not now; send it again)."
    yield ""
    yield from ("## Sandbox", "", "A process of its own, in sandbox mode only, on 127.0.0.1 only, without a login.", "")
    yield from table(("Path", "What"), _sandbox_routes())


def _routes() -> Iterator[tuple[str, str]]:
    yield code("/"), "Leads to the front desk."
    yield code("/admin/"), "The front desk (login)."
    for path, pattern in _patterns(get_resolver()):
        # A delivery's address with a slash at the end is the same address.
        if path and not path.startswith("admin/") and not (path.startswith("webhooks/") and path.endswith("/")):
            yield code(f"/{path}"), _WEBHOOKS.get(pattern.name or "") or _first(pattern.callback)


def _patterns(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for one in resolver.url_patterns:
        path = prefix + str(one.pattern)
        if isinstance(one, URLResolver):
            if not path.startswith("admin/"):
                yield from _patterns(one, path)
        else:
            yield path, one


def _sandbox_routes() -> Iterator[tuple[str, str]]:
    yield code("GET /"), "The page with the phones."
    for path, methods in control.API.routes.items():
        for method, endpoint in methods.items():
            yield code(f"{method} {path}"), _SANDBOX.get(f"{method} {path}") or _first(endpoint)


def _first(function: Any) -> str:
    return (inspect.getdoc(function) or "").partition("\n")[0]


def events() -> Iterator[str]:
    """Every event type, where it is recorded, and which workflow it moves."""
    yield from ("# Events", "", "What happened, append-only, ids instead of personal data. Each is also what moves the")
    yield from ("workflows. A type without a module is reserved: nothing records it yet.", "")
    where = sources.recorded_events()
    rows = [(code(t), ", ".join(map(code, where.get(str(t), []))), _moves(str(t))) for t in EventType]
    yield from table(("Type", "Recorded in", "Moves"), rows)


def _moves(event: str) -> str:
    found = []
    for definition in registry.newest():
        verbs = [
            ("starts", any(trigger.event == event for trigger in definition.triggers)),
            ("ends", event in definition.cancelled_by),
            ("interrupts", event in definition.interrupts),
        ]
        found += [f"{verb} {definition.name}" for verb, holds in verbs if holds]
    return "; ".join(found)


def messages() -> Iterator[str]:
    """Every text, and every reason for which one is not sent."""
    yield from ("# Messages", "", "The wording that ships for healthcare. A clinic writes its own in the front desk,")
    yield from ("Wording. C, R and X are the only answers that a text asks for.", "")
    pack = profiles.load(profiles.DEFAULT_PROFILE)
    for kind in (one for one in Kind if one not in FORMER_NAMES):
        yield from (f"## {kind}", "", f"Consent needed: {purpose_of(kind)}.", "")
        yield from table(("Language", "Tone", "Text"), _wordings(kind, pack))
    yield from _ledger()


def _wordings(kind: Kind, pack: profiles.Pack) -> Iterator[tuple[str, str, str]]:
    for language, spoken in sorted(pack.texts.items()):
        for tone, wording in spoken.texts.get(kind, {}).items():
            yield language, tone, code(wording.sms)


def _ledger() -> Iterator[str]:
    yield from ("## States of a message", "")
    yield from table(("State", "In words"), ((code(s.value), str(s.label)) for s in Message.Status))
    yield from ("## Why a text was not sent, or later", "", "What `aro why` prints.", "")
    yield from table(("Reason", "In words"), ((code(reason), str(text)) for reason, text in EXPLANATIONS.items()))
