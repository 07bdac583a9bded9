"""`aro audit:verify`: recomputes the audit chain and names the first entry that does not fit."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from compliance.audit import chain
from compliance.models import DEFAULT_TENANT, AuditLog

USAGE_ERROR = 2


class Command(BaseCommand):
    help = "Recompute the audit chain; exit 1 and name the first entry that was changed, removed or cut off."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--tenant", default=DEFAULT_TENANT, help="which tenant's chain (default: %(default)s)")
        parser.add_argument("--json", action="store_true", help="machine-readable result")

    def handle(self, *args: Any, **options: Any) -> None:
        tenant: str = options["tenant"]
        if tenant != DEFAULT_TENANT and not _has_entries(tenant):
            raise CommandError(f"There is no audit log of a tenant {tenant[:80]!r}.", returncode=USAGE_ERROR)
        bad = chain.verify(tenant)
        total = AuditLog.objects.filter(tenant_id=tenant).count()
        self.stdout.write(_report(bad, total, as_json=options["json"]))
        if bad is not None:
            sys.exit(1)


def _report(bad: int | None, total: int, *, as_json: bool) -> str:
    if as_json:
        return json.dumps({"ok": bad is None, "entries": total, "first_bad_seq": bad})
    if bad is None:
        return f"The audit log is whole: {total} entries, each vouching for the one before."
    return (
        f"The audit log was tampered with: entry {bad} is missing, changed or cut off. "
        "Keep the database as it is, compare with the newest backup, and tell whoever is responsible for security."
    )


def _has_entries(tenant: str) -> bool:
    # PostgreSQL takes no NUL in a text.
    return tenant.isprintable() and AuditLog.objects.filter(tenant_id=tenant).exists()
