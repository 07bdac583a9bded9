"""Run by test_stock.py in a process of its own: opens pages in Django's own admin and prints their states."""

from __future__ import annotations

import json
import sys

import django
from django.core.management import call_command
from django.test import Client
from django.test.utils import setup_test_environment

PAGES = ("", "appointments/appointment/", "appointments/escalation/", "appointments/messagetemplate/add/", "auth/user/")


def main() -> None:
    django.setup()
    setup_test_environment()
    call_command("migrate", verbosity=0)
    call_command("demo", verbosity=0, stdout=sys.stderr)
    sys.stdout.write(json.dumps(_states(_logged_in())))


def _logged_in() -> Client:
    from django.contrib.auth.models import User  # noqa: PLC0415 - models exist only from here on

    client = Client()
    client.force_login(User.objects.create_superuser("ada", "", "not-a-real-password"))
    return client


def _states(client: Client) -> dict[str, int]:
    from appointments.models import Appointment  # noqa: PLC0415

    visit = f"appointments/appointment/{Appointment.objects.latest('starts_at').pk}/change/"
    return {page: client.get(f"/admin/{page}").status_code for page in (*PAGES, visit)}


if __name__ == "__main__":
    main()
