"""What the settings of a live installation promise browsers about the clinic's domain."""

from __future__ import annotations

import subprocess
import sys

from aro.project import ROOT

SHOW = """
from django.conf import settings
from django.http import HttpResponse
from django.middleware.security import SecurityMiddleware
from django.test import RequestFactory
request = RequestFactory().get("/", secure=True, HTTP_X_FORWARDED_PROTO="https")
print(SecurityMiddleware(lambda request: HttpResponse())(request)["Strict-Transport-Security"])
"""


def test_browsers_are_told_of_this_host_only_and_never_to_preload_it() -> None:
    """A listed domain, and every host below it, takes months to come out of browsers again."""
    code = f"import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'config.settings.production'\n{SHOW}"
    shown = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert shown.stdout.strip() == "max-age=31536000", shown.stderr
